// Passkeys: the browser makes one or shows one, and the form carries its answer to the server.
// https://developer.mozilla.org/en-US/docs/Web/API/Web_Authentication_API

const UNKNOWN = "This browser does not know passkeys, or is too old for them. Your password works.";
const KNOWN = "This device has a passkey for your account already.";
const REFUSED = "Nothing came of it: it was cancelled, took too long, or there is no passkey here.";
const READ = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" };

export async function start(form) {
  const words = document.querySelector("[data-passkey-words]");
  const button = form.querySelector("[data-passkey-again]");
  const kind = form.dataset.passkey; // "create" or "get"

  async function ask() {
    button.hidden = true;
    const publicKey = PublicKeyCredential[READ[kind]](JSON.parse(form.dataset.options));
    const passkey = await navigator.credentials[kind]({ publicKey });
    form.elements.credential.value = JSON.stringify(passkey.toJSON());
    form.requestSubmit();
  }
  async function tryToAsk() {
    try {
      await ask();
    } catch (error) {
      words.textContent = error.name === "InvalidStateError" ? KNOWN : REFUSED;
      words.role = "alert";
      button.hidden = false;
    }
  }

  words.hidden = false;
  if (!window.PublicKeyCredential?.[READ[kind]]) {
    words.textContent = UNKNOWN;
    return;
  }
  button.addEventListener("click", tryToAsk);
  await tryToAsk();
}
