// The only maker of elements: from a tag name, or from a <template> of the page. Never from a string of HTML.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element with properties and children. `data-`, `aria-`, `role`, `for` and `list` become attributes, `on…` a listener,
 * everything else a property; undefined and null are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) put(element, name, value);
  element.append(...kept(children));
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {unknown} value
 */
function put(element, name, value) {
  if (value === undefined || value === null) return;
  if (name.startsWith("on") && typeof value === "function") {
    element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
  } else if (/^(data-|aria-|role$|for$|list$)/.test(name)) element.setAttribute(name, String(value));
  else Reflect.set(element, name, value);
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function kept(children) {
  const some = children.filter((child) => child !== null && child !== undefined && child !== false);
  return some.map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * The first element of a `<template>`, copied.
 * @param {string} templateId
 * @returns {HTMLElement}
 */
export function clone(templateId) {
  const template = /** @type {HTMLTemplateElement} */ (byId(templateId));
  return /** @type {HTMLElement} */ (document.importNode(template.content, true).firstElementChild);
}

/**
 * The element with an id that the page is known to have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}`);
  return found;
}

/**
 * The first match inside `root` of a selector that is known to match.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
export function one(root, selector) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`Nothing matches ${selector}`);
  return /** @type {T} */ (found);
}

let clearing = 0;

/**
 * Says something in the status line. With an action, a button stands beside the words for 20 s (else they stay 6 s).
 * @param {string} words
 * @param {{words: string, run: () => void}} [action]
 */
export function say(words, action) {
  const line = byId("status");
  window.clearTimeout(clearing);
  const act = action && el("button", { type: "button", onclick: () => { line.replaceChildren(); action.run(); } }, action.words);
  line.replaceChildren(el("span", {}, words), ...(act ? [act] : []));
  clearing = window.setTimeout(() => line.replaceChildren(), action ? 20_000 : 6_000);
}

/**
 * A date of the world (`2022-10-04`, `2025-02`, `2025`) as nobody can misread it: 4 October 2022, February 2025, 2025.
 * @param {string | null | undefined} value
 * @returns {string}
 */
export function shownDate(value) {
  const [year, month, day] = (value ?? "").split("-").map(Number);
  if (!year) return "date unknown";
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { year: "numeric", timeZone: "UTC", ...(month && { month: "long" }), ...(day && { day: "numeric" }) };
  return new Intl.DateTimeFormat("en-GB", parts).format(new Date(Date.UTC(year, (month || 1) - 1, day || 1)));
}

/**
 * Asks one question in a dialog; gives true for yes. Esc means no.
 * @param {string} sentence
 * @param {string} yes the words of the button that goes on
 * @returns {Promise<boolean>}
 */
export function ask(sentence, yes) {
  const form = el("form", { method: "dialog", className: "dialog-body" },
    el("p", { id: "ask-words" }, sentence),
    el("div", { className: "actions" },
      el("button", { value: "yes", className: "danger" }, yes),
      el("button", { value: "no", autofocus: true }, "Cancel")));
  const dialog = el("dialog", { "aria-labelledby": "ask-words" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => { dialog.remove(); answer(dialog.returnValue === "yes"); });
  });
}
