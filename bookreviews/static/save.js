// Saving a member's draft on the server while they type. Whatever fails, the draft in this browser (draft.js) is there.

import { note } from "./note.js";

const PAUSE = 2_000; // milliseconds without a key before what was typed is sent
const AGAIN = 15_000; // before it is tried again, where the server could not be reached

// Something that sends `form` some time after `later()`, until `stop()`; it calls `saved` when the server has it all.
export function saver(form, saved) {
  const place = form.querySelector("[data-saved]");
  let timer;
  let typed = 0; // how often
  let words = null; // what is on its way; sent again as it was where no answer came, for it may have been taken
  let busy = false;
  let stopped = false;

  function later() {
    typed += 1;
    wait(PAUSE);
  }

  function wait(pause) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(send, pause);
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
  }

  async function send() {
    if (busy) return wait(PAUSE);
    const sending = typed;
    const again = words !== null;
    words ??= new FormData(form);
    words.set("quietly", "yes");
    busy = true;
    const answer = await ask(words);
    busy = false;
    if (stopped) return;
    if (answer?.status === 204) {
      words = null;
      took(answer.headers.get("Draft"));
      if (again || sending !== typed) wait(PAUSE);
      else saved();
    } else if (answer?.status === 409 || answer?.status === 422) {
      refused(answer.status === 409 ? null : await answer.text());
    } else {
      place.textContent = "Kept in this browser; the server cannot be reached just now.";
      wait(AGAIN);
    }
  }

  function ask(body) {
    return fetch(form.dataset.save, { method: "POST", body, signal: AbortSignal.timeout(10_000) }).catch(() => null);
  }

  function took(tag) {
    form.elements.draft.value = tag;
    const time = new Date().toLocaleTimeString("en-GB", { timeStyle: "short" });
    place.textContent = tag ? `Draft saved at ${time}.` : "";
  }

  // Nothing more is sent until the reader has decided what is to be done; without a reason, two drafts are in the way.
  function refused(reason) {
    stop();
    place.textContent = "Kept in this browser only.";
    const why = reason ?? "This draft was changed in another tab or on another device.";
    const look = () => form.querySelector("[data-save-draft]").click();
    note(`${why} What you type here is kept in this browser.`, [reason ? "Go on" : "See both", look], ["Close", () => {}]);
  }

  return { later, stop };
}
