// A button that scripts put on a page.
export function button(label, act, className = "btn btn-outline-secondary") {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className, textContent: label });
  button.addEventListener("click", act);
  return button;
}
