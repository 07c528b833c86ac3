/** On narrow screens the panel is a sheet at the bottom; on wide ones these buttons are not shown and nothing moves. */
import { byId } from "../page/dom.js";
import { emit, on } from "./bus.js";

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
 * @param {number} number
 */
export function countOnSheet(number) {
  const shown = byId("panel-open").querySelector("output");
  if (shown) shown.textContent = `(${number})`;
}
