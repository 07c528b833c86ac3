/**
 * What is under the pointer: one annotation opens its card; several, or a link among them, open a list to choose from.
 *
 * @typedef {import("../anchoring/blocks.js").Blocks} Blocks
 * @typedef {import("../anchoring/blocks.js").Block} Block
 * @typedef {import("./spans.js").Spans} Spans
 * @typedef {import("./spans.js").Row} Row
 */
import { el } from "../page/dom.js";
import { emit } from "./bus.js";

/** Code points around the caret whose boxes are looked at. */
const REACH = 60;
/** Pixels above and below a line of letters that still belong to it: there the underlines lie. */
const ABOVE = 4;
const BELOW = 9;
/** Pixels between two clicks at "the same" point. */
const STILL = 5;
const LONGEST = 110;

/**
 * The rows under a point of the viewport, the shortest span first.
 * @param {Blocks} blocks
 * @param {Spans} spans
 * @param {number} x
 * @param {number} y
 * @returns {Row[]}
 */
export function hit(blocks, spans, x, y) {
  const caret = document.caretPositionFromPoint(x, y);
  const block = caret && blocks.holding(caret.offsetNode);
  if (!caret || !block) return [];
  const offset = block.offset(caret.offsetNode, caret.offset);
  return spans.around(offset).filter((row) => confirmed(block, row, offset, x, y));
}

/**
 * The caret snaps to the nearest letter, so the point may lie in a margin: only the boxes of the words count.
 * @param {Block} block
 * @param {Row} row
 * @param {number} offset
 * @param {number} x
 * @param {number} y
 */
function confirmed(block, [, start, end], offset, x, y) {
  const from = block.point(Math.max(start, block.start, offset - REACH), "start");
  const to = block.point(Math.min(end, block.end, offset + REACH), "end");
  const range = document.createRange();
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  return [...range.getClientRects()].some(
    (box) => x >= box.left && x <= box.right && y >= box.top - ABOVE && y <= box.bottom + BELOW,
  );
}

export class Picker {
  /** @type {{x: number, y: number, at: number, ids: string}} */
  #last = { x: -1, y: -1, at: 0, ids: "" };

  /**
   * @param {Blocks} blocks
   * @param {Spans} spans
   * @param {{[tone: string]: string}} tones  words for each
   */
  constructor(blocks, spans, tones) {
    this.blocks = blocks;
    this.spans = spans;
    this.tones = tones;
    this.list = /** @type {HTMLElement} */ (document.getElementById("pick"));
    blocks.root.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("toggle", (event) => {
      if (event.newState === "closed") emit("focus", { ids: [] });
    });
  }

  /**
   * List these annotations at a point of the viewport, with one of them focused.
   * @param {Row[]} rows
   * @param {{x: number, y: number, at?: number, link?: HTMLAnchorElement | null}} place
   */
  show(rows, { x, y, at = 0, link = null }) {
    const entries = rows.map((row) => this.#entry(row));
    this.list.replaceChildren(...entries, ...(link ? [linkEntry(link)] : []));
    this.list.showPopover();
    const { offsetWidth: width, offsetHeight: height } = this.list;
    this.list.style.left = `${Math.max(Math.min(x, innerWidth - width - 8), 8)}px`;
    this.list.style.top = `${y + 14 + height > innerHeight ? Math.max(y - height - 14, 8) : y + 14}px`;
    this.#stops()[at]?.focus();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[href]"));
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.detail === 0) return;
    if (document.getSelection()?.isCollapsed === false) {
      if (link) event.preventDefault();
      return;
    }
    const rows = once(hit(this.blocks, this.spans, event.clientX, event.clientY));
    if (rows.length === 0) return;
    if (link) event.preventDefault();
    if (rows.length === 1 && !link) emit("open", { id: rows[0][0], from: "text" });
    else this.show(rows, { x: event.clientX, y: event.clientY, at: this.#turn(rows, event), link });
  }

  /**
   * Which entry is on turn: the first, or at the same point the next one.
   * @param {Row[]} rows
   * @param {MouseEvent} event
   */
  #turn(rows, { clientX: x, clientY: y }) {
    const ids = rows.map((row) => row[0]).join(" ");
    const again = ids === this.#last.ids && Math.hypot(x - this.#last.x, y - this.#last.y) <= STILL;
    this.#last = { x, y, ids, at: again ? (this.#last.at + 1) % rows.length : 0 };
    return this.#last.at;
  }

  /** @param {Row} row */
  #entry([id, start, end, tone]) {
    const words = this.blocks.text(start, end).replace(/\s+/gu, " ");
    const quote = words.length > LONGEST ? `${words.slice(0, LONGEST).replace(/\s?\S*$/u, "")}…` : words;
    const author = document.querySelector(`#card-${id} [data-part=by]`)?.textContent ?? "";
    const button = el(
      "button",
      { type: "button", className: `pick-entry tone-${tone}` },
      el("span", { className: "pick-tone" }, this.tones[tone] ?? tone),
      el("q", { dir: "auto" }, quote),
      el("span", { className: "pick-author" }, author),
    );
    const focus = () => emit("focus", { ids: [id] });
    button.addEventListener("focus", focus);
    button.addEventListener("pointerenter", focus);
    button.addEventListener("click", () => {
      this.list.hidePopover();
      emit("open", { id, from: "text" });
    });
    return button;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const stops = this.#stops();
    const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowDown: at + 1, ArrowUp: at - 1 + stops.length, Home: 0, End: stops.length - 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    stops[step % stops.length].focus();
  }

  #stops() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("button, a")]);
  }
}

/**
 * The first row of each annotation.
 * @param {Row[]} rows
 */
export function once(rows) {
  return [...new Map([...rows].reverse().map((row) => [row[0], row])).values()].reverse();
}

/** @param {HTMLAnchorElement} link */
function linkEntry(link) {
  const host = link.protocol === "mailto:" ? link.href.slice(7) : link.hostname;
  return el(
    "a",
    { href: link.href, rel: "noopener noreferrer nofollow", target: "_blank", className: "pick-entry pick-link" },
    "Open link ",
    el("span", { className: "pick-host" }, host),
  );
}
