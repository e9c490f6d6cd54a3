// Drafts of a review, kept in this browser while one types, and offered back when the form is opened again.
// One never replaces what the server holds, what is in the form, or another draft, unless the reader says so.

import { button } from "./button.js";

const FIELDS = ["title", "body", "name", "language", "spoilers", "rating"];
const PAUSE = 300; // milliseconds without a key before what was typed is kept
const MOST = 3; // drafts of one review, from as many openings of its form

const box = (name) => `draft:${name}`;

// The drafts kept under a name, the newest first.
function read(name) {
  try {
    return JSON.parse(localStorage.getItem(box(name))) ?? [];
  } catch {
    return [];
  }
}

function store(name, drafts) {
  try {
    if (drafts.length) localStorage.setItem(box(name), JSON.stringify(drafts.slice(0, MOST)));
    else localStorage.removeItem(box(name));
  } catch {
    // No room, or none allowed: then there is no draft.
  }
}

function wordsOf(form) {
  const value = (field) => (field.type === "checkbox" ? field.checked : field.value);
  return Object.fromEntries(FIELDS.map((name) => [name, value(form.elements[name])]));
}

function fill(form, words) {
  for (const field of form.elements) {
    if (!FIELDS.includes(field.name)) continue;
    if (field.type === "radio") field.checked = field.value === words.rating;
    else if (field.type === "checkbox") field.checked = words[field.name];
    else field.value = words[field.name];
  }
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
}

// The server takes blanks away at the ends.
const trimmed = (word) => (typeof word === "string" ? word.trim() : word);
const same = (some, others) => FIELDS.every((name) => trimmed(some[name]) === trimmed(others[name]));

// Forget the draft that was sent and has become version `version` of the review; other drafts stay.
export function drop(name, version) {
  store(name, read(name).filter((draft) => !(draft.sent && draft.version < version)));
}

// Keep what is typed into `form`, and offer what was kept before.
export function keep(form) {
  const name = form.dataset.draft;
  const version = Number(form.elements.version.value);
  const shown = wordsOf(form);
  const opened = Date.now();
  let timer;

  function save(sent = false) {
    clearTimeout(timer);
    const words = wordsOf(form);
    const others = read(name).filter((draft) => draft.opened !== opened);
    const mine = same(words, shown) && !sent ? [] : [{ ...words, version, opened, saved: Date.now(), sent }];
    store(name, [...mine, ...others]);
  }

  const left = read(name).filter((draft) => (draft.body || draft.title) && !same(draft, shown));
  if (left.length) offer(form, name, left, save);

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", (event) => save(event.submitter?.name !== "preview"));
  addEventListener("pagehide", () => timer && save(read(name).some((draft) => draft.opened === opened && draft.sent)));
}

// Ask about the drafts `left` from before, one after the other.
function offer(form, name, left, save) {
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
    const [draft] = left;
    const when = new Date(draft.saved).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
    const changed = draft.version < Number(form.elements.version.value) ? " The review was changed since." : "";
    choose(
      `This browser has kept a draft of ${when} that was not published.${changed}`,
      ["Use the draft", () => use(draft)],
      ["Throw it away", () => next(draft)],
    );
  }
  function forget(draft) {
    store(name, read(name).filter((other) => other.opened !== draft.opened));
  }
  function use(draft) {
    const before = wordsOf(form);
    const back = () => {
      fill(form, before);
      save();
      store(name, [...read(name), draft]);
      ask();
    };
    fill(form, draft);
    save();
    forget(draft);
    choose("The draft is in the form now.", ["Bring back what was here", back]);
    form.elements.body.focus();
  }
  function next(draft) {
    forget(draft);
    left.shift();
    if (left.length) return ask();
    notice.remove();
    form.elements.body.focus();
  }

  ask();
  form.before(notice);
}
