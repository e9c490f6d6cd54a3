// A button below a field for a password that shows what was typed.

export function start(field) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link", textContent: "Show the password", ariaPressed: "false" });
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.ariaPressed = String(!shown);
  });
  field.form.addEventListener("submit", () => (field.type = "password")); // so that browsers offer to keep it
  field.after(button);
}
