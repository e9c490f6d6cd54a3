// What scripts add to the form for a review, wherever it stands.

import { keep } from "./draft.js";
import { preview } from "./preview.js";

export function start(form) {
  count(form.elements.body);
  preview(form);
  keep(form);
}

// How many characters there are of those that may be; counted as the server does, so that an emoji is one.
function count(field) {
  const longest = Number(field.dataset.longest);
  const note = document.createElement("p");
  note.className = "count";
  field.after(note);
  function show() {
    const length = [...field.value].length;
    note.textContent = `${length.toLocaleString("en")} of ${longest.toLocaleString("en")} characters`;
    note.classList.toggle("over", length > longest);
    note.ariaLive = length > longest - 100 ? "polite" : "off";
  }
  field.addEventListener("input", show);
  show();
}
