import assert from "node:assert/strict";
import { test } from "node:test";
import { count, fromUnits, hasSurrogates, slice, toUnits, trimmed } from "../../static/js/anchoring/codepoints.js";

const FAMILY = "\u{1F469}\u200D\u{1F469}\u200D\u{1F467}";
const MIXED = `a${FAMILY}é e\u0301 \u{1F1FA}\u{1F1E6} שלום 日本`;

test("a text of plain letters has no surrogates", () => {
  assert.equal(hasSurrogates("naïve – שלום 日本"), false);
  assert.equal(hasSurrogates(FAMILY), true);
});

test("code points are counted as Python counts them", () => {
  assert.equal(count(FAMILY), 5);
  assert.equal(count("\u{1F1FA}\u{1F1E6}"), 2);
  assert.equal(count("e\u0301"), 2);
  assert.equal(count("\uD83D"), 1);
});

test("every code point goes to units and back", () => {
  const points = [...MIXED];
  for (let at = 0; at <= points.length; at += 1) {
    const units = toUnits(MIXED, at);
    assert.equal(MIXED.slice(0, units), points.slice(0, at).join(""));
    assert.equal(fromUnits(MIXED, units), at);
  }
});

test("offset 0 and the end are offsets like any other", () => {
  assert.equal(fromUnits(MIXED, 0), 0);
  assert.equal(toUnits(MIXED, count(MIXED)), MIXED.length);
  assert.equal(toUnits("ab", 9), 2);
});

test("a slice cuts between code points", () => {
  assert.equal(slice(MIXED, 1, 6), FAMILY);
  assert.equal(slice(MIXED, 0, 0), "");
});

test("trimming counts what it leaves in code points", () => {
  assert.deepEqual(trimmed(` \n\u00A0${FAMILY} x\u2028 `), { start: 3, end: 10 });
  assert.deepEqual(trimmed("x"), { start: 0, end: 1 });
  assert.equal(trimmed(" \n\u200B"), null);
});
