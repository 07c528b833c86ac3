import assert from "node:assert/strict";
import { test } from "node:test";
import { places } from "../../static/js/reader/find.js";

const found = (text, wanted) => places(text, wanted).map(({ at, length }) => text.slice(at, at + length));

test("words are found whatever their case and white space", () => {
  assert.deepEqual(found("The old\n\nHarbour and the OLD harbour", "old harbour"), ["old\n\nHarbour", "OLD harbour"]);
});

test("quotation marks and dashes stand for their kin", () => {
  assert.deepEqual(found("She said “we can’t” – twice", "\"we can't\" - twice"), ["“we can’t” – twice"]);
});

test("signs with a meaning in patterns are only themselves", () => {
  assert.deepEqual(found("Is it (7.9%)? 7x9", "(7.9%)?"), ["(7.9%)?"]);
  assert.deepEqual(found("a/b [c] {d} ^e$ |f\\", "[c] {d} ^e$ |f\\"), ["[c] {d} ^e$ |f\\"]);
});

test("astral signs and flags are found whole", () => {
  assert.deepEqual(places("x \u{1F1FA}\u{1F1E6} y", "\u{1F1FA}\u{1F1E6}"), [{ at: 2, length: 4 }]);
});

test("nothing is found for nothing", () => {
  assert.deepEqual(places("some words", "  "), []);
});
