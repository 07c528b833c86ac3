import assert from "node:assert/strict";
import { test } from "node:test";
import { quoteOf, startOf } from "../../static/js/reader/card.js";
import { beginning, isAddress } from "../../static/js/reader/farends.js";
import { questions, toldOf } from "../../static/js/reader/like.js";
import { elsewhere, group, offers } from "../../static/js/reader/search.js";

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

test("what may be of use comes first, then the same speaker, and nothing twice", () => {
  const said = { kind: "statement", id: "t1", title: "Mira Velk", same_speaker: true };
  const groups = group([...RESULTS, said], "art", "me", [RESULTS[2]]);
  assert.deepEqual(groups.slice(0, 2).map(({ words }) => words), ["Perhaps of use", "By the same speaker"]);
  assert.deepEqual(groups.map(({ results }) => results.map(({ id }) => id)), [["s1"], ["t1"], ["a1"], ["a2"]]);
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

const SAID = { id: "t1", url: "/statements/t1/", quote: "We will not.", said_on: "2025-02", speaker: { name: "Mira Velk" }, reason: "same words" };

test("what is like a new thing is asked for once there is enough of it", () => {
  const paths = (kind, typed) => questions(kind, "p", typed).map(({ path }) => path);
  assert.deepEqual(paths("source", { url: "ht", title: "" }), []);
  assert.deepEqual(paths("source", { url: "", title: "A law" }), ["/projects/p/sources/like?url=&title=A+law"]);
  assert.deepEqual(paths("statement", { speaker: "Mira", quote: "", said_on: "" }), ["/projects/p/speakers/like?name=Mira"]);
  assert.equal(paths("statement", { speaker: "Mira", quote: "We will", said_on: "2025" })[1], "/projects/p/statements/like?speaker=Mira&quote=We+will&said_on=2025");
});

test("what is there already is named with the way it is alike", () => {
  assert.equal(toldOf(SAID), "Mira Velk: “We will not.” (same words, February 2025)");
  assert.equal(toldOf({ id: "s1", title: "A law", url: "", reason: "same address" }), "A law (same address)");
});

test("annotations on the same words are not offered as if they were of use", () => {
  const spans = [["me", 0, 10, "open"], ["over", 5, 20, "open"], ["next", 10, 20, "open"]];
  const items = [{ kind: "annotation", id: "over", title: "" }, { kind: "annotation", id: "next", title: "" }, { kind: "statement", id: "s", title: "" }];
  assert.deepEqual(elsewhere(items, spans, "me", "other").map(({ id }) => id), ["next", "s"]);
});

test("what was said elsewhere is suggested before this article's own annotations", () => {
  const [here, there] = [{ kind: "annotation", id: "here", title: "", article: "art" }, { kind: "annotation", id: "there", title: "", article: "other" }];
  const items = [here, { kind: "statement", id: "s", title: "" }, there];
  assert.deepEqual(elsewhere(items, [], "me", "art").map(({ id }) => id), ["s", "there", "here"]);
  const many = Array.from({ length: 9 }, (_, number) => ({ kind: "statement", id: String(number), title: "" }));
  assert.equal(elsewhere([here, ...many], [], "me", "art").at(-1)?.id, "5");
});
