/**
 * The reader page: starts the parts and passes on what they tell each other.
 *
 * @typedef {import("./spans.js").Row} Row
 * @typedef {import("./bus.js").Words} Words
 * @typedef {import("./bus.js").Annotation} Annotation
 */
import { choose, read, watch } from "../anchoring/selection.js";
import { byId, say } from "../page/dom.js";
import { bind } from "../page/keys.js";
import { Bar } from "./bar.js";
import { emit, on } from "./bus.js";
import { startCards } from "./cards.js";
import { Cursor, intoView } from "./cursor.js";
import { Gutter, openHeight, Overview, startSheet } from "./edges.js";
import { startEditor } from "./editor.js";
import { findDialog } from "./find.js";
import { startLater } from "./later.js";
import { blocks, data, live, painter, spans, text } from "./page.js";
import { Picker, once } from "./pick.js";

const SETTLE = 120;
const DAMAGED = "The words of this paragraph are no longer those of the article, perhaps because a translator changed the page. "
  + "Nothing was saved. Turn the translator off and load the page again.";

const cursor = new Cursor(blocks, painter, data.sentences);
const picker = new Picker(blocks, spans, data.tones);
const overview = new Overview(blocks, spans, (offset) => reveal(offset, offset + 1));
const gutter = new Gutter(blocks, spans, data.tones, (rows, button) => {
  const { right: x, bottom: y } = button.getBoundingClientRect();
  if (rows.length === 1) emit("open", { id: rows[0][0], from: "text" });
  else picker.show(rows, { x, y });
});
const bar = new Bar(blocks, data.kinds, { may: data.can_write, swap: () => cursor.swap(), reset: () => cursor.hide(), check: sound });
const openFind = findDialog(blocks);
/** Where `n` and `p` go on from; of those that begin there, `walked` was the last. */
let place = -1;
let walked = "";

/**
 * Whether the page still holds the canonical words at this place; says so when it does not.
 * @param {Words} chosen
 */
function sound(chosen) {
  const fits = blocks.touching(chosen.start, chosen.end).every((block) => block.check());
  if (!fits) say(DAMAGED);
  return fits;
}

/**
 * @param {number} start
 * @param {number} end
 */
function reveal(start, end) {
  intoView(blocks, start, end);
  place = start;
}

/**
 * Where the panel has come up over these words, scroll them into what is left.
 * @param {any[] | undefined} words  start and end
 */
function uncover(words) {
  if (words && openHeight() < innerHeight) intoView(blocks, words[0], words[1]);
}

/** @param {string} id */
function showAnnotation(id) {
  const rows = spans.of(id);
  if (rows.length === 0) return false;
  reveal(rows[0][1], rows[0][2]);
  walked = id;
  painter?.focus([id]);
  return true;
}

/**
 * Put the annotation's rows in place of the old ones and paint what that touches.
 * @param {string} id
 * @param {Row[]} rows
 */
function put(id, rows) {
  const touched = spans.replace(id, rows);
  redraw(touched);
  if (touched.length && !live) say("Load the page again to see this change among the marked words.");
}

/** @param {import("./spans.js").Range[]} touched */
function redraw(touched) {
  painter?.repaint(touched);
  gutter.count([...new Set(touched.flatMap(({ start, end }) => blocks.touching(start, end)))]);
  overview.draw();
}

/** @param {Annotation} annotation */
function changed({ id, tone, spans: all, deleted }) {
  const here = deleted ? [] : all.filter((span) => span.snapshot === data.snapshot && span.anchor !== "orphaned");
  put(id, here.map(({ start, end }) => [id, start, end, tone]));
  painter?.mark("pending", []);
}

/** @param {1 | -1} step */
function walk(step) {
  const firsts = once(spans.rows).sort((one, other) => one[1] - other[1] || (one[0] < other[0] ? -1 : 1));
  const selected = read(blocks)?.start;
  const at = selected ?? (place < 0 ? (painter?.near[0]?.start ?? 0) - step : place);
  const here = selected === undefined ? firsts.findIndex((row) => row[0] === walked && row[1] === place) : -1;
  const beyond = () => (step > 0 ? firsts.find((row) => row[1] > at) : firsts.findLast((row) => row[1] < at));
  const next = here < 0 ? beyond() : firsts[here + step];
  if (!next) return say(step > 0 ? "No annotation further down." : "No annotation further up.");
  showAnnotation(next[0]);
  emit("open", { id: next[0], from: "text" });
}

/** An address may name one annotation: show it and open its card. */
function follow() {
  const id = /^#annotation-([\w-]+)$/.exec(location.hash)?.[1];
  if (live && id && showAnnotation(id)) emit("open", { id, from: "text" });
}

/** Tell which part of the text is on screen or near it. */
function announce() {
  const shown = blocks.list.filter((block) => {
    const box = block.element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  });
  const [first, final] = [shown[0], shown.at(-1)];
  if (!first || !final) return;
  overview.place(first.start, final.end);
  emit("visible", { from: first.start, to: final.end });
}

/**
 * @param {() => void} act
 * @param {number} pause
 */
function settled(act, pause) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, pause);
  };
}

function bindKeys() {
  bind("Reader", "j", "Next sentence", () => cursor.move(1, false));
  bind("Reader", "k", "Previous sentence", () => cursor.move(-1, false));
  bind("Reader", "Shift+J", "Select one sentence more", () => cursor.move(1, true));
  bind("Reader", "Shift+K", "Select one sentence less, or more upwards", () => cursor.move(-1, true));
  bind("Reader", "n", "Next annotation", () => walk(1));
  bind("Reader", "p", "Previous annotation", () => walk(-1));
  bind("Reader", "f", "Find text to annotate", openFind);
  bind("Reader", "/", "Find text to annotate", openFind);
  bind("Reader", "Escape", "Drop the selection", () => bar.close());
}

/** A tap on the text picks its sentence, for fingers, until one is annotated: then a tap opens highlights again. */
function tapping() {
  const button = byId("tap");
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  });
  on("annotate", () => button.setAttribute("aria-pressed", "false"));
  text.addEventListener("click", (event) => {
    if (button.getAttribute("aria-pressed") !== "true") return;
    const caret = document.caretPositionFromPoint(event.clientX, event.clientY);
    if (!caret || !blocks.holding(/** @type {Node} */ (event.target))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    cursor.pick(blocks.offset(caret.offsetNode, caret.offset));
  }, { capture: true });
}

function listen() {
  on("focus", ({ ids }) => painter?.focus(ids));
  on("open", ({ id, from }) => {
    painter?.focus([id]);
    [walked, place] = [id, spans.of(id)[0]?.[1] ?? place];
    if (from === "text") uncover(spans.of(id)[0]?.slice(1, 3));
  });
  on("show", ({ id }) => { if (!showAnnotation(id)) say("Its words are not in this version of the text."); });
  on("changed", ({ annotation }) => changed(annotation));
  on("removed", ({ id }) => put(id, []));
  on("filter", ({ ids }) => {
    redraw(spans.show(ids && new Set(ids)));
    for (const mark of live ? [] : text.querySelectorAll("mark")) {
      mark.toggleAttribute("data-off", ids !== null && !mark.dataset.annotations?.split(" ").some((id) => ids.includes(id)));
    }
  });
  on("annotate", ({ spans: words }) => {
    painter?.mark("pending", words);
    uncover([words[0].start, words[0].end]);
  });
  on("select", ({ start, end }) => { choose(blocks, start, end); reveal(start, end); });
  on("move-ends", ({ id, ordinal }) => {
    const row = spans.of(id)[ordinal];
    if (row) emit("select", { start: row[1], end: row[2] });
  });
  on("closed", () => {
    painter?.mark("pending", []);
    painter?.focus([]);
    text.focus({ preventScroll: true });
  });
  on("say", ({ words }) => say(words));
}

function watchDamage() {
  const look = settled(() => {
    byId("damaged").hidden = blocks.damaged().length === 0;
    painter?.repaint([{ start: 0, end: blocks.end }]);
  }, SETTLE);
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => blocks.holding(target))) look();
  }).observe(text, { childList: true, characterData: true, subtree: true });
}

watch(blocks, (chosen) => {
  cursor.keep(chosen);
  bar.show(chosen);
});
tapping();
bindKeys();
startSheet();
listen();
watchDamage();
byId("find-open").addEventListener("click", openFind);
byId("walk-back").addEventListener("click", () => walk(-1));
byId("walk-on").addEventListener("click", () => walk(1));
gutter.count(blocks.list);
overview.draw();
startEditor(data);
startLater(data);
startCards(data);
for (const name of ["scroll", "resize"]) addEventListener(name, settled(announce, SETTLE), { passive: true });
announce();
addEventListener("hashchange", follow);
follow();
