/**
 * The article's spans: which lie where, and how overlapping ones are drawn apart. Knows no DOM.
 *
 * @typedef {[id: string, start: number, end: number, tone: string]} Row  as the server lists them; code points
 * @typedef {{start: number, end: number}} Range
 */

export const LANES = 3;

/** @type {(one: Row, other: Row) => number} Text order: by start, the longest first. */
const inOrder = (one, other) => one[1] - other[1] || other[2] - one[2] || (one[0] < other[0] ? -1 : 1);

/**
 * An interval tree laid over a sorted list: the node of [from, to) is its middle, `far` the largest end below it.
 */
export class Spans {
  /** @param {Row[]} rows */
  constructor(rows) {
    /** @type {Row[]} */
    this.all = [];
    /** @type {Row[]} those of `all` that are shown */
    this.rows = [];
    /** @type {number[]} */
    this.far = [];
    /** @type {Set<string> | null} annotations that are shown; null for all */
    this.shown = null;
    this.set(rows);
  }

  /** @param {Row[]} rows */
  set(rows) {
    const { shown } = this;
    this.all = [...rows].sort(inOrder);
    this.rows = shown ? this.all.filter(([id]) => shown.has(id)) : this.all;
    this.far = new Array(this.rows.length).fill(0);
    this.#measure(0, this.rows.length);
  }

  /**
   * Show only the rows of these annotations; null shows all again. Gives the parts of the text whose rows came or went.
   * @param {Set<string> | null} ids
   * @returns {Range[]}
   */
  show(ids) {
    const before = new Set(this.rows);
    this.shown = ids;
    this.set(this.all);
    const after = new Set(this.rows);
    return this.all.filter((row) => before.has(row) !== after.has(row)).map(([, start, end]) => ({ start, end }));
  }

  /**
   * Put these rows in place of all that the annotation had; returns the parts of the text this touches. What was just
   * changed is shown, whatever else is.
   * @param {string} id
   * @param {Row[]} rows
   * @returns {Range[]}
   */
  replace(id, rows) {
    const old = this.of(id);
    const hidden = this.shown !== null && !this.shown.has(id);
    if (!hidden && String(old) === String([...rows].sort(inOrder))) return [];
    this.shown?.add(id);
    this.set([...this.all.filter((row) => row[0] !== id), ...rows]);
    return [...old, ...rows].map(([, start, end]) => ({ start, end }));
  }

  /**
   * The annotation's rows, in text order, shown or not.
   * @param {string} id
   */
  of(id) {
    return this.all.filter((row) => row[0] === id);
  }

  /**
   * Rows that share at least one code point with [start, end), in text order.
   * @param {number} start
   * @param {number} end
   */
  touching(start, end) {
    /** @type {Row[]} */
    const found = [];
    this.#collect(0, this.rows.length, start, end, found);
    return found;
  }

  /**
   * Rows around a place between two code points, the shortest first.
   * @param {number} offset
   */
  around(offset) {
    return this.touching(offset - 1, offset + 1).sort((one, other) => one[2] - one[1] - (other[2] - other[1]) || inOrder(one, other));
  }

  /**
   * @param {number} from
   * @param {number} to
   * @returns {number}
   */
  #measure(from, to) {
    if (from >= to) return 0;
    const middle = (from + to) >> 1;
    const far = Math.max(this.rows[middle][2], this.#measure(from, middle), this.#measure(middle + 1, to));
    this.far[middle] = far;
    return far;
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {number} start
   * @param {number} end
   * @param {Row[]} found
   */
  #collect(from, to, start, end, found) {
    if (from >= to) return;
    const middle = (from + to) >> 1;
    if (this.far[middle] <= start) return;
    this.#collect(from, middle, start, end, found);
    const row = this.rows[middle];
    if (row[1] >= end) return;
    if (row[2] > start) found.push(row);
    this.#collect(middle + 1, to, start, end, found);
  }
}

/**
 * Cut rows to [start, end).
 * @param {Row[]} rows
 * @param {number} start
 * @param {number} end
 * @returns {Row[]}
 */
export function clipped(rows, start, end) {
  return rows.map(([id, from, to, tone]) => [id, Math.max(from, start), Math.min(to, end), tone]);
}

/**
 * One list of disjoint ranges that covers what the rows cover. Rows come in text order.
 * @param {Row[]} rows
 * @returns {Range[]}
 */
export function union(rows) {
  /** @type {Range[]} */
  const ranges = [];
  for (const [, start, end] of rows) {
    const last = ranges.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else ranges.push({ start, end });
  }
  return ranges;
}

/**
 * The union of the rows of each tone.
 * @param {Row[]} rows
 * @returns {Map<string, Range[]>}
 */
export function tints(rows) {
  /** @type {Map<string, Row[]>} */
  const byTone = new Map();
  for (const row of rows) {
    const some = byTone.get(row[3]);
    if (some) some.push(row);
    else byTone.set(row[3], [row]);
  }
  return new Map([...byTone].map(([tone, some]) => [tone, union(some)]));
}

/**
 * Underlines: each row goes to the first lane that is free at its start; one that finds none gets no underline.
 * @param {Row[]} rows  in text order
 * @returns {Range[][]}
 */
export function lanes(rows) {
  /** @type {Range[][]} */
  const found = Array.from({ length: LANES }, () => []);
  for (const [, start, end] of rows) {
    const lane = found.find((ranges) => (ranges.at(-1)?.end ?? -1) <= start);
    lane?.push({ start, end });
  }
  return found;
}
