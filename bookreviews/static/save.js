// Saving a member's draft on the server while they type. Whatever fails, the draft in this browser (draft.js) is there.

import { note } from "./note.js";

const PAUSE = 2_000; // milliseconds without a key before what was typed is sent
const AGAIN = 15_000; // before it is tried again, where the server could not be reached
const LONGEST = 60_000; // before it is tried again while one types, where the server refused; shorter at first

// Something that sends `form` some time after `later()`, until `stop()`; it calls `saved` when the server has it all.
export function saver(form, saved) {
  const place = form.querySelector("[data-saved]");
  let timer;
  let typed = 0; // how often
  let words = null; // what is on its way; sent again as it was where no answer came, for it may have been taken
  let busy = false;
  let stopped = false;
  let patience = PAUSE; // twice as long after each refusal
  let earliest = 0; // when it may be tried again after one
  let told = null; // of the last refusal: its reason, and what takes the note away

  function later() {
    typed += 1;
    wait(Math.max(PAUSE, earliest - Date.now()));
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
    } else if (answer?.status === 409) {
      stop(); // until the reader has decided which of both is to stand
      explain("This draft was changed in another tab or on another device.", "See both");
    } else if (answer?.status === 422) {
      words = null;
      patience = Math.min(2 * patience, LONGEST);
      earliest = Date.now() + patience;
      explain(await answer.text(), "Go on");
    } else {
      place.textContent = "Kept in this browser; the server cannot be reached just now.";
      wait(AGAIN);
    }
  }

  function ask(body) {
    return fetch(form.dataset.save, { method: "POST", body, signal: AbortSignal.timeout(10_000) }).catch(() => null);
  }

  function took(tag) {
    told?.close();
    told = null;
    patience = PAUSE;
    form.elements.draft.value = tag;
    const time = new Date().toLocaleTimeString("en-GB", { timeStyle: "short" });
    place.textContent = tag ? `Draft saved at ${time}.` : "";
  }

  // Say once why it was refused, and offer to go on by the plain button.
  function explain(reason, choice) {
    place.textContent = "Kept in this browser only.";
    if (told?.reason === reason) return;
    told?.close();
    const look = () => form.querySelector("[data-save-draft]").click();
    const close = note(`${reason} What you type here is kept in this browser.`, [choice, look], ["Close", () => {}]);
    told = { reason, close };
  }

  return { later, stop };
}
