/**
 * The article's blocks in the page: offsets of the canonical text (code points) to DOM points and back. Each block
 * states its own offset, so nothing that stands between blocks can shift anything. A block's text nodes are walked when
 * it is first asked for.
 *
 * @typedef {{node: Text, start: number, length: number, pairs: boolean}} Piece  start counts from the block's start
 * @typedef {{node: Node, offset: number}} Point
 */
import { count, fromUnits, hasSurrogates, toUnits } from "./codepoints.js";

export class Block {
  /** @type {Piece[] | null} */
  #pieces = null;

  /**
   * @param {HTMLElement} element
   * @param {number} index
   */
  constructor(element, index) {
    this.element = element;
    this.index = index;
    this.start = Number(element.dataset.o);
    this.length = Number(element.dataset.n);
    this.end = this.start + this.length;
    /** The text since the block before. */
    this.gap = index === 0 ? "" : (element.dataset.gap ?? "\n\n");
  }

  get pieces() {
    this.#pieces ??= walk(this.element);
    return this.#pieces;
  }

  get text() {
    return this.element.textContent ?? "";
  }

  /** Walk again; whether the page still holds what the server wrote (a translator may have changed it). */
  check() {
    this.#pieces = null;
    return count(this.text) === this.length;
  }

  /**
   * The DOM point of an offset. Where two text nodes meet, a start lies in the second and an end in the first, so that
   * a range holds no empty node.
   * @param {number} offset
   * @param {"start" | "end"} edge
   * @returns {Point}
   */
  point(offset, edge) {
    const within = Math.min(Math.max(offset - this.start, 0), this.length);
    const pieces = this.pieces;
    let at = last(pieces, (piece) => piece.start <= within);
    if (edge === "end" && at > 0 && pieces[at].start === within) at -= 1;
    const piece = pieces[at];
    if (!piece) return { node: this.element, offset: 0 };
    const points = Math.min(within - piece.start, piece.length);
    return { node: piece.node, offset: piece.pairs ? toUnits(piece.node.data, points) : points };
  }

  /**
   * The offset of a DOM point inside this block's element.
   * @param {Node} node
   * @param {number} offset
   */
  offset(node, offset) {
    const own = this.pieces.find((piece) => piece.node === node);
    if (own) return this.start + own.start + (own.pairs ? fromUnits(own.node.data, offset) : Math.min(offset, own.length));
    const point = place(node, offset);
    const at = last(this.pieces, (piece) => point.comparePoint(piece.node, 0) < 0);
    return this.start + (at < 0 ? 0 : this.pieces[at].start + this.pieces[at].length);
  }
}

export class Blocks {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.list = [...root.querySelectorAll("[data-o]")].map((element, index) => new Block(/** @type {HTMLElement} */ (element), index));
    /** @type {Map<Element, Block>} */
    this.byElement = new Map(this.list.map((block) => [block.element, block]));
  }

  get end() {
    return this.list.at(-1)?.end ?? 0;
  }

  /**
   * The block that holds an offset, or the one before it when the offset lies between blocks.
   * @param {number} offset
   * @returns {Block | undefined}
   */
  at(offset) {
    return this.list[Math.max(last(this.list, (block) => block.start <= offset), 0)];
  }

  /**
   * Blocks that share a code point with [start, end).
   * @param {number} start
   * @param {number} end
   */
  touching(start, end) {
    const from = Math.max(last(this.list, (block) => block.start <= start), 0);
    const to = last(this.list, (block) => block.start < end);
    return this.list.slice(from, to + 1).filter((block) => block.end > start);
  }

  /**
   * The block whose element holds a node.
   * @param {Node | null} node
   * @returns {Block | null}
   */
  holding(node) {
    const element = node instanceof Element ? node : node?.parentElement;
    return this.byElement.get(element?.closest("[data-o]") ?? this.root) ?? null;
  }

  /**
   * The offset of any DOM point. Outside every block it means the start of the next block; before and after the
   * article, the article's first and last offset.
   * @param {Node} node
   * @param {number} offset
   */
  offset(node, offset) {
    const block = this.holding(node);
    if (block) return block.offset(node, offset);
    const point = place(node, offset);
    const before = last(this.list, (some) => point.comparePoint(some.element, 0) < 0);
    return this.list[before + 1]?.start ?? this.end;
  }

  /**
   * The canonical text of [start, end), read from the page.
   * @param {number} start
   * @param {number} end
   */
  text(start, end) {
    let text = "";
    for (const block of this.touching(start, end)) {
      const words = [...block.text].slice(Math.max(start - block.start, 0), end - block.start).join("");
      text += (block.start > start ? gapFrom(block, start) : "") + words;
    }
    return text;
  }

  /**
   * Static ranges, one a block, that cover [start, end).
   * @param {number} start
   * @param {number} end
   */
  ranges(start, end) {
    return this.touching(start, end).map((block) => staticRange(block, start, end));
  }

  /**
   * One live range over [start, end).
   * @param {number} start
   * @param {number} end
   */
  range(start, end) {
    const range = document.createRange();
    const from = this.at(start)?.point(start, "start");
    const to = this.at(Math.max(end - 1, start))?.point(end, "end");
    if (from) range.setStart(from.node, from.offset);
    if (to) range.setEnd(to.node, to.offset);
    return range;
  }

  /** Index again and give the blocks that no longer hold what the server wrote. */
  damaged() {
    return this.list.filter((block) => !block.check());
  }
}

/**
 * @param {Block} block
 * @param {number} start
 * @param {number} end
 */
export function staticRange(block, start, end) {
  const from = block.point(Math.max(start, block.start), "start");
  const to = block.point(Math.min(end, block.end), "end");
  return new StaticRange({ startContainer: from.node, startOffset: from.offset, endContainer: to.node, endOffset: to.offset });
}

/**
 * @param {Block} block
 * @param {number} start
 */
function gapFrom(block, start) {
  const gap = [...block.gap];
  return gap.slice(Math.max(gap.length - (block.start - start), 0)).join("");
}

/**
 * @param {HTMLElement} element
 * @returns {Piece[]}
 */
function walk(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  /** @type {Piece[]} */
  const pieces = [];
  for (let start = 0, node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = /** @type {Text} */ (node);
    const pairs = hasSurrogates(text.data);
    const length = pairs ? count(text.data) : text.length;
    if (length) pieces.push({ node: text, start, length, pairs });
    start += length;
  }
  return pieces;
}

/**
 * A collapsed range at a DOM point, to compare others with.
 * @param {Node} node
 * @param {number} offset
 */
function place(node, offset) {
  const range = document.createRange();
  range.setStart(node, offset);
  return range;
}

/**
 * The last index whose item fits, in a list where those that fit come first; -1 for none.
 * @template Item
 * @param {Item[]} items
 * @param {(item: Item) => boolean} fits
 */
export function last(items, fits) {
  let from = 0;
  let to = items.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (fits(items[middle])) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
