// Notes at the lower edge of the page, one above the other, with buttons; nothing moves when one comes.

// Show `words` and buttons for `choices`, [[label, act], …]; each of them closes the note, and so does Escape in it, and
// what is returned.
export function note(words, ...choices) {
  const box = document.createElement("div");
  box.className = "toast-note";
  const text = document.createElement("p");
  text.role = "status";
  let before = null; // where the focus came from, and goes back to

  function close() {
    const focused = box.contains(document.activeElement);
    box.remove();
    if (focused) (before?.isConnected ? before : document.querySelector("main")).focus();
  }
  box.append(text, ...choices.map(([label, act]) => button(label, () => (close(), act()))));
  box.addEventListener("focusin", (event) => (before = box.contains(event.relatedTarget) ? before : event.relatedTarget));
  box.addEventListener("keydown", (event) => event.key === "Escape" && close());
  place().append(box);
  text.textContent = words; // after it is there: a status is read out when it changes
  return close;
}

// Where notes stand: the first that Tab comes to after the skip link.
function place() {
  const there = document.querySelector(".toast-notes");
  if (there) return there;
  const place = document.createElement("div");
  place.className = "toast-notes";
  document.querySelector(".skip").after(place);
  return place;
}

function button(label, act) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn-outline-secondary", textContent: label });
  button.addEventListener("click", act);
  return button;
}
