/**
 * Paints the spans with CSS highlights, for blocks within a screen of the viewport only: changing any highlight makes
 * the browser work through all ranges of the page. The names and looks are in css/components/reader.css.
 *
 * @typedef {import("../anchoring/blocks.js").Block} Block
 * @typedef {import("../anchoring/blocks.js").Blocks} Blocks
 * @typedef {import("./spans.js").Spans} Spans
 * @typedef {import("./spans.js").Range} Span
 * @typedef {{highlight: Highlight, range: AbstractRange}} Stroke
 */
import { staticRange } from "../anchoring/blocks.js";
import { clipped, LANES, lanes, tints, union } from "./spans.js";

/** Where tints meet, the later one in this list is seen. */
const TONES = ["aside", "supported", "submitted", "open", "unproven", "unconfirmed", "conflicting", "refuted"];
const PRIORITY = { tone: 1, lane: 10, cursor: 98, focus: 99, pending: 100 };

export const canPaint = "highlights" in CSS;

export class Painter {
  /** @type {Map<Block, Stroke[]>} What is painted on the blocks that are near. */
  #near = new Map();
  /** @type {Map<string, Highlight>} */
  #highlights = new Map();

  /**
   * @param {Blocks} blocks
   * @param {Spans} spans
   * @param {boolean} live  paint the spans; else only cursor, focus and pending (the page has its own marks)
   */
  constructor(blocks, spans, live) {
    this.blocks = blocks;
    this.spans = spans;
    this.live = live;
    for (const tone of TONES) this.#register(`tone-${tone}`, PRIORITY.tone);
    for (let lane = 0; lane < LANES; lane += 1) this.#register(`lane-${lane}`, PRIORITY.lane + lane);
    for (const name of /** @type {const} */ (["cursor", "focus", "pending"])) this.#register(name, PRIORITY[name]);
    this.observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: "100% 0px" });
    for (const block of blocks.list) this.observer.observe(block.element);
  }

  /** The blocks painted now, in text order. */
  get near() {
    return [...this.#near.keys()].sort((one, other) => one.index - other.index);
  }

  /**
   * Paint again the blocks that these parts of the text touch.
   * @param {Span[]} touched
   */
  repaint(touched) {
    const blocks = new Set(touched.flatMap(({ start, end }) => this.blocks.touching(start, end)));
    for (const block of blocks) {
      if (!this.#near.has(block)) continue;
      this.#clear(block);
      this.#paint(block);
    }
  }

  /**
   * Paint just these ranges under one of the names cursor, focus and pending.
   * @param {"cursor" | "focus" | "pending"} name
   * @param {Span[]} ranges
   */
  mark(name, ranges) {
    const highlight = /** @type {Highlight} */ (this.#highlights.get(name));
    highlight.clear();
    for (const { start, end } of ranges) {
      for (const range of this.blocks.ranges(start, end)) highlight.add(range);
    }
  }

  /**
   * Paint all spans of these annotations strongly.
   * @param {string[]} ids
   */
  focus(ids) {
    const wanted = new Set(ids);
    this.mark("focus", wanted.size ? union(this.spans.all.filter((row) => wanted.has(row[0]))) : []);
  }

  /**
   * @param {string} name
   * @param {number} priority
   */
  #register(name, priority) {
    const highlight = new Highlight();
    highlight.priority = priority;
    CSS.highlights.set(name, highlight);
    this.#highlights.set(name, highlight);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const block = /** @type {Block} */ (this.blocks.byElement.get(target));
      this.#clear(block);
      if (isIntersecting) this.#paint(block);
    }
  }

  /** @param {Block} block */
  #clear(block) {
    for (const { highlight, range } of this.#near.get(block) ?? []) highlight.delete(range);
    this.#near.delete(block);
  }

  /** @param {Block} block */
  #paint(block) {
    const rows = this.live ? clipped(this.spans.touching(block.start, block.end), block.start, block.end) : [];
    /** @type {Stroke[]} */
    const strokes = [];
    for (const [tone, ranges] of tints(rows)) this.#draw(strokes, block, `tone-${tone}`, ranges);
    for (const [lane, ranges] of lanes(rows).entries()) this.#draw(strokes, block, `lane-${lane}`, ranges);
    this.#near.set(block, strokes);
  }

  /**
   * @param {Stroke[]} strokes
   * @param {Block} block
   * @param {string} name
   * @param {Span[]} ranges
   */
  #draw(strokes, block, name, ranges) {
    const highlight = this.#highlights.get(name);
    if (!highlight) return;
    for (const { start, end } of ranges) {
      const range = staticRange(block, start, end);
      highlight.add(range);
      strokes.push({ highlight, range });
    }
  }
}
