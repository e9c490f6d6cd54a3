// The review form, opened in place on the book's page. It is the form of its own page, and is sent as any form is.

import { button } from "./button.js";
import { start } from "./review-form.js";

export async function open(link) {
  const place = document.querySelector(link.dataset.write);
  if (!place.children.length) {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const heading = document.createElement("h2");
    heading.textContent = page.querySelector("h1").textContent;
    heading.tabIndex = -1;
    place.replaceChildren(heading, ...page.querySelectorAll(".notice"), page.querySelector("form[data-draft]"));
    place.append(button("Close", () => close(place, link), "btn btn-link"));
    start(place.querySelector("form"));
  }
  place.hidden = false;
  place.querySelector("h2").focus();
  place.scrollIntoView({ block: "start" });
}

// What was typed stays in it.
function close(place, link) {
  place.hidden = true;
  link.focus();
}
