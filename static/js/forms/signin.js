// The session ended while somebody was working: sign in here, in place, and go on. Drafts stay whatever happens.
import { el } from "../page/dom.js";
import { api, renewCsrf } from "../page/http.js";

/** @type {Promise<boolean> | null} */
let asking = null;

/** Asks once, however many requests were refused. Gives true when the same person is signed in again. @returns {Promise<boolean>} */
export function signIn() {
  asking ??= askOnce().finally(() => { asking = null; });
  return asking;
}

/** @returns {Promise<boolean>} */
function askOnce() {
  const error = el("p", { className: "error", role: "alert" });
  const form = el("form", { className: "dialog-body form dense" },
    el("p", {}, "Your session has ended. What you typed is safe in this browser; sign in to go on."),
    field("E-mail address", "email", "username"), field("Password", "password", "current-password"), error,
    el("div", { className: "actions" },
      el("button", { className: "primary" }, "Sign in"),
      el("button", { type: "button", onclick: () => dialog.close() }, "Not now")));
  const dialog = el("dialog", { id: "sign-in", "aria-labelledby": "sign-in-title" },
    el("div", { className: "dialog-head" }, el("h2", { id: "sign-in-title" }, "Sign in again")), form);
  document.body.append(dialog);
  dialog.showModal();
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form, dialog, error); });
  return new Promise((answer) => {
    dialog.addEventListener("close", () => { dialog.remove(); answer(dialog.returnValue === "same"); });
  });
}

/** @param {string} label @param {string} name @param {AutoFill} autocomplete */
function field(label, name, autocomplete) {
  const input = el("input", { id: `sign-in-${name}`, name, type: name, autocomplete, required: true });
  return el("div", { className: "field" }, el("label", { for: input.id }, label), input);
}

/** @param {HTMLFormElement} form @param {HTMLDialogElement} dialog @param {HTMLElement} error */
async function send(form, dialog, error) {
  const { email, password } = Object.fromEntries(new FormData(form));
  try {
    const { body } = await api("POST", "/session", { body: { email, password }, signIn: false });
    renewCsrf(body.csrf);
    const me = await api("GET", "/me", { signIn: false });
    if (me.body.id === document.body.dataset.user) dialog.close("same");
    else somebodyElse(form, me.body.name);
  } catch (problem) {
    error.textContent = problem instanceof Error ? problem.message : String(problem);
  }
}

/** @param {HTMLFormElement} form @param {string} name */
function somebodyElse(form, name) {
  const before = document.querySelector(".account a")?.textContent ?? "the person before";
  form.replaceChildren(
    el("p", { role: "alert" }, `You are now signed in as ${name}. The unsaved changes on this page belong to ${before}; they stay in this browser until ${before} signs in again.`),
    el("div", { className: "actions" }, el("button", { type: "button", className: "primary", onclick: () => location.reload() }, `Go on as ${name}`)));
}
