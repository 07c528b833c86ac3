/**
 * "Find text to annotate": words typed or pasted, the places where they stand, one chosen. For those whose selection
 * never reaches the page (screen readers in browse mode, voice control) and for phones.
 *
 * @typedef {import("../anchoring/blocks.js").Blocks} Blocks
 * @typedef {{start: number, end: number, before: string, words: string, after: string}} Match
 */
import { count } from "../anchoring/codepoints.js";
import { el } from "../page/dom.js";
import { emit } from "./bus.js";

const MOST = 100;
const AROUND = 60;
/** Signs that people type in place of one another. */
const ALIKE = ["'’‘‛ʼ′", "\"“”„‟«»″", "-‐‑‒–—―−"];

/**
 * The places where words stand in a text: whatever the case, the kind of quotation mark, dash or white space.
 * @param {string} text
 * @param {string} wanted
 * @returns {{at: number, length: number}[]} in UTF-16 units
 */
export function places(text, wanted) {
  const query = wanted.trim();
  if (!query) return [];
  const pattern = [...query.replace(/\s+/gu, " ")].map(alike).join("");
  const found = [];
  for (const match of text.matchAll(new RegExp(pattern, "giu"))) {
    found.push({ at: match.index, length: match[0].length });
    if (found.length === MOST) break;
  }
  return found;
}

/** @param {string} sign */
function alike(sign) {
  if (sign === " ") return "\\s+";
  const group = ALIKE.find((signs) => signs.includes(sign));
  return group ? `[${group}]` : sign.replace(/[\\^$.*+?()[\]{}|/-]/u, "\\$&");
}

/**
 * The matches in a text, with some words around each.
 * @param {string} text  the whole of it
 * @param {string} wanted
 * @returns {Match[]} offsets in code points
 */
export function matches(text, wanted) {
  let offset = 0;
  let at = 0;
  return places(text, wanted).map((place) => {
    offset += count(text.slice(at, place.at));
    at = place.at;
    const end = place.at + place.length;
    return {
      start: offset,
      end: offset + count(text.slice(place.at, end)),
      before: text.slice(Math.max(place.at - AROUND, 0), place.at).replace(/^\S*\s/u, ""),
      words: text.slice(place.at, end),
      after: text.slice(end, end + AROUND).replace(/\s\S*$/u, ""),
    };
  });
}

/**
 * Make the dialog work; gives the function that opens it.
 * @param {Blocks} blocks
 */
export function findDialog(blocks) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("find"));
  const field = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  const list = /** @type {HTMLElement} */ (dialog.querySelector("ol"));
  const said = /** @type {HTMLElement} */ (dialog.querySelector("[role=status]"));

  /** @param {Match} match */
  const entry = (match) => {
    const button = el("button", { type: "button" }, match.before, el("b", {}, match.words), match.after);
    button.addEventListener("click", () => {
      dialog.close();
      emit("select", { start: match.start, end: match.end });
    });
    return el("li", {}, button);
  };
  const search = () => {
    const found = matches(blocks.text(0, blocks.end), field.value);
    list.replaceChildren(...found.map(entry));
    said.textContent = sentence(field.value, found.length);
  };
  field.addEventListener("input", search);
  dialog.addEventListener("keydown", (event) => move(event, [field, ...list.querySelectorAll("button")]));
  dialog.querySelector(".find-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("button")?.click();
  });
  return () => {
    dialog.showModal();
    field.select();
    search();
  };
}

/**
 * @param {string} wanted
 * @param {number} found
 */
function sentence(wanted, found) {
  if (!wanted.trim()) return "Type or paste words of the article.";
  if (found === 0) return "No such words in this article.";
  if (found === MOST) return `The first ${MOST} places. Type more words to narrow them.`;
  return found === 1 ? "1 place. Enter selects it." : `${found} places. Enter selects the first; arrows choose another.`;
}

/**
 * Up and down move through field and matches.
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} stops
 */
function move(event, stops) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
}
