// The review form, opened in place on the book's page. It is the form of its own page, and is sent as any form is.

import { start } from "./review-form.js";

export async function open(link) {
  const place = document.querySelector(link.dataset.write);
  if (!place.children.length) await fill(place, link);
  place.hidden = false;
  place.querySelector("h2").focus();
  place.scrollIntoView({ block: "start" });
}

async function fill(place, link) {
  const answer = await fetch(link.href, { signal: AbortSignal.timeout(5_000) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("form[data-draft]");
  const heading = document.createElement("h2");
  heading.textContent = page.querySelector("h1").textContent;
  heading.tabIndex = -1;
  const close = form.querySelector("[data-close]");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: close.className, textContent: "Close" });
  close.replaceWith(button);
  place.replaceChildren(heading, ...page.querySelectorAll(".notice"), form);
  start(form);

  function hide() {
    place.hidden = true; // what was typed stays in it
    link.focus();
  }
  button.addEventListener("click", hide);
  place.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
