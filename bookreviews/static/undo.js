// Deleting one's review at once, with a note on the book's page that undoes it. The plain way asks first, on a page.

import { button } from "./button.js";

// Send the form of the page that `link` leads to, and go back to the book.
export async function deleteReview(link) {
  const asked = await load(link.href);
  const answered = await load(link.href, asked.querySelector("form[method=post]"));
  const undo = answered.querySelector("form[data-undo]");
  if (!undo) throw new Error("The review was changed elsewhere: its page tells more.");
  sessionStorage.setItem("undo", JSON.stringify({ page: link.href, words: undo.dataset.undo }));
  location.assign(link.dataset.delete);
}

// The page at `address`, or the answer to `form` of it.
async function load(address, form) {
  const answer = await fetch(form ? form.getAttribute("action") : address, form && { method: "POST", body: new FormData(form) });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Show the note for what was just deleted.
export function offer() {
  const { page, words } = JSON.parse(sessionStorage.getItem("undo"));
  sessionStorage.removeItem("undo");
  const note = document.createElement("div");
  note.className = "toast-note";
  note.role = "status";
  document.body.append(note); // empty at first: a status is read out when it changes
  const text = document.createElement("p");
  text.textContent = words;
  note.append(text, button("Undo", () => undo(page)), button("Close", () => note.remove()));
}

async function undo(page) {
  try {
    const deleted = await load(page);
    await load(page, deleted.querySelector("form[data-undo]"));
    location.reload();
  } catch {
    location.assign(page);
  }
}
