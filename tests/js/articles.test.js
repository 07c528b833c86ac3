import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_BYTES, decoded, problemOf, typeOf } from "../../static/js/articles/files.js";
import { fragment, isWorthKeeping } from "../../static/js/articles/rich.js";

test("a file's ending tells its media type, whatever its case", () => {
  assert.equal(typeOf("a.b.HTM"), "text/html");
  assert.equal(typeOf("notes.md"), "text/markdown");
  assert.equal(typeOf("notes.txt"), undefined);
});

test("bytes are read as UTF-8 or, by their mark, as UTF-16", () => {
  assert.equal(decoded(new TextEncoder().encode("שלום é")), "שלום é");
  assert.equal(decoded(new Uint8Array([0xff, 0xfe, 0xe9, 0x00])), "é");
  assert.equal(decoded(new Uint8Array([0xfe, 0xff, 0x00, 0xe9])), "é");
});

test("bytes of another encoding are left to the server", () => {
  assert.equal(decoded(new Uint8Array([0xcf, 0xf0, 0xe8])), null);
});

test("a file that is empty or too large is refused before it is sent", () => {
  assert.match(problemOf({ name: "a.txt", size: 0 }), /empty/);
  assert.equal(problemOf({ name: "a.txt", size: MOST_BYTES }), "");
  assert.match(problemOf({ name: "a.txt", size: MOST_BYTES + 1 }), /larger than 10 MB/);
  assert.match(problemOf({ name: "a.txt", size: MOST_BYTES + 1 }, "source"), /words of the source/);
});

test("only what was selected is taken from the clipboard's HTML", () => {
  assert.equal(fragment("<html><body><!--StartFragment--><p>a</p><!--EndFragment--></body></html>"), "<p>a</p>");
  assert.equal(fragment(" <p>a</p> "), "<p>a</p>");
});

test("HTML is offered when it holds more than plain paragraphs", () => {
  assert.equal(isWorthKeeping('<p><a class="x" href="/">a</a></p>'), true);
  assert.equal(isWorthKeeping("<h2>a</h2>"), true);
  assert.equal(isWorthKeeping("<meta charset='utf-8'><span>a</span><p>b</p><br>"), false);
});
