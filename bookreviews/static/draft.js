// Drafts of a review, kept in this browser while one types, and offered back when the form is opened again.
// One never replaces what the server holds, what is in the form, or another draft, unless the reader says so.
// What a member types is saved on the server, too (save.js); once it is there, it need not be kept here.

import { note } from "./note.js";
import { saver } from "./save.js";

const LINES = ["title", "name", "stopped_at"];
const FIELDS = ["title", "body", "name", "language", "spoilers", "rating", "source", "knows_author", "stopped_at"];
const PAUSE = 300; // milliseconds without a key before what was typed is kept
const MOST = 20; // drafts of one review, from as many openings of its form

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

const fieldsOf = (form) => FIELDS.filter((name) => form.elements[name]); // members are not asked for a name

// What is in the form now.
function wordsOf(form) {
  const value = (field) => (field.type === "checkbox" ? field.checked : field.value);
  return Object.fromEntries(fieldsOf(form).map((name) => [name, value(form.elements[name])]));
}

// What was in it as it came from the server, whatever was typed before this file had come.
function sentWith(form) {
  const value = (field) => {
    if (field instanceof RadioNodeList) return [...field].find((choice) => choice.defaultChecked)?.value ?? "";
    if (field.type === "checkbox") return field.defaultChecked;
    if (field.options) return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value;
    return field.defaultValue;
  };
  return Object.fromEntries(fieldsOf(form).map((name) => [name, value(form.elements[name])]));
}

function fill(form, words) {
  for (const field of form.elements) {
    if (!(field.name in words) || !FIELDS.includes(field.name)) continue;
    if (field.type === "radio") field.checked = field.value === words.rating;
    else if (field.type === "checkbox") field.checked = words[field.name];
    else field.value = words[field.name];
  }
  if (words.source || words.knows_author || words.stopped_at) form.querySelector(".reader-facts").open = true;
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
}

// What the server leaves out of a text: the same as in text.py.
const INVISIBLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g;

// What the server makes of a field; a draft of before a field was there says nothing in it.
function cleaned(words, name) {
  const word = words[name];
  if (typeof word !== "string") return word || "";
  const text = word.replace(/\r\n?/g, "\n").replace(INVISIBLE, "").normalize("NFC").trim();
  return LINES.includes(name) ? text.replace(/\s+/g, " ") : text;
}

const says = (draft) => draft.title || draft.body || draft.rating;
const same = (some, others) => FIELDS.every((name) => cleaned(some, name) === cleaned(others, name));

// Forget what was sent and is now published, in whichever drafts it stands; other drafts stay.
export function drop(name) {
  const sent = read(name).filter((draft) => draft.sent);
  store(name, read(name).filter((draft) => !sent.some((one) => same(one, draft))));
}

// Keep what is typed into `form`, and offer what was kept before.
export function keep(form) {
  const name = form.dataset.draft;
  const version = Number(form.elements.version.value);
  const shown = sentWith(form);
  const here = [shown, wordsOf(form)];
  // A form that came back from the server goes on with the draft that was sent.
  const opened = read(name).find((draft) => same(draft, here[1]))?.opened ?? Date.now();
  const refused = "refused" in form.dataset; // then what it came with stands nowhere else
  const server = "save" in form.dataset ? saver(form, saved) : null;
  let timer;

  function save(sent = false) {
    clearTimeout(timer);
    timer = null;
    const words = wordsOf(form);
    const others = read(name).filter((draft) => draft.opened !== opened);
    const mine = same(words, shown) && !sent && !refused ? [] : [{ ...words, version, opened, saved: Date.now(), sent }];
    store(name, [...mine, ...others]);
  }

  // The server has it all, unless more was typed meanwhile.
  function saved() {
    if (!timer) store(name, read(name).filter((draft) => draft.opened !== opened && !same(draft, wordsOf(form))));
  }

  // The form is here again: what was sent before has not been taken, or has long been.
  store(name, read(name).map((draft) => ({ ...draft, sent: false })));
  if (server) store(name, read(name).filter((draft) => refused || !same(draft, shown))); // the server has these
  const left = read(name).filter((draft) => says(draft) && !here.some((words) => same(draft, words)));
  if (refused || !same(...here)) save();
  if (!same(...here)) server?.later();
  if (left.length) offer(form, name, left, save);

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
    server?.later();
  });
  form.addEventListener("submit", (event) => {
    server?.stop();
    save(event.submitter?.name !== "preview");
  });
  addEventListener("pagehide", () => timer && save());
}

// Ask about the drafts `left` from before, one after the other.
function offer(form, name, left, save) {
  const [draft, ...others] = left;
  const when = new Date(draft.saved).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  const words = (draft.body || draft.title).trim();
  const beginning = words ? `: “${words.slice(0, 60)}${words.length > 60 ? "…" : ""}”.` : ".";
  const changed = draft.version < Number(form.elements.version.value) ? " The review was changed since." : "";

  const forget = () => store(name, read(name).filter((other) => other.opened !== draft.opened));
  const remember = () => store(name, [...read(name), draft]);
  const again = () => (remember(), offer(form, name, left, save));
  const next = () => others.length && offer(form, name, others, save);

  function use() {
    const before = wordsOf(form);
    forget();
    if (says(before)) store(name, [{ ...draft, ...before, opened: Date.now(), saved: Date.now() }, ...read(name)]);
    fill(form, draft);
    save();
    form.elements.body.focus();
    const back = () => (fill(form, before), save(), again());
    note("The draft is in the form now.", ["Bring back what was here", back], ["Close", next]);
  }
  function discard() {
    forget();
    note("The draft is thrown away.", ["Bring it back", again], ["Close", next]);
  }

  note(
    `This browser has kept a draft of ${when} that was not published${beginning}${changed}`,
    ["Use the draft", use],
    ["Throw it away", discard],
    ["Not now", next],
  );
}
