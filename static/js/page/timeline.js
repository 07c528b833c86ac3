// Pictures of time: they open at their newest end; the arrows walk along the marks, which are one stop of the tab key;
// a line below says what one is.

/** @typedef {{x: number, y: number}} Place */

/**
 * The number of the mark that a key leads to from number `at` of `count`; -1 for a key that leads nowhere.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @returns {number}
 */
export function next(key, at, count) {
  const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1 };
  if (!Object.hasOwn(steps, key)) return -1;
  return Math.max(0, Math.min(count - 1, steps[/** @type {keyof typeof steps} */ (key)]));
}

/**
 * Marks in order of time: from left to right, and from top to bottom where they begin together.
 * @template {Place} T
 * @param {T[]} marks
 * @returns {T[]}
 */
export function inTime(marks) {
  return [...marks].sort((one, other) => one.x - other.x || one.y - other.y);
}

/** @param {Element} mark @returns {Place} */
function placeOf(mark) {
  const box = /** @type {SVGGraphicsElement} */ (/** @type {unknown} */ (mark)).getBBox();
  return { x: box.x, y: box.y };
}

/**
 * Show the newest end of a picture that is wider than its box: that is what people look for first.
 * @param {{scrollLeft: number, scrollWidth: number}} box
 */
export function toNewest(box) {
  box.scrollLeft = box.scrollWidth;
}

/** @param {HTMLElement} figure */
export function walk(figure) {
  const found = /** @type {SVGAElement[]} */ ([...figure.querySelectorAll("a[data-mark]")]);
  const marks = inTime(found.map((mark) => ({ mark, ...placeOf(mark) }))).map((one) => one.mark);
  const line = figure.querySelector(".timeline-words");
  if (!marks.length || !(line instanceof HTMLElement)) return;
  const { words, note } = { words: line.querySelector("[data-words]"), note: line.querySelector("[data-note]") };
  if (!words || !note) return;
  const hint = "Arrow keys walk along the marks, Enter opens one.";
  const tell = (/** @type {SVGAElement} */ mark) => {
    words.textContent = mark.querySelector("title")?.textContent ?? "";
    note.textContent = mark.dataset.note ?? "";
  };
  const enter = (/** @type {SVGAElement} */ mark) => {
    for (const one of marks) one.setAttribute("tabindex", one === mark ? "0" : "-1");
    tell(mark);
    if (note.textContent) mark.setAttribute("aria-describedby", note.id);
    mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const markOf = (/** @type {Event} */ event) =>
    /** @type {SVGAElement | null} */ (event.target instanceof Element ? event.target.closest("a[data-mark]") : null);
  const box = figure.querySelector(".timeline-box");
  if (box) toNewest(box);
  words.textContent = hint;
  line.hidden = false;
  for (const one of marks) one.setAttribute("tabindex", one === marks[0] ? "0" : "-1");
  figure.addEventListener("focusin", (event) => { const mark = markOf(event); if (mark) enter(mark); });
  figure.addEventListener("pointerover", (event) => { const mark = markOf(event); if (mark) tell(mark); });
  figure.addEventListener("keydown", (event) => {
    const mark = markOf(event);
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    const to = mark && plain ? next(event.key, marks.indexOf(mark), marks.length) : -1;
    if (to < 0) return;
    event.preventDefault();
    event.stopPropagation();
    marks[to].focus();
  });
}

if (typeof document !== "undefined") for (const figure of document.querySelectorAll("[data-timeline]")) walk(/** @type {HTMLElement} */ (figure));
