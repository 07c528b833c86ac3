import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Drafts } from "../../static/js/forms/drafts.js";
import { changes, disputed, nextPause, Saving } from "../../static/js/forms/saving.js";
import { Offline, Problem } from "../../static/js/page/http.js";

/** The part of the browser's storage that drafts use. */
class Kept extends Map {
  get length() { return this.size; }
  key(place) { return [...this.keys()][place]; }
  getItem(key) { return this.get(key) ?? null; }
  setItem(key, value) { this.set(key, value); }
  removeItem(key) { this.delete(key); }
}

const draft = (thing) => ({ thing, title: "A note", fields: { body: "words" }, base: 3, url: "/articles/1/" });
/** @type {Saving[]} */
const made = [];

function saving(pauses = []) {
  made.push(new Saving({ dataset: {}, textContent: "" }, async (pause) => { pauses.push(pause); }));
  return made.at(-1);
}

beforeEach(() => { globalThis.window = new EventTarget(); });
afterEach(() => { for (const save of made.splice(0)) save.show("none"); });

test("a draft is kept for its person, project and thing alone", () => {
  const storage = new Kept();
  const ann = new Drafts(storage, "ann", "desk");
  ann.keep(draft("annotation:1"));
  assert.equal(ann.get("annotation:1").fields.body, "words");
  assert.equal(new Drafts(storage, "ben", "desk").get("annotation:1"), null);
  assert.equal(new Drafts(storage, "ann", "other").all().length, 0);
});

test("signing out clears one person's drafts in every project and nobody else's", () => {
  const storage = new Kept();
  for (const [user, project] of [["ann", "desk"], ["ann", "other"], ["ben", "desk"]]) new Drafts(storage, user, project).keep(draft("link:1"));
  const ann = new Drafts(storage, "ann", "desk");
  assert.equal(ann.count(), 2);
  ann.clear();
  assert.equal(ann.count(), 0);
  assert.equal(new Drafts(storage, "ben", "desk").count(), 1);
});

test("what is no draft is passed over", () => {
  const storage = new Kept([["annotator.draft:ann:desk:a", "{broken"], ["annotator.draft:ann:desk:b", "null"]]);
  assert.deepEqual(new Drafts(storage, "ann", "desk").all(), []);
});

test("only what was changed is sent", () => {
  const base = { body: "a", tags: ["x"], reason: null };
  assert.deepEqual(changes({ body: "a", tags: ["x", "y"], reason: null }, base), { tags: ["x", "y"] });
  assert.deepEqual(changes(base, { ...base, reason: undefined }), {});
});

test("a field is disputed when both sides changed it to different values", () => {
  const base = { body: "", tags: [], state: "open", claim_text: "" };
  const mine = { body: "mine", tags: ["x"], claim_text: "mine" };
  assert.deepEqual(disputed(mine, { ...base, body: "theirs", tags: ["x"] }, base), ["body"]);
});

test("saved is said only after the answer", async () => {
  const save = saving();
  const seen = [];
  await save.run(async () => { seen.push(save.state); });
  assert.deepEqual([...seen, save.state], ["sending", "saved"]);
});

test("words typed while sending are here only", async () => {
  const save = saving();
  await save.run(async () => { save.touched(); });
  assert.equal(save.state, "here");
});

test("without network it is tried again after growing pauses", async () => {
  const pauses = [];
  const answers = [new Offline(), new Offline(), null];
  const save = saving(pauses);
  await save.run(async () => { const error = answers.shift(); if (error) throw error; });
  assert.deepEqual(pauses, [2000, 4000]);
  assert.equal(save.state, "saved");
});

test("pauses grow to one minute and no further", () => {
  assert.equal(nextPause(0), 2000);
  assert.equal(nextPause(32_000), 60_000);
  assert.equal(nextPause(60_000), 60_000);
});

test("a newer version on the server is a conflict, another refusal leaves it here", async () => {
  const save = saving();
  const refuse = (status) => async () => { throw new Problem(status, { detail: "no" }); };
  await assert.rejects(save.run(refuse(412)), { status: 412 });
  assert.equal(save.state, "conflict");
  await assert.rejects(save.run(refuse(422)), { message: "no" });
  assert.equal(save.state, "here");
});

test("the browser asks before leaving only while something is not on the server", () => {
  const save = saving();
  const leaves = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  save.touched();
  assert.equal(leaves(), false);
  save.show("saved");
  assert.equal(leaves(), true);
});
