// The draft of a review, kept in this browser while one types, and offered back when the form is opened again.
// It never replaces what the server holds, or what is in the form, unless the reader says so.

const FIELDS = ["title", "body", "name", "language", "spoilers", "rating"];
const PAUSE = 300; // milliseconds

const box = (name) => `draft:${name}`;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(box(name)));
  } catch {
    return null;
  }
}

function store(name, draft) {
  try {
    if (draft) localStorage.setItem(box(name), JSON.stringify(draft));
    else localStorage.removeItem(box(name));
  } catch {
    // No room, or none allowed: then there is no draft.
  }
}

function wordsOf(form) {
  const fields = form.elements;
  return Object.fromEntries(
    FIELDS.map((name) => [name, name === "spoilers" ? fields[name].checked : fields[name].value]),
  );
}

function fill(form, words) {
  for (const name of FIELDS) {
    if (name === "spoilers") form.elements[name].checked = words[name];
    else form.elements[name].value = words[name];
  }
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
}

const same = (some, others) => FIELDS.every((name) => some[name] === others[name]);

// Forget a draft that has been published: one that was begun before version `version` of the review stood.
export function drop(name, version) {
  const draft = read(name);
  if (draft && draft.version < version) store(name, null);
}

// Keep what is typed into `form`, and offer what was kept before.
export function keep(form) {
  const name = form.dataset.draft;
  const version = Number(form.elements.version.value);
  const shown = wordsOf(form);
  let timer;

  function save() {
    clearTimeout(timer);
    const words = wordsOf(form);
    if (!same(words, shown)) store(name, { ...words, version, saved: Date.now() });
  }

  const draft = read(name);
  if (draft && (draft.body || draft.title) && !same(draft, shown)) offer(form, name, draft, shown);

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", save);
  addEventListener("pagehide", () => timer && save());
}

function offer(form, name, draft, shown) {
  const when = new Date(draft.saved).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.role = "status";
  notice.innerHTML = "<p></p><p class=actions></p>";
  const [words, actions] = notice.children;

  function choose(sentence, ...choices) {
    words.textContent = sentence;
    actions.replaceChildren(...choices.map(([label, act]) => button(label, act)));
  }
  function ask() {
    const changed = draft.version < Number(form.elements.version.value) ? " The review was changed since." : "";
    choose(
      `This browser has kept a draft of ${when} that was not sent.${changed}`,
      ["Use the draft", use],
      ["Throw it away", () => (store(name, null), notice.remove(), form.elements.body.focus())],
    );
  }
  function use() {
    fill(form, draft);
    choose("The draft is in the form now.", ["Bring back what was here", () => (fill(form, shown), ask())]);
    form.elements.body.focus();
  }

  ask();
  form.before(notice);
}

function button(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-secondary";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}
