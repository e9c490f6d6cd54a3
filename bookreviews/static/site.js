// Loaded by every page. The switch between light and dark is here; all else is fetched when it is first needed.
// Without this file, or where a part of it fails, every link and form does its work by itself.

const page = document.documentElement;
const chosen = () => document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1];

function isDark() {
  return page.dataset.bsTheme ? page.dataset.bsTheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function setTheme(theme) {
  page.dataset.bsTheme = theme;
  document.querySelector("meta[name=color-scheme]").content = theme;
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    meta.content = getComputedStyle(page).getPropertyValue("--paper");
  }
}

function unsetTheme() {
  delete page.dataset.bsTheme;
  document.querySelector("meta[name=color-scheme]").content = "light dark";
}

function startThemeSwitch(link) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: link.className, textContent: link.textContent });
  const show = () => (button.ariaPressed = String(isDark()));
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    setTheme(theme);
    show();
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  });
  addEventListener("pageshow", (event) => {
    // A page from the browser's memory may be older than the choice.
    if (event.persisted && chosen()) setTheme(chosen());
    else if (event.persisted) unsetTheme();
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
  link.replaceWith(button);
}

// Whether a click means "here", and not "in a new tab".
function isPlain(click) {
  return click.button === 0 && !(click.ctrlKey || click.metaKey || click.shiftKey || click.altKey);
}

// Let a plain click on such links, now or later on the page, do `act` instead; where that fails or hangs, what links do.
function onPlainClick(links, act) {
  document.addEventListener("click", async (click) => {
    const link = click.target.closest?.(links);
    if (!link || !isPlain(click)) return;
    click.preventDefault();
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    const giveUp = setTimeout(() => location.assign(link.href), 8_000);
    await act(link).catch(() => location.assign(link.href));
    clearTimeout(giveUp);
    link.ariaBusy = "false";
  });
}

// Let sending such forms, now or later on the page, do `act` instead; where that fails, they are sent as forms are.
function onSubmit(forms, act) {
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (!form.matches(forms) || form.dataset.failed) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    await act(form, submitter).catch(() => {
      form.dataset.failed = "yes";
      form.requestSubmit(submitter);
    });
    form.ariaBusy = "false";
  });
}

// A part that cannot be had is done without.
function load(name, act) {
  import(name).then(act).catch(() => {});
}

function hasNote() {
  try {
    return sessionStorage.getItem("note");
  } catch {
    return false;
  }
}

document.querySelectorAll("[data-theme-switch]").forEach(startThemeSwitch);

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const start = () => load("./suggest.js", (part) => part.start(form));
  form.q.addEventListener("focus", start, { once: true });
  if (document.activeElement === form.q) start();
}

onPlainClick("a[data-write]", async (link) => (await import("./write.js")).open(link));
onPlainClick("a[data-delete]", async (link) => (await import("./undo.js")).deleteReview(link));
onSubmit("form[data-vote]", async (form, button) => (await import("./vote.js")).cast(form, button));

for (const form of document.querySelectorAll("form[data-draft]")) {
  load("./review-form.js", (part) => part.start(form));
}
for (const form of document.querySelectorAll("form[data-passkey]")) {
  load("./passkey.js", (part) => part.start(form));
}
for (const field of document.querySelectorAll("input[data-password]")) {
  load("./password.js", (part) => part.start(field));
}
for (const field of document.querySelectorAll("input[data-isbn]")) {
  load("./isbn.js", (part) => part.start(field));
}
for (const thanks of document.querySelectorAll("[data-published]")) {
  load("./draft.js", (part) => part.drop(thanks.dataset.published));
}
if (hasNote()) load("./undo.js", (part) => part.show());
