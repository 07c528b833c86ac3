import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, opening } from "../../static/js/reader/copyparts.js";
import { views } from "../../static/js/reader/copytext.js";
import { matches } from "../../static/js/reader/find.js";
import { before, passageFields } from "../../static/js/reader/passage.js";

const TEXT = "😀 Köln.\n\nهذا نص عربي";
const BLOCKS = [{ kind: "paragraph", start: 0, end: 7, page: 1 }, { kind: "paragraph", start: 9, end: 20, page: 2 }];
const CHOSEN = { start: 2, end: 6, exact: "Köln" };
const PLACE = { snapshot: "copy", start: 0, end: 1, exact: "😀", prefix: "", suffix: " " };

const wordsOf = (view) => view.pieces.map(({ words }) => words).join("");

test("blocks hold exactly their words, counted in code points", () => {
  const [first, second] = views(TEXT, BLOCKS, []);
  assert.deepEqual([wordsOf(first), wordsOf(second)], ["😀 Köln.", "هذا نص عربي"]);
  assert.deepEqual([first.gap, second.gap, second.start, second.length], ["", "\n\n", 9, 11]);
});

test("marks that overlap become pieces side by side, also across blocks", () => {
  const marks = [{ type: "em", start: 2, end: 12 }, { type: "strong", start: 0, end: 6 }, { type: "link", start: 0, end: 3 }];
  const [first, second] = views(TEXT, BLOCKS, marks);
  assert.deepEqual(first.pieces.map(({ words, styles }) => [words, ...styles]), [["😀 ", "strong"], ["Köln", "strong", "em"], [".", "em"]]);
  assert.deepEqual(second.pieces.map(({ styles }) => styles), [["em"], []]);
});

test("words are found by code points, whatever stands before them", () => {
  assert.deepEqual(matches(TEXT, "köln").map(({ start, end }) => [start, end]), [[2, 6]]);
  assert.deepEqual(matches(TEXT, "عربي").map(({ start, end }) => [start, end]), [[16, 20]]);
});

test("the page of a copy becomes the locator of a link that has none", () => {
  const passage = { snapshot: "copy", ...CHOSEN };
  assert.deepEqual(passageFields({ locator: "" }, "copy", CHOSEN, 4), { passage, locator_kind: "page", locator: "4" });
  assert.deepEqual(passageFields({ locator: "12" }, "copy", CHOSEN, 4), { passage });
  assert.deepEqual(passageFields({ locator: "" }, "copy", CHOSEN, null), { passage });
});

test("going back gives a link what it had, and nothing else", () => {
  const link = { passage: PLACE, locator: "", locator_kind: null, note: "kept" };
  const { prefix, suffix, ...place } = PLACE;
  assert.deepEqual(before(link, passageFields(link, "copy", CHOSEN, 4)), { passage: place, locator_kind: null, locator: "" });
  assert.deepEqual(before({ passage: null }, { passage: {} }), { passage: null });
  assert.deepEqual([prefix, suffix], ["", " "]);
});

test("the copy with the passage is opened, else the newest with a text", () => {
  const [third, second, first] = [{ id: "3", unread: "scanned" }, { id: "2" }, { id: "1" }];
  assert.equal(opening([third, second, first], { snapshot: "1" }), first);
  assert.equal(opening([third, second, first], null), second);
  assert.equal(opening([third], null), third);
  assert.equal(opening([], null), undefined);
});

test("a copy is named by its number, how many there are, and its day", () => {
  const copy = { id: "2", number: 2, captured_at: "2026-11-22T15:13:48.123456Z" };
  assert.equal(nameOf(copy, 3), "2 of 3, 22 November 2026");
});
