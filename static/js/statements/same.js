// "We have this already": while somebody types a speaker or a statement, what is like it is named beside the form.
import { el, shownDate } from "../page/dom.js";
import { api } from "../page/http.js";

const PAUSE = 400;
const SHORTEST = 3;

/** @typedef {{id: string, url: string, reason: string, name?: string, quote?: string, said_on?: string | null, speaker?: {name: string}}} Like */

/**
 * The address to ask, with what stands in the form; null while there is too little of it.
 * @param {string} project
 * @param {{name?: string, speaker?: string, quote?: string, said_on?: string}} typed
 * @returns {string | null}
 */
export function question(project, typed) {
  const { name, ...said } = typed;
  if (name !== undefined) return name.trim().length < SHORTEST ? null : `/projects/${project}/speakers/like?${new URLSearchParams({ name })}`;
  const given = Object.entries(said).filter(([, value]) => value?.trim());
  const enough = (said.quote ?? "").trim().length >= SHORTEST || (said.speaker && said.said_on);
  return enough ? `/projects/${project}/statements/like?${new URLSearchParams(given)}` : null;
}

/**
 * What a thing is called in the list, and how it is alike.
 * @param {Like} item
 * @returns {{words: string, why: string}}
 */
export function told(item) {
  const words = item.quote === undefined ? item.name ?? "" : `${item.speaker?.name ?? ""}: “${cut(item.quote)}”`;
  return { words, why: item.said_on ? `${item.reason}, ${shownDate(item.said_on)}` : item.reason };
}

/** @param {string} words @returns {string} */
function cut(words) {
  return words.length > 120 ? `${words.slice(0, 117)}…` : words;
}

/**
 * Watches a form with a field `name` (a speaker), or `quote`, `speaker` (name or id) and `said_on` (a statement). What
 * is found is listed in the form's `[data-same]`, which is made below the form's last field where it is missing.
 * Links open beside: nothing that was typed is lost. Gives a function that ends it.
 * @param {HTMLFormElement} form
 * @param {string} project
 * @returns {() => void}
 */
export function watchSame(form, project) {
  const box = form.querySelector("[data-same]") ?? form.appendChild(emptyBox());
  const list = box.querySelector("[data-same-list]");
  let waiting = 0;
  let asked = "";
  const look = async () => {
    const path = question(project, typedIn(form));
    if (path === asked) return;
    asked = path ?? "";
    const items = path ? await api("GET", path, { signIn: false }).then((answer) => answer.body.items, () => null) : [];
    if (items && asked === (path ?? "") && box instanceof HTMLElement) show(box, list, items);
  };
  const later = () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  return () => {
    window.clearTimeout(waiting);
    form.removeEventListener("input", later);
    form.removeEventListener("change", later);
  };
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
function typedIn(form) {
  const value = (/** @type {string} */ name) => {
    const field = form.elements.namedItem(name);
    return field && "value" in field ? String(field.value) : undefined;
  };
  if (value("quote") === undefined) return { name: value("name") ?? "" };
  return { speaker: value("speaker") ?? "", quote: value("quote") ?? "", said_on: value("said_on") ?? "" };
}

/** @param {HTMLElement} box @param {Element | null} list @param {Like[]} items */
function show(box, list, items) {
  list?.replaceChildren(...items.map((item) => {
    const { words, why } = told(item);
    return el("li", {}, el("a", { href: item.url, target: "_blank", rel: "noopener" }, words), ` (${why})`);
  }));
  box.hidden = !items.length;
}

/** @returns {HTMLElement} */
function emptyBox() {
  return el("div", { className: "same", "data-same": "", role: "status", hidden: true },
    el("p", {}, el("strong", {}, "We have this already:")), el("ul", { "data-same-list": "" }));
}
