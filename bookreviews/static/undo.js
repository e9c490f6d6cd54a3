// Deleting one's review at once, with a note on the book's page that undoes it. The plain way asks first, on a page.

import { note } from "./note.js";

const BOX = "note";

// Send the form of the page that `link` leads to, and go back to the book; unless that asks about another review by now.
export async function deleteReview(link) {
  const asked = (await load(link.href)).querySelector("form[data-delete-review]");
  if (asked.elements.review.value !== link.dataset.review) throw new Error("This is another review.");
  const answered = await send(asked);
  const undo = answered.querySelector("form[data-undo]");
  goWith({ words: undo.dataset.undo, page: link.href }, link.dataset.delete);
}

// Show the note that was left for this page.
export function show() {
  const { words, page } = JSON.parse(sessionStorage.getItem(BOX));
  sessionStorage.removeItem(BOX);
  note(words, ...(page ? [["Undo", () => undo(page).catch(() => location.assign(page))]] : []), ["Close", () => {}]);
}

async function undo(page) {
  note("Bringing your review back …");
  const deleted = await load(page);
  await send(deleted.querySelector("form[data-undo]"));
  goWith({ words: "Your review is back." }, location.href);
}

function goWith(left, address) {
  sessionStorage.setItem(BOX, JSON.stringify(left));
  if (address === location.href) location.reload();
  else location.assign(address);
}

// The page at `address`. Whatever is not as it should be is an error, and the plain page tells more.
async function load(address, options) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(10_000), ...options });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function send(form) {
  return load(form.getAttribute("action"), { method: "POST", body: new FormData(form) });
}
