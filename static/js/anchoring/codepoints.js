/** Offsets are Unicode code points everywhere but in the browser's own strings, which count UTF-16 units. */

const SURROGATE = /[\uD800-\uDFFF]/;
const SPACE = /[\s\u0085\u200B\u2060\uFEFF]/u;

/**
 * Whether a text's code points and UTF-16 units may differ.
 * @param {string} text
 */
export const hasSurrogates = (text) => SURROGATE.test(text);

/**
 * Code points in a text; a lone surrogate counts as one.
 * @param {string} text
 */
export const count = (text) => fromUnits(text, text.length);

/**
 * Code points before a UTF-16 offset; an offset inside a pair counts the pair as begun.
 * @param {string} text
 * @param {number} units
 */
export function fromUnits(text, units) {
  let points = 0;
  for (let at = 0; at < units; at += width(text, at)) points += 1;
  return points;
}

/**
 * UTF-16 offset of a code-point offset; the text's length when there are fewer.
 * @param {string} text
 * @param {number} points
 */
export function toUnits(text, points) {
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left -= 1) at += width(text, at);
  return at;
}

/**
 * The words from start to end.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
export function slice(text, start, end) {
  const from = toUnits(text, start);
  return text.slice(from, from + toUnits(text.slice(from), end - start));
}

/**
 * What stays of a text without white space (and zero-width signs) at its ends, in code points from its start; null when
 * nothing stays.
 * @param {string} text
 * @returns {{start: number, end: number} | null}
 */
export function trimmed(text) {
  let from = 0;
  let to = text.length;
  while (from < to && SPACE.test(text[from])) from += 1;
  while (to > from && SPACE.test(text[to - 1])) to -= 1;
  if (from === to) return null;
  const start = fromUnits(text, from);
  return { start, end: start + count(text.slice(from, to)) };
}

/**
 * @param {string} text
 * @param {number} at
 */
function width(text, at) {
  return /** @type {number} */ (text.codePointAt(at)) > 0xffff ? 2 : 1;
}
