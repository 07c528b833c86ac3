// The words of a copy, as elements that carry their offsets like those of the article. Code points, half-open.
import { hasSurrogates, toUnits } from "../anchoring/codepoints.js";
import { el } from "../page/dom.js";

/**
 * @typedef {{kind: string, start: number, end: number, level?: number | null, depth?: number | null, page?: number | null}} Given  a block as the server gives it
 * @typedef {{type: string, start: number, end: number}} Mark
 * @typedef {{words: string, styles: string[]}} Piece
 * @typedef {{kind: string, start: number, length: number, level: number, depth: number, gap: string, page: number | null, pieces: Piece[]}} View
 */

const STYLES = ["strong", "em", "code", "sup", "sub"];
const FIRST_HEADING = 3;
const DEEPEST = 4;

/**
 * Cuts a text at growing offsets in code points, without counting anything twice.
 * @param {string} text
 * @returns {(to: number) => string} the words from the last offset to this one
 */
function cutter(text) {
  const pairs = hasSurrogates(text);
  let [points, units] = [0, 0];
  return (to) => {
    const from = units;
    units += pairs ? toUnits(text.slice(units), to - points) : to - points;
    points = to;
    return text.slice(from, units);
  };
}

/**
 * Each block with its pieces: joined they are exactly its text. Pure.
 * @param {string} text @param {Given[]} blocks @param {Mark[]} marks
 * @returns {View[]}
 */
export function views(text, blocks, marks) {
  const cut = cutter(text);
  const waiting = marks.filter(({ type }) => STYLES.includes(type)).sort((one, other) => other.start - one.start);
  /** @type {Mark[]} */
  let open = [];
  return blocks.map(({ kind, start, end, level, depth, page }) => {
    const gap = cut(start);
    for (let next = waiting.at(-1); next && next.start < end; next = waiting.at(-1)) open.push(/** @type {Mark} */ (waiting.pop()));
    open = open.filter((mark) => mark.end > start);
    const pieces = piecesOf(start, end, open, cut);
    return { kind, start, length: end - start, level: level ?? 0, depth: depth ?? 0, gap, page: page ?? null, pieces };
  });
}

/** @param {number} start @param {number} end @param {Mark[]} marks @param {(to: number) => string} cut @returns {Piece[]} */
function piecesOf(start, end, marks, cut) {
  const ends = marks.flatMap((mark) => [mark.start, mark.end]).filter((at) => at > start && at < end);
  const places = [...new Set([start, ...ends, end])].sort((one, other) => one - other);
  return places.slice(1).map((to, place) => {
    const here = marks.filter((mark) => mark.start <= places[place] && mark.end >= to);
    return { words: cut(to), styles: STYLES.filter((style) => here.some(({ type }) => type === style)) };
  });
}

/** @param {Piece} piece @returns {Node} */
function inline({ words, styles }) {
  return styles.reduceRight((/** @type {Node} */ inner, style) => {
    const outer = el(/** @type {"em"} */ (style));
    outer.append(inner);
    return outer;
  }, document.createTextNode(words));
}

/**
 * The blocks as elements, and before each new page its number, which is no part of the text.
 * @param {View[]} all
 * @returns {HTMLElement[]}
 */
export function elements(all) {
  let [page, heading] = [/** @type {number | null} */ (null), FIRST_HEADING - 1];
  return all.flatMap((view) => {
    if (view.kind === "heading") heading = Math.min(view.level + FIRST_HEADING - 1, heading + 1, 6);
    const block = blockOf(view, heading);
    if (view.page === null || view.page === page) return [block];
    page = view.page;
    return [el("p", { className: "copy-page" }, `Page ${page}`), block];
  });
}

/** @param {View} view @param {number} heading @returns {HTMLElement} */
function blockOf({ kind, start, length, depth, gap, pieces }, heading) {
  const tag = kind === "heading" ? /** @type {"h3"} */ (`h${Math.max(heading, FIRST_HEADING)}`) : "p";
  const words = el(tag, { className: "words", dir: "auto", "data-o": start, "data-n": length, "data-gap": gap });
  words.append(...pieces.map(inline));
  const deep = depth ? ` depth-${Math.min(depth, DEEPEST)}` : "";
  return el("div", { className: `block block-${kind.replaceAll("_", "-")}${deep}` }, words);
}
