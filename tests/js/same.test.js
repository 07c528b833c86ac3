import assert from "node:assert/strict";
import { test } from "node:test";
import { question, told } from "../../static/js/statements/same.js";

test("nothing is asked before there is something to compare", () => {
  assert.equal(question("p", { name: "Mi" }), null);
  assert.equal(question("p", { quote: "  ", speaker: "Mira", said_on: "" }), null);
  assert.equal(question("p", { quote: "", speaker: "", said_on: "2022-10-04" }), null);
});

test("a name, words, or a speaker with a day are asked for", () => {
  assert.equal(question("p", { name: "Mira & Co" }), "/projects/p/speakers/like?name=Mira+%26+Co");
  assert.equal(question("p", { quote: "Never.", speaker: "", said_on: "" }), "/projects/p/statements/like?quote=Never.");
  assert.equal(question("p", { quote: "", speaker: "Mira", said_on: "2022-10-04" }), "/projects/p/statements/like?speaker=Mira&said_on=2022-10-04");
});

test("what is found is named with its reason", () => {
  const said = { id: "1", url: "/", reason: "same words", quote: "x".repeat(200), said_on: "2022-10", speaker: { name: "Mira" } };
  assert.equal(told(said).words.length, "Mira: “”".length + 118);
  assert.equal(told(said).why, "same words, October 2022");
  assert.deepEqual(told({ id: "1", url: "/", reason: "other name", name: "Mira" }), { words: "Mira", why: "other name" });
});
