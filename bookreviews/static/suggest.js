// Search suggestions: the combobox of the ARIA Authoring Practices with a list that the server writes.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

const PAUSE = 150; // milliseconds without a key before the server is asked
const SHORTEST = 2; // letters

export function start(form) {
  if (form.dataset.started) return;
  form.dataset.started = "yes";
  const input = form.q;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let timer;
  let stale = false; // whether the list is for what was typed before
  let asking = new AbortController();

  Object.assign(list, { id: `${input.id}-suggestions`, className: "suggestions", role: "listbox", ariaLabel: "Books", hidden: true });
  Object.assign(status, { className: "visually-hidden", role: "status" });
  Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  input.setAttribute("aria-controls", list.id);
  form.append(list, status);

  const active = () => list.querySelector("[aria-selected=true]");

  function close() {
    clearTimeout(timer);
    asking.abort();
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    input.ariaExpanded = "false";
    input.removeAttribute("aria-activedescendant");
  }

  function select(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(html) {
    list.innerHTML = html;
    stale = false;
    [...list.children].forEach((option, i) => (option.id = `${list.id}-${i}`));
    list.hidden = !list.children.length;
    input.ariaExpanded = String(!list.hidden);
    input.removeAttribute("aria-activedescendant");
    const count = list.children.length;
    status.textContent = list.hidden ? "" : `${count} ${count === 1 ? "suggestion" : "suggestions"}`;
  }

  // What comes late or not at all is dropped: the plain search is always there.
  async function ask() {
    const words = input.value.trim();
    if (words.length < SHORTEST) return close();
    asking.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: asking.signal });
      const html = await answer.text();
      if (!answer.ok) close();
      else if (words === input.value.trim() && document.activeElement === input) show(html);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function move(step) {
    const options = [...list.children];
    const at = options.indexOf(active()) + step;
    select(options[at < -1 ? options.length - 1 : at]);
  }

  function go(option) {
    close(); // or it would still be there when one comes back
    location.assign(option.dataset.href);
  }

  const keys = {
    ArrowDown: () => (list.hidden || stale ? ask() : move(1)),
    ArrowUp: () => (stale ? ask() : move(active() ? -1 : -2)),
    Escape: close,
    Enter: () => go(active()),
  };

  input.addEventListener("input", () => {
    stale = true;
    select(null); // what was selected is no longer what was asked for
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    const mine = event.key === "ArrowDown" || (!list.hidden && (event.key !== "Enter" || active()));
    if (mine && event.key in keys && !event.isComposing) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-href]");
    if (option && (event.ctrlKey || event.metaKey)) open(option.dataset.href, "_blank");
    else if (option) go(option);
  });
  if (input.value !== input.defaultValue) ask(); // typed while this file was on its way
}
