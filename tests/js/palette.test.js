import assert from "node:assert/strict";
import { test } from "node:test";
import { linksInWords, startOf, quoteOf, wordsOf } from "../../static/js/reader/card.js";
import { beginning, isAddress } from "../../static/js/reader/farends.js";
import { group, offers } from "../../static/js/reader/search.js";

const RESULTS = [
  { kind: "annotation", id: "a1", title: "here", article: "art" },
  { kind: "annotation", id: "a2", title: "there", article: "other" },
  { kind: "source", id: "s1", title: "A law" },
  { kind: "annotation", id: "me", title: "itself", article: "art" },
];

test("results stand in groups, sources first, and never offer the annotation itself", () => {
  const groups = group(RESULTS, "art", "me");
  assert.deepEqual(groups.map(({ words }) => words), ["Sources", "Annotations of this article", "Annotations of other articles"]);
  assert.deepEqual(groups.map(({ results }) => results.map(({ id }) => id)), [["s1"], ["a1"], ["a2"]]);
});

test("a new statement and a new source are always offered, for an address the source first", () => {
  assert.deepEqual(offers("").results.map(({ kind }) => kind), ["new-statement", "new-source"]);
  assert.equal(offers("https://example.org/law").results[0].title, "New source: https://example.org/law");
});

test("only words that are a web address count as one", () => {
  assert.equal(isAddress("https://example.org/a?b"), true);
  assert.equal(isAddress("www.example.org"), true);
  assert.equal(isAddress("the law of 2022"), false);
  assert.equal(isAddress("javascript:alert(1)"), false);
});

test("what was typed in the search starts the form", () => {
  assert.deepEqual(beginning("source", "www.example.org"), { url: "https://www.example.org" });
  assert.deepEqual(beginning("source", "A law"), { title: "A law" });
  assert.deepEqual(beginning("statement", "“We will not.”"), { quote: "We will not." });
  assert.deepEqual(beginning("statement", ""), {});
});

test("a card quotes every span of its annotation and stands where the first begins", () => {
  const annotation = { id: "a", tone: "open", spans: [{ start: 4, exact: "fell" }, { start: 20, exact: "again" }] };
  assert.equal(quoteOf(annotation), "“fell … again”");
  assert.equal(startOf(annotation), 4);
});

test("a value without words is shown as it is", () => {
  assert.equal(wordsOf([["page", "Page"]], "page"), "Page");
  assert.equal(wordsOf([["page", "Page"]], "folio"), "folio");
  assert.equal(wordsOf(undefined, null), "");
});

test("a closed card counts its links and says that one contradicts", () => {
  const [supports, contradicts] = [{ relation: "supports" }, { relation: "contradicts" }];
  assert.equal(linksInWords([]), "");
  assert.equal(linksInWords([supports]), "1 link");
  assert.equal(linksInWords([supports, contradicts]), "2 links, 1 contradicts");
  assert.equal(linksInWords([contradicts, contradicts]), "2 links, 2 contradict");
});
