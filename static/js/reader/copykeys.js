// The pane of a copy by mouse, finger and key. Inside it the keys of the article and of its cards rest.
import { bind } from "../page/keys.js";
import { say } from "../page/dom.js";

/** @typedef {ReturnType<typeof import("./copy.js").makePane>} Pane */

const SCOPE = "Copy beside the article";

/** @param {Pane} pane */
export function bindCopyKeys(pane) {
  const { on } = pane;
  const here = () => !on.pane.hidden && on.pane.contains(document.activeElement);
  /** @param {() => unknown} act */
  const inside = (act) => () => (here() && pane.shown ? act() : false);
  bind(SCOPE, "Escape", "Close the copy", () => (here() || (!on.pane.hidden && document.activeElement === document.body) ? pane.close() : false));
  bind(SCOPE, "Enter", "Use the selected words", (event) => (onButton(event) ? false : inside(() => pane.use())()));
  bind(SCOPE, "j", "Next sentence", inside(() => pane.cursor?.move(1, false)));
  bind(SCOPE, "k", "Previous sentence", inside(() => pane.cursor?.move(-1, false)));
  bind(SCOPE, "Shift+J", "Select one sentence more", inside(() => pane.cursor?.move(1, true)));
  bind(SCOPE, "Shift+K", "Select one sentence less, or more upwards", inside(() => pane.cursor?.move(-1, true)));
  bind(SCOPE, "x", "Swap ends", inside(() => pane.cursor?.swap()));
  for (const key of ["f", "/"]) bind(SCOPE, key, "Find words in the copy", inside(() => on.find.focus()));
  on.pane.addEventListener("keydown", restOfKeys);
  search(pane);
  press(pane);
}

/** @param {KeyboardEvent} event */
function onButton(event) {
  return event.target instanceof Element && event.target.closest("button, a, summary") !== null;
}

/** A letter that means nothing here must not delete the annotation whose card lies behind. @param {KeyboardEvent} event */
function restOfKeys(event) {
  const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (letter && !/[jkxf/?]/i.test(event.key)) event.stopPropagation();
}

/** @param {Pane} pane */
function search(pane) {
  const { find, text } = pane.on;
  find.addEventListener("input", () => pane.finder.look());
  find.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) pane.finder.go(step);
    else if (event.key === "Enter") pane.selectMatch();
    else if (event.key === "Escape") text.focus({ preventScroll: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** @param {Pane} pane */
function press(pane) {
  const { close, use, which, tap, text, foot } = pane.on;
  close.addEventListener("click", () => pane.close());
  use.addEventListener("click", () => { pane.use(); });
  which.addEventListener("change", () => { pane.show(which.value).catch((error) => { if (error.name !== "AbortError") say(error.message); }); });
  // A press on the button must not take the selection away.
  for (const name of ["pointerdown", "mousedown"]) foot.addEventListener(name, (event) => event.preventDefault());
  tap.addEventListener("click", () => tap.setAttribute("aria-pressed", String(tap.getAttribute("aria-pressed") !== "true")));
  text.addEventListener("click", (event) => {
    const caret = tap.getAttribute("aria-pressed") === "true" && document.caretPositionFromPoint(event.clientX, event.clientY);
    if (caret && pane.blocks.holding(/** @type {Node} */ (event.target))) pane.cursor?.pick(pane.blocks.offset(caret.offsetNode, caret.offset));
  });
}
