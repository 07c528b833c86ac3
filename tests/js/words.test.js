import assert from "node:assert/strict";
import { test } from "node:test";
import { copyInWords } from "../../static/js/reader/linkline.js";
import { comparedInWords, decidedInWords, endInWords, judgedInWords, laterInWords, linksInWords, missingInWords, suggestedInWords, translationInWords, wordsOf } from "../../static/js/reader/words.js";

const [ann, ben] = [{ name: "Ann" }, { name: "Ben" }];
const RELATIONS = [["supports", "Supports", "s"], ["supersedes", "Supersedes", "u"]];

test("a value without words is shown as it is", () => {
  assert.equal(wordsOf([["page", "Page"]], "page"), "Page");
  assert.equal(wordsOf([["page", "Page"]], "folio"), "folio");
  assert.equal(wordsOf(undefined, null), "");
});

test("a closed card counts its links and says how many of them contradict", () => {
  const [supports, contradicts] = [{ relation: "supports" }, { relation: "contradicts" }];
  assert.equal(linksInWords([]), "");
  assert.equal(linksInWords([supports]), "1 link");
  assert.equal(linksInWords([contradicts]), "1 link, it contradicts");
  assert.equal(linksInWords([supports, contradicts]), "2 links, 1 of them contradicts");
  assert.equal(linksInWords([supports, contradicts, contradicts]), "3 links, 2 of them contradict");
  assert.equal(linksInWords([contradicts, contradicts]), "2 links, all contradict");
});

test("a contradiction says who proposed it and who decided", () => {
  const link = { proposed_by: ann, decided_by: ben, decision_reason: "" };
  assert.equal(decidedInWords({ ...link, contradiction_state: "proposed" }), "Proposed by Ann. Waits for a second person.");
  assert.equal(decidedInWords({ ...link, contradiction_state: "accepted" }), "Accepted by Ben");
  assert.equal(decidedInWords({ ...link, contradiction_state: "rejected", decision_reason: "Another bridge." }), "Rejected by Ben: Another bridge.");
  assert.equal(decidedInWords({ contradiction_state: null }), "");
});

test("what is said of a contradiction names of what it is said", () => {
  const choices = { contradiction_kind: [["numeric", "Numbers differ"]], consistency: [["half_flip", "Half flip"]] };
  const link = { contradiction_kind: "numeric", consistency: "half_flip", acknowledged: "unknown" };
  assert.equal(judgedInWords(link, choices), "Numbers differ · consistency: half flip · change acknowledged: not known");
  assert.equal(judgedInWords({ acknowledged: "no" }, choices), "change acknowledged: no");
  assert.equal(judgedInWords({ contradiction_kind: null, consistency: null, acknowledged: null }, choices), "");
});

test("the far end is named by whoever spoke, an article only where nobody is known", () => {
  assert.equal(endInWords({ kind: "annotation", title: "An article", speaker: ann }), "Ann");
  assert.equal(endInWords({ kind: "annotation", title: "An article", speaker: null }), "An article");
});

test("a translation names its translator where one is known", () => {
  assert.equal(translationInWords({ translation: "We will not.", translator: "Ann" }), "Translation by Ann: “We will not.”");
  assert.equal(translationInWords({ translation: "We will not.", translator: null }), "Translation: “We will not.”");
  assert.equal(translationInWords({ translation: null }), "");
});

test("a suggestion keeps silent about an order in time that is not known", () => {
  const sentence = "The order in time is not known: a date is missing; the same speaker.";
  assert.equal(suggestedInWords({ sentence, distance: null, same_speaker: true }), "The same speaker.");
  assert.equal(suggestedInWords({ sentence, distance: null, same_speaker: null }), "");
  assert.equal(suggestedInWords({ sentence: "Two years later.", distance: "2 years", same_speaker: null }), "Two years later.");
  assert.equal(suggestedInWords({ same_speaker: true }), "");
});

test("a draft is named once, and what else is missing follows", () => {
  const missing = ["Nothing is named: this is a draft.", "No copy is kept."];
  assert.equal(missingInWords({ draft: true, missing }), "Draft: no words and no locator yet. No copy is kept.");
  assert.equal(missingInWords({ draft: false, missing: ["No copy is kept."] }), "No copy is kept.");
  assert.equal(missingInWords({ draft: false, missing: [] }), "");
});

test("evidence is called later only when it surely is", () => {
  assert.deepEqual([true, false, null].map((after) => laterInWords({ after_article: after })), ["Later than the article", "", ""]);
});

test("what is proposed is named with its key and left to the person", () => {
  const compared = { sentence: "This statement is 2 years later; the same speaker.", after_article: true, proposal: "supersedes" };
  const words = comparedInWords(compared, RELATIONS).map((line) => line.words);
  assert.deepEqual(words.slice(0, 2), [compared.sentence, "It is later than the article."]);
  assert.equal(words[2], "Later words of the same speaker: “Supersedes” is proposed, key U. You decide.");
  assert.equal(comparedInWords({ ...compared, after_article: null, proposal: null }, RELATIONS).length, 1);
});

test("a copy is kept, on its way, or could not be had", () => {
  const copy = { captured_at: "2026-11-22T15:13:48.123456Z" };
  assert.equal(copyInWords(copy, undefined), "Copy kept, 22 November 2026");
  assert.equal(copyInWords(null, undefined), "No copy kept");
  assert.equal(copyInWords(copy, { state: "fetching", words: "" }), "Fetching a copy…");
  assert.equal(copyInWords(null, { state: "failed", words: "The page is gone." }), "No copy: The page is gone.");
  assert.equal(copyInWords(copy, { state: "failed", words: "The page is gone." }), "Copy kept, 22 November 2026. No newer copy: The page is gone.");
});
