import assert from "node:assert/strict";
import { test } from "node:test";
import { shownDate } from "../../static/js/page/dom.js";
import { newId, Problem } from "../../static/js/page/http.js";
import { keyName } from "../../static/js/page/keys.js";

test("a date is written as precisely as it is known, and no more", () => {
  assert.equal(shownDate("2022-10-04"), "4 October 2022");
  assert.equal(shownDate("2025-02"), "February 2025");
  assert.equal(shownDate("2025"), "2025");
  assert.equal(shownDate(null), "date unknown");
});

test("a new id is a UUID of version 7 that begins with the time", () => {
  const id = newId();
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const time = Number.parseInt(id.slice(0, 13).replace("-", ""), 16);
  assert.ok(Math.abs(time - Date.now()) < 5000);
});

test("a refusal carries its name, its sentence and what is stored now", () => {
  const problem = new Problem(412, { type: "/problems/stale", detail: "Ben changed this.", current: { version: 4 } });
  assert.equal(problem.name, "stale");
  assert.equal(problem.message, "Ben changed this.");
  assert.equal(problem.current.version, 4);
});

test("a refusal without words still says what happened", () => {
  assert.match(new Problem(502, {}).message, /502/);
});

test("a key is named as it is bound, whatever the state of caps lock", () => {
  assert.equal(keyName({ key: "l" }), "l");
  assert.equal(keyName({ key: "L" }), "l");
  assert.equal(keyName({ key: "J", shiftKey: true }), "Shift+J");
  assert.equal(keyName({ key: "?", shiftKey: true }), "?");
  assert.equal(keyName({ key: "Enter", metaKey: true }), "Ctrl+Enter");
});
