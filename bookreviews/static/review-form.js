// What scripts add to the form for a review, wherever it stands.

import { keep } from "./draft.js";
import { preview } from "./preview.js";

export function start(form) {
  form.querySelectorAll("[data-count-of]").forEach((note) => count(form.elements[note.dataset.countOf], note));
  preview(form);
  keep(form);
}

// How many characters there are of those that may be; counted as the server does, so that an emoji is one.
function count(field, note) {
  const longest = Number(note.dataset.longest);
  function show() {
    const length = [...field.value].length;
    note.textContent = `${length.toLocaleString("en")} of ${longest.toLocaleString("en")} characters`;
    note.classList.toggle("over", length > longest);
    note.ariaLive = length > longest - 100 ? "polite" : "off";
  }
  field.addEventListener("input", show);
  show();
}
