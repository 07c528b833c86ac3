/**
 * The sentence cursor: a text by sentences, from the keyboard. It makes a real selection, so that the browser's own
 * Shift+Arrow keys refine it.
 *
 * @typedef {import("../anchoring/blocks.js").Blocks} Blocks
 * @typedef {import("../anchoring/blocks.js").Block} Block
 * @typedef {Pick<import("./paint.js").Painter, "near" | "mark">} Painter
 * @typedef {import("./bus.js").Words} Words
 */
import { last } from "../anchoring/blocks.js";
import { choose, read, swapEnds } from "../anchoring/selection.js";
import { byId } from "../page/dom.js";
import { emit } from "./bus.js";
import { openHeight } from "./edges.js";

/** Part of the frame's height that stays free above and below the sentence. */
const MARGIN = 0.12;

export class Cursor {
  /** Index of the sentence where an extended choice began, and of the one that moves; -1 before the first use. */
  #from = -1;
  #at = -1;
  #painted = { start: -1, end: -1 };

  /**
   * @param {Blocks} blocks
   * @param {Painter | null} painter
   * @param {[start: number, end: number][]} sentences
   * @param {HTMLElement | null} [frame]  what scrolls the text; the window when it is null
   */
  constructor(blocks, painter, sentences, frame = null) {
    this.frame = frame;
    this.blocks = blocks;
    this.painter = painter;
    this.sentences = sentences;
  }

  /**
   * Go some sentences on (or back), from the selection or from the top of the window.
   * @param {number} step
   * @param {boolean} extend  keep the sentence where the choice began
   */
  move(step, extend) {
    if (this.sentences.length === 0) return;
    const began = this.#sync();
    this.#at = began ? this.#bounded(this.#at + step) : this.#bounded(this.#at);
    if (!extend || !began) this.#from = this.#at;
    this.#apply();
  }

  /**
   * Choose the sentence that holds an offset.
   * @param {number} offset
   */
  pick(offset) {
    const index = this.#index(offset);
    if (index < 0) return;
    this.#from = index;
    this.#at = index;
    this.#apply();
  }

  /** Let the other end of the selection move. */
  swap() {
    if (!read(this.blocks)) return false;
    const words = swapEnds() ? "start" : "end";
    [this.#from, this.#at] = [this.#at, this.#from];
    emit("say", { words: `The ${words} of the selection moves now.` });
    return true;
  }

  /**
   * Take the cursor off the page when something else was selected.
   * @param {Words | null} chosen
   */
  keep(chosen) {
    if (chosen && (chosen.start !== this.#painted.start || chosen.end !== this.#painted.end)) this.hide();
  }

  /** Take the cursor off the page; the place stays known. */
  hide() {
    this.painter?.mark("cursor", []);
  }

  /** Begin where the selection is, unless it is the cursor's own; false when there was neither. */
  #sync() {
    const chosen = read(this.blocks);
    if (chosen) {
      const [first, final] = [this.#index(chosen.start), this.#index(chosen.end - 1)];
      const own = Math.min(this.#from, this.#at) === first && Math.max(this.#from, this.#at) === final;
      if (!own) [this.#from, this.#at] = [first, final];
      return true;
    }
    if (this.#at >= 0 && onScreen(this.blocks, this.sentences[this.#at], this.frame)) return true;
    const edge = this.frame ? openPart(this.frame).ceiling : innerHeight * MARGIN;
    const top = this.painter?.near.find((block) => block.element.getBoundingClientRect().bottom > edge);
    this.#at = Math.max(this.#index(top?.start ?? 0), 0);
    return false;
  }

  #apply() {
    const start = this.sentences[Math.min(this.#from, this.#at)][0];
    const end = this.sentences[Math.max(this.#from, this.#at)][1];
    choose(this.blocks, start, end, this.#at < this.#from);
    this.#painted = { start, end };
    this.painter?.mark("cursor", [this.#painted]);
    const [from, to] = this.sentences[this.#at];
    intoView(this.blocks, from, to, this.frame);
    // For ears only: the eye sees the selection, and a visible line would cover the text.
    byId("heard").textContent = `Sentence ${this.#at + 1} of ${this.sentences.length}: ${this.blocks.text(from, to)}`;
  }

  /** @param {number} index */
  #bounded(index) {
    return Math.min(Math.max(index, 0), this.sentences.length - 1);
  }

  /**
   * The sentence that holds an offset, or the last one before it.
   * @param {number} offset
   */
  #index(offset) {
    return last(this.sentences, (sentence) => sentence[0] <= offset);
  }
}

/**
 * Scroll only when the words are not wholly on the screen; longer ones than the screen show their beginning.
 * @param {Blocks} blocks
 * @param {number} start
 * @param {number} end
 * @param {HTMLElement | null} [frame]
 */
export function intoView(blocks, start, end, frame = null) {
  const box = blocks.range(start, end).getBoundingClientRect();
  const { ceiling, floor } = openPart(frame);
  const margin = (floor - ceiling) * MARGIN;
  const [first, final] = [ceiling + margin, floor - margin];
  if (box.top >= first && box.bottom <= final) return;
  const up = box.top < first || box.height > final - first;
  (frame ?? window).scrollBy({ top: up ? box.top - first : box.bottom - final, behavior: "instant" });
}

/**
 * The part of the screen in which the text can be seen, in pixels from the top.
 * @param {HTMLElement | null} frame
 */
function openPart(frame) {
  if (!frame) return { ceiling: 0, floor: openHeight() };
  const { top, bottom } = frame.getBoundingClientRect();
  return { ceiling: top, floor: bottom };
}

/**
 * @param {Blocks} blocks
 * @param {[start: number, end: number]} sentence
 * @param {HTMLElement | null} frame
 */
function onScreen(blocks, [start, end], frame) {
  const box = blocks.range(start, end).getBoundingClientRect();
  const { ceiling, floor } = frame ? openPart(frame) : { ceiling: 0, floor: innerHeight };
  return box.bottom > ceiling && box.top < floor;
}
