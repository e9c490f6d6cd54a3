// A vote sent from where one reads: only what is said of votes is changed on the page, and the focus stays.

// Send `form` as pressing `button` does, and show what the review's own page says then, wherever the form stands.
export async function cast(form, button) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form, button),
    referrer: form.dataset.vote, // where the server sends us on to
    signal: AbortSignal.timeout(8_000),
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const before = form.closest(".votes");
  const now = page.getElementById(before.id);
  if (!answer.ok || !now?.querySelector("form")) throw new Error(answer.statusText);
  const buttons = [...form.querySelectorAll("button")];
  const focused = buttons.indexOf(document.activeElement);
  before.replaceWith(now);
  now.querySelectorAll("button")[focused]?.focus();
}
