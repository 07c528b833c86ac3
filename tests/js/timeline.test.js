import assert from "node:assert/strict";
import { test } from "node:test";
import { inTime, next } from "../../static/js/page/timeline.js";

test("arrows lead to the next mark and stop at the ends", () => {
  assert.equal(next("ArrowRight", 0, 3), 1);
  assert.equal(next("ArrowLeft", 0, 3), 0);
  assert.equal(next("ArrowDown", 2, 3), 2);
  assert.equal(next("ArrowUp", 2, 3), 1);
});

test("Home and End lead to the first and the last mark", () => {
  assert.equal(next("Home", 2, 3), 0);
  assert.equal(next("End", 0, 3), 2);
});

test("other keys are left to the browser", () => {
  assert.equal(next("Enter", 1, 3), -1);
  assert.equal(next("toString", 1, 3), -1);
});

test("marks are walked from left to right, then from top to bottom", () => {
  const marks = [{ x: 5, y: 2 }, { x: 1, y: 9 }, { x: 5, y: 1 }];
  assert.deepEqual(inTime(marks).map((mark) => mark.y), [9, 1, 2]);
});
