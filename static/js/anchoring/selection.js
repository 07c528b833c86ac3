/**
 * The browser's selection as words of the article, and back. A selection's own offsets are never read as text offsets:
 * a triple click or "select all" sets its ends on elements, often beyond the article.
 *
 * @typedef {import("./blocks.js").Blocks} Blocks
 * @typedef {import("../reader/bus.js").Words} Words
 */
import { trimmed } from "./codepoints.js";

/** Milliseconds without a change before a selection counts as made; handles dragged on touch change it all the time. */
const PAUSE = 150;

/**
 * What is selected of the article, without white space at its ends; null when nothing is.
 * @param {Blocks} blocks
 * @returns {Words | null}
 */
export function read(blocks) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(blocks.root)) return null;
  return words(
    blocks,
    blocks.offset(range.startContainer, range.startOffset),
    blocks.offset(range.endContainer, range.endOffset),
  );
}

/**
 * The words of [start, end) without white space at their ends; null when there are none.
 * @param {Blocks} blocks
 * @param {number} start
 * @param {number} end
 * @returns {Words | null}
 */
export function words(blocks, start, end) {
  if (end <= start) return null;
  const text = blocks.text(start, end);
  const kept = trimmed(text);
  if (!kept) return null;
  const exact = [...text].slice(kept.start, kept.end).join("");
  return { start: start + kept.start, end: start + kept.end, exact };
}

/**
 * Select [start, end); with `backwards` the start is the end that moves.
 * @param {Blocks} blocks
 * @param {number} start
 * @param {number} end
 * @param {boolean} [backwards]
 */
export function choose(blocks, start, end, backwards = false) {
  const range = blocks.range(start, end);
  const from = [range.startContainer, range.startOffset];
  const to = [range.endContainer, range.endOffset];
  const [anchor, focus] = backwards ? [to, from] : [from, to];
  document.getSelection()?.setBaseAndExtent(
    /** @type {Node} */ (anchor[0]), /** @type {number} */ (anchor[1]),
    /** @type {Node} */ (focus[0]), /** @type {number} */ (focus[1]),
  );
}

/** Let the other end of the selection move; gives whether the start moves now. */
export function swapEnds() {
  const selection = document.getSelection();
  if (!selection?.anchorNode || !selection.focusNode) return false;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  selection.setBaseAndExtent(focusNode, focusOffset, anchorNode, anchorOffset);
  return !startsAtAnchor(selection);
}

/**
 * Call the handler whenever a selection has been made, changed or dropped: after a pause, and not while the mouse drags.
 * @param {Blocks} blocks
 * @param {(chosen: Words | null) => void} handler
 * @param {AbortSignal} [signal]  ends the watching
 */
export function watch(blocks, handler, signal) {
  let timer = 0;
  let dragging = false;
  const settle = (pause = PAUSE) => {
    clearTimeout(timer);
    timer = setTimeout(() => handler(read(blocks)), pause);
  };
  document.addEventListener("selectionchange", () => dragging || settle(), { signal });
  document.addEventListener("pointerdown", (event) => {
    dragging = event.pointerType === "mouse" && event.button === 0;
    // Pressing inside a selection begins a new one, instead of dragging the old words about.
    if (dragging && !event.shiftKey && blocks.holding(/** @type {Node} */ (event.target))) document.getSelection()?.removeAllRanges();
  }, { signal });
  for (const name of ["pointerup", "pointercancel", "dragend"]) {
    document.addEventListener(name, () => {
      if (dragging) settle(0);
      dragging = false;
    }, { signal });
  }
  signal?.addEventListener("abort", () => clearTimeout(timer));
}

/** @param {Selection} selection */
function startsAtAnchor(selection) {
  const range = selection.getRangeAt(0);
  return range.startContainer === selection.anchorNode && range.startOffset === selection.anchorOffset;
}
