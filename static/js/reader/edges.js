/**
 * What stands beside the text: a button per annotated block, the map of the whole article at the edge, and the panel.
 *
 * @typedef {import("../anchoring/blocks.js").Block} Block
 * @typedef {import("../anchoring/blocks.js").Blocks} Blocks
 * @typedef {import("./spans.js").Spans} Spans
 * @typedef {import("./spans.js").Row} Row
 */
import { byId, el } from "../page/dom.js";
import { emit, on } from "./bus.js";
import { once } from "./pick.js";

const BUCKETS = 200;
/** Which tone a bucket of the map shows when several lie there: the first of these. */
const LOUDEST = ["refuted", "conflicting", "unconfirmed", "unproven", "open", "submitted", "supported", "aside"];
/** @type {{[kind: string]: string}} */
const NAMES = { heading: "heading", quote: "quotation", list_item: "list item", caption: "caption", table_cell: "cell" };

/**
 * "2 annotations in this paragraph: 1 submitted, 1 open".
 * @param {Row[]} rows  one per annotation
 * @param {string} kind  of the block
 * @param {{[tone: string]: string}} tones
 */
export function label(rows, kind, tones) {
  const counts = LOUDEST.map((tone) => [rows.filter((row) => row[3] === tone).length, (tones[tone] ?? tone).toLowerCase()]);
  const parts = counts.filter(([number]) => number).map(([number, words]) => `${number} ${words}`);
  const noun = rows.length === 1 ? "annotation" : "annotations";
  return `${rows.length} ${noun} in this ${NAMES[kind] ?? "paragraph"}: ${parts.join(", ")}`;
}

/** @param {Row[]} rows */
const loudest = (rows) => LOUDEST.find((tone) => rows.some((row) => row[3] === tone)) ?? "open";

export class Gutter {
  /**
   * @param {Blocks} blocks
   * @param {Spans} spans
   * @param {{[tone: string]: string}} tones
   * @param {(rows: Row[], button: HTMLElement) => void} chosen  what a press does
   */
  constructor(blocks, spans, tones, chosen) {
    this.blocks = blocks;
    this.spans = spans;
    this.tones = tones;
    blocks.root.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".gutter"));
      const block = blocks.holding(button?.previousElementSibling ?? null);
      if (button && block) chosen(this.#rows(block), button);
    });
  }

  /**
   * Count again, for these blocks.
   * @param {Block[]} blocks
   */
  count(blocks) {
    for (const block of blocks) this.#label(block, this.#rows(block));
  }

  /** @param {Block} block */
  #rows(block) {
    return once(this.spans.touching(block.start, block.end));
  }

  /**
   * @param {Block} block
   * @param {Row[]} rows
   */
  #label(block, rows) {
    const button = /** @type {HTMLButtonElement} */ (block.element.nextElementSibling);
    button.hidden = rows.length === 0;
    if (rows.length === 0) {
      block.element.removeAttribute("aria-details");
      return;
    }
    const words = label(rows, block.element.dataset.kind ?? "", this.tones);
    button.textContent = String(rows.length);
    button.dataset.tone = loudest(rows);
    button.title = words;
    button.setAttribute("aria-label", words);
    block.element.setAttribute("aria-details", button.id);
  }
}

export class Overview {
  /**
   * @param {Blocks} blocks
   * @param {Spans} spans
   * @param {(offset: number) => void} go
   */
  constructor(blocks, spans, go) {
    this.blocks = blocks;
    this.spans = spans;
    this.strip = /** @type {HTMLElement} */ (document.getElementById("coverage"));
    this.view = el("div", { className: "map-view" });
    this.strip.addEventListener("click", (event) => {
      const box = this.strip.getBoundingClientRect();
      go(Math.floor(((event.clientY - box.top) / box.height) * blocks.end));
    });
  }

  /** Draw the whole map again: neighbouring buckets of one tone are one element. */
  draw() {
    /** @type {{tone: string, from: number, to: number}[]} */
    const runs = [];
    const size = Math.max(this.blocks.end / BUCKETS, 1);
    for (let at = 0; at * size < this.blocks.end; at += 1) {
      const rows = this.spans.touching(at * size, (at + 1) * size);
      if (rows.length === 0) continue;
      const tone = loudest(rows);
      const run = runs.at(-1);
      if (run && run.tone === tone && run.to === at) run.to = at + 1;
      else runs.push({ tone, from: at, to: at + 1 });
    }
    const part = (/** @type {number} */ buckets) => `${((buckets * size) / Math.max(this.blocks.end, 1)) * 100}%`;
    this.strip.replaceChildren(this.view, ...runs.map(({ tone, from, to }) => {
      const mark = el("div", { className: `map-mark tone-${tone}` });
      mark.style.top = part(from);
      mark.style.height = part(to - from);
      return mark;
    }));
  }

  /**
   * Show which part of the article is on the screen.
   * @param {number} from
   * @param {number} to
   */
  place(from, to) {
    const end = Math.max(this.blocks.end, 1);
    this.view.hidden = to - from >= this.blocks.end;
    this.view.style.top = `${(from / end) * 100}%`;
    this.view.style.height = `${((to - from) / end) * 100}%`;
  }
}

/** On narrow screens the panel is a sheet at the bottom; on wide ones these buttons are not shown and nothing moves. */
export function startSheet() {
  const panel = byId("panel");
  const opener = byId("panel-open");

  /** @param {boolean} open */
  const put = (open) => {
    panel.classList.toggle("open", open);
    opener.setAttribute("aria-expanded", String(open));
  };
  opener.addEventListener("click", () => {
    put(true);
    byId("panel-close").focus();
  });
  byId("panel-close").addEventListener("click", () => emit("closed", {}));
  on("annotate", () => put(true));
  on("open", () => put(true));
  on("closed", () => put(false));
}

/** How many pixels of the window's height the panel leaves to the text. */
export function openHeight() {
  const panel = byId("panel");
  const covers = panel.classList.contains("open") && getComputedStyle(panel).position === "fixed";
  return innerHeight - (covers ? panel.offsetHeight : 0);
}

/**
 * Scroll the panel, and nothing but the panel, until an element of it can be seen: `scrollIntoView` would move the text.
 * @param {HTMLElement} element
 */
export function showInPanel(element) {
  const panel = byId("panel");
  const frame = panel.getBoundingClientRect();
  const top = frame.top + byId("panel-close").offsetHeight;
  const bottom = Math.min(frame.bottom, innerHeight);
  const box = element.getBoundingClientRect();
  if (box.top < top) panel.scrollTop += box.top - top;
  else if (box.bottom > bottom) panel.scrollTop += Math.min(box.bottom - bottom, box.top - top);
}

/**
 * How many annotations the article has, on the button.
 * @param {string} number
 */
export function countOnSheet(number) {
  const shown = byId("panel-open").querySelector("output");
  if (shown) shown.textContent = `(${number})`;
}
