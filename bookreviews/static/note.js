// A note at the lower edge of the page, with buttons; nothing moves when it comes.

// Show `words` and buttons for `choices`, [[label, act], …]; each of them closes the note, and so does Escape in it.
export function note(words, ...choices) {
  const box = document.createElement("div");
  box.className = "toast-note";
  const text = document.createElement("p");
  text.role = "status";
  const close = () => box.remove();
  box.append(text, ...choices.map(([label, act]) => button(label, () => (close(), act()))));
  box.addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.querySelector(".skip").after(box); // the first that Tab comes to
  text.textContent = words; // after it is there: a status is read out when it changes
}

function button(label, act) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn-outline-secondary", textContent: label });
  button.addEventListener("click", act);
  return button;
}
