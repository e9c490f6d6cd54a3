// Loaded by every page. The switch between light and dark is here; all else is fetched when it is first needed.
// Without this file, or where a part of it fails, every link and form does its work by itself.

const page = document.documentElement;

function startThemeSwitch(link) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = link.textContent;
  button.addEventListener("click", () => {
    const chosen = page.dataset.bsTheme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const theme = chosen === "dark" ? "light" : "dark";
    page.dataset.bsTheme = theme;
    document.querySelector("meta[name=color-scheme]").content = theme;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  });
  link.replaceWith(button);
}

// Whether a click means "here", and not "in a new tab".
function isPlain(click) {
  return click.button === 0 && !(click.ctrlKey || click.metaKey || click.shiftKey || click.altKey);
}

function onPlainClick(links, act) {
  for (const link of document.querySelectorAll(links)) {
    link.addEventListener("click", (click) => {
      if (isPlain(click)) {
        click.preventDefault();
        act(link).catch(() => location.assign(link.href));
      }
    });
  }
}

document.querySelectorAll("[data-theme-switch]").forEach(startThemeSwitch);

for (const form of document.querySelectorAll("form[data-suggest]")) {
  form.q.addEventListener("focus", async () => (await import("./suggest.js")).start(form), { once: true });
  if (document.activeElement === form.q) import("./suggest.js").then((part) => part.start(form));
}

onPlainClick("a[data-write]", async (link) => (await import("./write.js")).open(link));
onPlainClick("a[data-delete]", async (link) => (await import("./undo.js")).deleteReview(link));

for (const form of document.querySelectorAll("form[data-draft]")) {
  import("./review-form.js").then((part) => part.start(form));
}
for (const thanks of document.querySelectorAll("[data-published]")) {
  import("./draft.js").then((part) => part.drop(thanks.dataset.published, Number(thanks.dataset.version)));
}
if (sessionStorage.getItem("undo")) {
  import("./undo.js").then((part) => part.offer());
}
