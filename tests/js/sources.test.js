import assert from "node:assert/strict";
import { test } from "node:test";
import { waiting } from "../../static/js/sources/progress.js";
import { queryOf } from "../../static/js/sources/same.js";

test("the wait is told in whole seconds, none at first", () => {
  assert.equal(waiting("Fetching the page", 0.4), "Fetching the page…");
  assert.equal(waiting("Fetching the page", 7.9), "Fetching the page… 7 s");
});

test("a source is looked for by what is known of it", () => {
  assert.equal(queryOf({ url: " https://example.org/a b ", doi: "" }), "url=https%3A%2F%2Fexample.org%2Fa+b");
  assert.equal(queryOf({ title: "The law", doi: "10.1/x" }), "doi=10.1%2Fx&title=The+law");
});

test("the source that is being changed is left out", () => {
  assert.equal(queryOf({ title: "The law" }, "1"), "title=The+law&source=1");
});

test("nothing is looked for by nothing, nor by a title that has hardly begun", () => {
  assert.equal(queryOf({}), "");
  assert.equal(queryOf({ url: " ", title: "The" }, "1"), "");
});
