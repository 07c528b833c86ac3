// The table of keys: who listens to what, the switch that turns single letters off, and the dialog of `?`.
import { byId, el, say } from "./dom.js";

/** @typedef {(event: KeyboardEvent) => unknown} Handler a handler that gives false leaves the key to the next one */
/** @typedef {{scope: string, key: string, words: string, handler: Handler}} Binding */

const OFF = "annotator.keys.off";
/** @type {Binding[]} */
const table = [];

/**
 * Binds a key, written as `j`, `Shift+J`, `Ctrl+Enter`, `Escape`, `?`. `scope` is the heading it stands under in the dialog of
 * keys ("Reading", "Cards", …). Keys without Ctrl are off inside text fields and open dialogs, letters also where a person switched them off.
 * The newest binding is asked first. Gives a function that takes the binding away.
 * @param {string} scope
 * @param {string} key
 * @param {string} words what it does, in words
 * @param {Handler} handler
 * @returns {() => void}
 */
export function bind(scope, key, words, handler) {
  const binding = { scope, key, words, handler };
  table.unshift(binding);
  return () => { table.splice(table.indexOf(binding), 1); };
}

/**
 * The name of a pressed key as `bind` writes it. Pure. Ctrl stands for Cmd as well; Shift is named before letters and named keys only,
 * since `?` and the like already contain it.
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}} event
 * @returns {string}
 */
export function keyName(event) {
  const shift = event.shiftKey && (event.key.length > 1 || /\p{L}/u.test(event.key));
  const key = event.key.length === 1 && !shift ? event.key.toLowerCase() : event.key;
  return [event.ctrlKey || event.metaKey ? "Ctrl+" : "", event.altKey ? "Alt+" : "", shift ? "Shift+" : "", key].join("");
}

/** @returns {boolean} */
export function lettersOff() {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false;
  }
}

/** @param {KeyboardEvent} event */
function typing(event) {
  const target = event.target;
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]") !== null;
}

/** @param {KeyboardEvent} event @param {string} name @returns {boolean} */
function silent(event, name) {
  if (name.startsWith("Ctrl+")) return false;
  if (typing(event) || document.querySelector("dialog:modal")) return true;
  return lettersOff() && event.key.length === 1;
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const name = keyName(event);
  if (silent(event, name)) return;
  for (const binding of table.filter((one) => one.key === name)) {
    if (binding.handler(event) === false) continue;
    event.preventDefault();
    return;
  }
}

/** @param {string} key @returns {Node[]} */
export function shownKey(key) {
  const names = key.replace("Escape", "Esc").replace("Delete", "Del").replace("Arrow", "").split(/(?<=.)\+/);
  return names.map((name) => el("kbd", {}, name.length === 1 ? name.toUpperCase() : name));
}

/** Opens the dialog of all keys that this page knows. */
export function showKeys() {
  const bound = [...table].reverse();
  const scopes = [...new Set(bound.map((binding) => binding.scope))];
  const sections = scopes.map((scope) => el("section", {}, el("h3", {}, scope), keyList(bound.filter((one) => one.scope === scope))));
  byId("key-list").replaceChildren(...sections);
  /** @type {HTMLDialogElement} */ (byId("keys")).showModal();
}

/** @param {Binding[]} bindings */
function keyList(bindings) {
  const all = [...new Set(bindings.map(({ words }) => words))];
  return el("ul", {}, ...all.map((words) => {
    const same = bindings.filter((one) => one.words === words);
    const keys = same.flatMap(({ key }, place) => [place ? " or " : "", ...shownKey(key)]);
    return el("li", {}, el("button", { type: "button", onclick: () => run(same) }, el("span", {}, words), el("span", { className: "names" }, ...keys)));
  }));
}

/** Every key is a button too: for those who cannot press it, or have switched single letters off. @param {Binding[]} bindings */
function run(bindings) {
  /** @type {HTMLDialogElement} */ (byId("keys")).close();
  const done = bindings.some(({ key, handler }) => handler(new KeyboardEvent("keydown", { key: key.split("+").at(-1) })) !== false);
  if (!done) say("There is nothing here for this now: select words, or open an annotation first.");
}

/** Starts listening; called once by main.js. */
export function listen() {
  document.addEventListener("keydown", pressed);
  bind("Everywhere", "?", "Show all keys", showKeys);
  const single = /** @type {HTMLInputElement} */ (byId("keys-single"));
  single.checked = !lettersOff();
  single.addEventListener("change", () => localStorage.setItem(OFF, single.checked ? "no" : "yes"));
  // A press in the dialog must not take the selection in the text away.
  byId("key-list").addEventListener("mousedown", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-keys]")) button.addEventListener("click", showKeys);
}
