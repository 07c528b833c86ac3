import assert from "node:assert/strict";
import { test } from "node:test";
import { Spans, clipped, lanes, tints, union } from "../../static/js/reader/spans.js";

/** @param {number} seed */
function random(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

const draw = random(7);
const many = Array.from({ length: 500 }, (_, number) => {
  const start = draw(2000);
  return [`n${number}`, start, start + 1 + draw(60), ["open", "refuted"][draw(2)]];
});
const disjoint = (ranges) => ranges.every((range, at) => at === 0 || ranges[at - 1].end <= range.start);
const covered = (ranges) => new Set(ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)));
const asRanges = (rows) => rows.map(([, start, end]) => ({ start, end }));

test("touching finds just what a walk over all rows finds", () => {
  const spans = new Spans(many);
  for (let at = 0; at < 2060; at += 13) {
    const walked = spans.rows.filter((row) => row[1] < at + 5 && row[2] > at);
    assert.deepEqual(spans.touching(at, at + 5), walked);
  }
});

test("around a place the shortest comes first, and both neighbours are found", () => {
  const spans = new Spans([["long", 0, 10, "open"], ["short", 3, 5, "open"], ["next", 5, 9, "open"], ["far", 6, 9, "open"]]);
  assert.deepEqual(spans.around(5).map(([id]) => id), ["short", "next", "long"]);
});

test("a span at offset 0 is found", () => {
  assert.equal(new Spans([["first", 0, 1, "open"]]).around(0).length, 1);
});

test("replacing an annotation touches its old place and its new one", () => {
  const spans = new Spans([["a", 0, 4, "open"], ["b", 2, 3, "open"]]);
  assert.deepEqual(spans.replace("a", [["a", 8, 9, "open"]]), [{ start: 0, end: 4 }, { start: 8, end: 9 }]);
  assert.deepEqual(spans.rows.map(([id]) => id), ["b", "a"]);
});

test("putting the same rows again touches nothing", () => {
  const spans = new Spans([["a", 0, 4, "open"], ["a", 6, 9, "open"]]);
  assert.deepEqual(spans.replace("a", [["a", 6, 9, "open"], ["a", 0, 4, "open"]]), []);
});

test("removing what is not there touches nothing", () => {
  assert.deepEqual(new Spans([["a", 0, 4, "open"]]).replace("z", []), []);
});

test("a union is disjoint and covers what its rows cover", () => {
  const rows = new Spans(many).rows;
  const ranges = union(rows);
  assert.ok(disjoint(ranges));
  assert.deepEqual(covered(ranges), covered(asRanges(rows)));
});

test("each tone has its own union", () => {
  const found = tints([["a", 0, 5, "open"], ["b", 1, 3, "refuted"], ["c", 4, 8, "open"]]);
  assert.deepEqual(found.get("open"), [{ start: 0, end: 8 }]);
  assert.deepEqual(found.get("refuted"), [{ start: 1, end: 3 }]);
});

test("no two ranges of one lane overlap", () => {
  for (const lane of lanes(new Spans(many).rows)) assert.ok(disjoint(lane));
});

test("three overlapping rows take three lanes, a fourth takes none", () => {
  const rows = [0, 1, 2, 3].map((at) => [`n${at}`, at, 10, "open"]);
  assert.deepEqual(lanes(rows).map((lane) => lane.length), [1, 1, 1]);
});

test("rows are cut to their block", () => {
  assert.deepEqual(clipped([["a", 0, 50, "open"]], 10, 20), [["a", 10, 20, "open"]]);
});

test("a filter hides rows from the text and not from their annotation, and says where the text changes", () => {
  const spans = new Spans([["a", 0, 5, "open"], ["b", 10, 20, "open"]]);
  assert.deepEqual(spans.show(new Set(["a"])), [{ start: 10, end: 20 }]);
  assert.deepEqual([spans.touching(0, 30).length, spans.of("b").length], [1, 1]);
  assert.deepEqual(spans.show(null), [{ start: 10, end: 20 }]);
  assert.deepEqual(spans.show(null), []);
});

test("what was just written is shown, whatever the filter says", () => {
  const spans = new Spans([["a", 0, 5, "open"], ["b", 10, 20, "open"]]);
  spans.show(new Set(["a"]));
  assert.deepEqual(spans.replace("c", [["c", 30, 40, "open"]]), [{ start: 30, end: 40 }]);
  assert.deepEqual(spans.touching(0, 50).map(([id]) => id), ["a", "c"]);
  spans.show(null);
  assert.deepEqual(spans.rows.map(([id]) => id), ["a", "b", "c"]);
});
