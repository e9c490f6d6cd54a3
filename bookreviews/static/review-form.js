// What scripts add to the form for a review, wherever it stands; each part by itself, so that none takes another along.

export function start(form) {
  form.querySelectorAll("[data-count-of]").forEach((note) => count(form.elements[note.dataset.countOf], note));
  import("./draft.js").then((part) => part.keep(form), missing);
  import("./preview.js").then((part) => part.preview(form), missing);
}

function missing() {
  // The form does without.
}

// How many characters there are of those that may be; counted as the server does, so that an emoji is one.
function count(field, note) {
  const longest = Number(note.dataset.longest);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby")} ${note.id}`);
  function show() {
    const length = [...field.value].length;
    note.textContent = `${length.toLocaleString("en")} of ${longest.toLocaleString("en")} characters`;
    note.classList.toggle("over", length > longest);
    note.ariaLive = length > longest - 100 ? "polite" : "off";
  }
  field.addEventListener("input", show);
  show();
}
