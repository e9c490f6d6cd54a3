// A live preview below the form's text, written by the server with the very code that writes the page.

const PAUSE = 400; // milliseconds without a key before the server is asked
const SHOWN = ["title", "body", "language", "spoilers", "source", "knows_author", "stopped_at"];

export function preview(form) {
  const place = form.querySelector("[data-preview]");
  const button = form.querySelector("button[name=preview]");
  let timer;
  let asking = new AbortController();

  // Show it with what was opened in it still open.
  function show(html) {
    const open = (part) => [...part.querySelectorAll("details, input")].map((one) => one.open || one.checked);
    const before = open(place);
    place.innerHTML = html;
    place.querySelectorAll("details, input").forEach((one, i) => (one[one.open === undefined ? "checked" : "open"] = before[i] ?? false));
  }

  async function ask() {
    asking.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(place.dataset.preview, { method: "POST", body: new FormData(form), signal: asking.signal });
      const html = await answer.text();
      if (answer.ok) show(html.trim());
      else place.replaceChildren(); // it would show what is no longer there
      button.classList.toggle("invisible", answer.ok); // it keeps its room
    } catch (error) {
      if (error.name !== "AbortError") button.classList.remove("invisible"); // the plain way is still there
    }
  }

  form.addEventListener("input", (event) => {
    if (SHOWN.includes(event.target.name)) {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    }
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  if (form.elements.body.value !== form.elements.body.defaultValue) ask(); // typed while this file was on its way
}
