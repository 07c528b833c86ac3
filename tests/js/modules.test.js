import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const STATIC = /(?:^|\n)\s*(?:import|export)\s[^;'"]*?["'](\.[^"']+)["']/g;
const MOST = 28;

/** All modules that come with one, by name. @param {string} entry */
function closure(entry) {
  const waiting = [new URL(`../../static/js/${entry}`, import.meta.url).href];
  const found = new Set();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const [, path] of readFileSync(new URL(next), "utf8").matchAll(STATIC)) waiting.push(new URL(path, next).href);
  }
  return [...found].map((href) => href.split("/static/js/")[1]);
}

test("the reader starts with few modules; palette and copies are loaded when they are wanted", () => {
  const first = closure("reader/reader.js");
  assert.ok(first.length <= MOST, `${first.length} modules`);
  assert.deepEqual(first.filter((name) => /palette|farends|linkform|search|copy\w*\.js|passage|like/.test(name)), []);
});

test("what paints the text waits for next to nothing", () => {
  assert.equal(closure("reader/page.js").length, 5);
});

test("the later parts bring in themselves whatever they need", () => {
  assert.ok(closure("reader/palette.js").includes("reader/farends.js"));
  assert.ok(closure("reader/copy.js").includes("reader/copykeep.js"));
});
