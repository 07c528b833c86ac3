// Every page: keys, what the status line has to say, forms with drafts or a question, and unsaved changes of before.
import { draftsHere, keepWhileTyping } from "./forms/drafts.js";
import { signIn } from "./forms/signin.js";
import { ask, byId, el, say } from "./page/dom.js";
import { onSignedOut } from "./page/http.js";
import { bind, listen } from "./page/keys.js";

/** @typedef {import("./forms/drafts.js").Draft} Draft */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const drafts = draftsHere();

/** @param {HTMLFormElement} form @returns {Field[]} */
function fieldsOf(form) {
  const fields = /** @type {Field[]} */ ([...form.elements]);
  return fields.filter((field) => field.name && field.name !== "csrf_token" && !["password", "file", "radio", "submit", "button"].includes(field.type));
}

/** @param {HTMLFormElement} form @returns {Record<string, string | boolean>} */
function typed(form) {
  return Object.fromEntries(fieldsOf(form).map((field) => [keyOf(field), ticked(field) ? field.checked : field.value]));
}

/** Boxes of one name differ by their values. @param {Field} field @returns {string} */
function keyOf(field) {
  return ticked(field) ? `${field.name}=${field.value}` : field.name;
}

/** @param {Field} field @returns {field is HTMLInputElement} */
function ticked(field) {
  return field instanceof HTMLInputElement && field.type === "checkbox";
}

/** @param {HTMLFormElement} form @param {Record<string, any>} values */
function fill(form, values) {
  for (const field of fieldsOf(form)) {
    const value = values[keyOf(field)];
    if (value === undefined) continue;
    if (ticked(field)) field.checked = Boolean(value);
    else field.value = String(value);
  }
}

/** @param {HTMLFormElement} form */
function withDraft(form) {
  const thing = `form:${form.dataset.draft}`;
  const title = form.dataset.title ?? document.title.split(" · ")[0];
  const keep = (/** @type {boolean} */ sent) => {
    const fields = typed(form);
    if (!Object.values(fields).some(Boolean)) return drafts.drop(thing);
    try {
      drafts.keep({ thing, title, fields, base: null, url: location.pathname, sent });
    } catch {
      if (!sent) say("This is too long to be kept in this browser. Keep your own copy until it is saved.");
    }
  };
  const typing = keepWhileTyping(form, () => keep(false));
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { typing.cancel(); keep(true); } });
  document.addEventListener("restore-draft", (event) => {
    const draft = /** @type {CustomEvent<Draft>} */ (event).detail;
    if (draft.thing !== thing) return;
    event.preventDefault();
    fill(form, draft.fields);
    fieldsOf(form)[0]?.focus();
    say("Your words are back in the form. They are not saved yet.");
  });
}

/** A form that was sent has arrived if this page says so or does not show it again, unless it is an error page or the sign-in. */
function settle() {
  if (!document.body.dataset.user || document.body.dataset.error) return;
  for (const draft of drafts.all().filter((one) => one.sent)) {
    const again = !document.getElementById("notice") && document.querySelector(`form[data-draft="${CSS.escape(draft.thing.slice(5))}"]`);
    if (again) drafts.keep({ ...draft, sent: false });
    else drafts.drop(draft.thing);
  }
}

/** @param {HTMLFormElement} form */
function withQuestion(form) {
  let sure = false;
  form.addEventListener("submit", async (event) => {
    if (sure) return;
    event.preventDefault();
    const button = event instanceof SubmitEvent && event.submitter instanceof HTMLElement ? event.submitter : null;
    sure = await ask(form.dataset.confirm ?? "", button?.textContent?.trim() || "Go on");
    if (sure) form.requestSubmit(button);
  });
}

/** @param {HTMLFormElement} form */
function withSignOut(form) {
  let sure = false;
  form.addEventListener("submit", async (event) => {
    const count = drafts.count();
    if (sure || !count) return;
    event.preventDefault();
    sure = await ask(`${changes(count)} in this browser. Signing out removes ${count === 1 ? "it" : "them"}.`, "Sign out and remove");
    if (!sure) return;
    drafts.clear();
    form.requestSubmit();
  });
}

/** @param {number} count @returns {string} */
const changes = (count) => (count === 1 ? "1 unsaved change" : `${count} unsaved changes`);

/** "2 unsaved changes in this browser", each to restore or discard. */
function offerDrafts() {
  const box = byId("unsaved");
  const found = document.body.dataset.user ? drafts.all().filter((draft) => !standsHere(draft)) : [];
  box.hidden = !found.length;
  if (!found.length) return;
  const list = el("ul", {}, ...found.slice(0, 8).map(offer));
  box.replaceChildren(el("details", {}, el("summary", {}, `${changes(found.length)} in this browser`), list));
}

/** Whether a form of this page shows exactly these words, as after a refused sending. @param {Draft} draft @returns {boolean} */
function standsHere(draft) {
  const form = document.querySelector(`form[data-draft="${CSS.escape(draft.thing.replace(/^form:/, ""))}"]`);
  if (!(form instanceof HTMLFormElement)) return false;
  const now = typed(form);
  return Object.entries(draft.fields).every(([name, value]) => now[name] === value);
}

/** @param {Draft} draft */
function offer(draft) {
  const when = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" }).format(draft.time);
  const discard = async () => {
    if (!(await ask(`Discard “${draft.title}” of ${when}? It is saved nowhere else.`, "Discard"))) return;
    drafts.drop(draft.thing);
    offerDrafts();
  };
  return el("li", {}, el("span", {}, `${draft.title}, ${when} `),
    el("button", { type: "button", className: "compact", onclick: () => restore(draft) }, "Restore"), " ",
    el("button", { type: "button", className: "compact danger", onclick: discard }, "Discard"));
}

/** Whoever owns the form takes the draft; if nobody on this page does, the page where it was typed is opened. @param {Draft} draft */
function restore(draft) {
  const nobody = document.dispatchEvent(new CustomEvent("restore-draft", { detail: draft, cancelable: true }));
  if (!nobody) byId("unsaved").hidden = true;
  else if (location.pathname !== draft.url) location.assign(`${draft.url}#draft=${encodeURIComponent(draft.thing)}`);
  else say("This page has no form for it any more. The words stay in this browser.");
}

function restoreFromAddress() {
  if (!location.hash.startsWith("#draft=")) return;
  const draft = drafts.get(decodeURIComponent(location.hash.slice(7)));
  history.replaceState(null, "", location.pathname + location.search);
  if (draft) restore(draft);
}

/** Words for the status line wait a moment, so that screen readers have met the region before it changes. */
function speakNotice() {
  const notice = document.getElementById("notice");
  const words = notice instanceof HTMLTemplateElement ? notice.content.textContent?.trim() : "";
  if (words) window.setTimeout(() => say(words), 150);
}

/** "Fill this in." says which field it is about. */
function nameErrors() {
  for (const link of document.querySelectorAll('.errors a[href^="#f-"]')) {
    const field = document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
    const label = /** @type {HTMLInputElement | null} */ (field)?.labels?.[0]?.textContent;
    if (label) link.prepend(`${label}: `);
  }
}

/** Ctrl+Enter sends the form that has the focus. */
function sendByKey() {
  const form = document.activeElement?.closest("form[data-draft]");
  if (!(form instanceof HTMLFormElement)) return false;
  return form.requestSubmit();
}

/** What was opened in order to write takes the focus. */
function focusOpened() {
  for (const box of document.querySelectorAll("details#new")) {
    const details = /** @type {HTMLDetailsElement} */ (box);
    const first = /** @type {HTMLElement | null} */ (details.querySelector("input:not([type=hidden])"));
    details.addEventListener("toggle", () => { if (details.open && !document.querySelector("[data-focus]")) first?.focus(); });
    if (location.hash !== "#new") continue;
    details.open = true;
    first?.focus();
  }
}

/** @param {string} selector @param {(form: HTMLFormElement) => void} wire */
function each(selector, wire) {
  for (const form of document.querySelectorAll(selector)) wire(/** @type {HTMLFormElement} */ (form));
}

listen();
onSignedOut(signIn);
settle();
each("form[data-confirm]", withQuestion);
each("form[data-draft]", withDraft);
each("form[data-sign-out]", withSignOut);
offerDrafts();
speakNotice();
nameErrors();
focusOpened();
window.addEventListener("offline", () => say("No connection. What you type stays in this browser and is sent when the connection is back."));
bind("Forms", "Ctrl+Enter", "Save, or go on", sendByKey);
/** @type {HTMLElement | null} */ (document.querySelector("[data-focus]"))?.focus();
window.addEventListener("load", restoreFromAddress);
