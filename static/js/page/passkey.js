// Passkeys (W3C Web Authentication): a button asks the browser for one and sends its answer with the form around it.
import { one } from "./dom.js";
import { csrf } from "./http.js";

/** @typedef {{step: string, options: any}} Challenge */

const NOT_CHOSEN = "No passkey was chosen, or it took too long. Nothing was changed; try again.";
/** @type {Record<string, string>} */
const SENTENCES = {
  NotAllowedError: NOT_CHOSEN,
  AbortError: NOT_CHOSEN,
  InvalidStateError: "This device keeps a passkey for this site already.",
  SecurityError: "Passkeys work only under this site's own address. Ask your administrator for it.",
  NotSupportedError: "This device cannot make such a passkey. Use another device, or another way.",
};

/** The person must first show again who they are. */
class Unconfirmed extends Error {}

/** @param {string} text base64url @returns {ArrayBuffer} */
function bytes(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer | null | undefined} buffer @returns {string | undefined} */
function text(buffer) {
  if (!buffer) return undefined;
  const raw = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {{id: string}[] | undefined} list */
const known = (list) => (list ?? []).map((row) => ({ ...row, id: bytes(row.id) }));

/** @param {string} path @returns {Promise<Challenge>} */
async function challenge(path) {
  const response = await fetch(path, { method: "POST", headers: { Accept: "application/json", "X-CSRF-Token": csrf() }, credentials: "same-origin" });
  if (response.status === 403) throw new Unconfirmed();
  if (response.status === 429) throw new Error("Too many tries. Nothing is lost; wait a minute and try again.");
  if (!response.ok) throw new Error("This page is too old. Reload it and try again.");
  return response.json();
}

/** @param {any} options @returns {Promise<Credential | null>} */
function create({ challenge: asked, user, excludeCredentials, ...rest }) {
  return navigator.credentials.create({
    publicKey: { ...rest, challenge: bytes(asked), user: { ...user, id: bytes(user.id) }, excludeCredentials: known(excludeCredentials) },
  });
}

/** @param {any} options @returns {Promise<Credential | null>} */
function get({ challenge: asked, allowCredentials, ...rest }) {
  return navigator.credentials.get({ publicKey: { ...rest, challenge: bytes(asked), allowCredentials: known(allowCredentials) } });
}

/** What the server reads (Web Authentication, 5.1.8). @param {PublicKeyCredential} credential */
function answer(credential) {
  const { id, rawId, type } = credential;
  const response = /** @type {any} */ (credential.response);
  return JSON.stringify({
    id,
    rawId: text(rawId),
    type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: text(response.userHandle),
      transports: response.getTransports?.(),
    },
  });
}

/** @param {HTMLElement} box @param {HTMLFormElement} form */
async function run(box, form) {
  const { step, options } = await challenge(box.dataset.challenge ?? "");
  const credential = await (box.dataset.passkey === "create" ? create(options) : get(options));
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("", "NotAllowedError");
  /** @type {HTMLInputElement} */ (one(box, "input[name=step]")).value = step;
  /** @type {HTMLInputElement} */ (one(box, "input[name=passkey]")).value = answer(credential);
  form.requestSubmit();
}

/** @param {unknown} error @returns {string} */
function sentence(error) {
  if (error instanceof DOMException) return SENTENCES[error.name] ?? NOT_CHOSEN;
  if (error instanceof TypeError) return "No connection to the server. Nothing was changed; try again.";
  return error instanceof Error ? error.message : String(error);
}

/** @param {HTMLElement} box */
function wire(box) {
  const form = box.closest("form");
  const button = box.querySelector("[data-passkey-ask]");
  if (!form || !(button instanceof HTMLButtonElement)) return;
  if (!window.PublicKeyCredential) {
    one(box, "[data-passkey-missing]").hidden = false;
    return;
  }
  const line = one(box, "[data-passkey-error]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    line.textContent = "";
    const empty = [...form.elements].find((field) => field instanceof HTMLInputElement && field.required && !field.value.trim());
    if (empty instanceof HTMLInputElement) {
      line.textContent = `Fill this in first: ${empty.labels?.[0]?.textContent ?? ""}.`;
      return empty.focus();
    }
    button.disabled = true;
    try {
      await run(box, form);
    } catch (error) {
      if (error instanceof Unconfirmed) return location.assign(`/confirm?next=${encodeURIComponent(location.pathname)}`);
      line.textContent = sentence(error);
    } finally {
      button.disabled = false;
    }
  });
}

for (const box of document.querySelectorAll("[data-passkey]")) wire(/** @type {HTMLElement} */ (box));
