// Bringing an article in: after pasting or choosing a file, what the text says of itself is filled in below.
import { byId, el, one, say } from "../page/dom.js";
import { Offline, Problem, api } from "../page/http.js";
import { count } from "../sources/progress.js";
import { decoded, problemOf, typeOf } from "./files.js";
import { Filling } from "./filling.js";
import { offerRich } from "./rich.js";

/** @typedef {{text: string, mediaType: string | undefined}} Input */

const PAUSE = 400;
/** @type {Record<string, string>} */
const TYPE_WORDS = { "text/plain": "plain text", "text/markdown": "Markdown", "text/html": "HTML" };

const zone = byId("drop-zone");
const form = /** @type {HTMLFormElement} */ (zone.closest("form"));
const area = /** @type {HTMLTextAreaElement} */ (byId("f-text"));
const chooser = /** @type {HTMLInputElement} */ (byId("f-file"));
const readAs = /** @type {HTMLSelectElement} */ (byId("f-media_type"));
const line = byId("recognised-line");
const seen = el("input", { type: "hidden", name: "recognised", value: "true", disabled: true });
const filling = new Filling(form);
const run = { waiting: 0, asked: new AbortController(), same: byId("same").dataset.existing ?? "", settled: false };

/** What there is to recognise now; null for nothing, or for a file that only the server can read. @returns {Promise<Input | null>} */
async function given() {
  const file = chooser.files?.[0];
  if (!file) return area.value.trim() ? { text: area.value, mediaType: readAs.value || undefined } : null;
  if (/\.(pdf|docx)$/i.test(file.name)) { tell("What this file says of itself is read when you add it."); return null; }
  const text = decoded(new Uint8Array(await file.arrayBuffer()));
  if (text === null) tell("This file is not in UTF-8. It can be brought in; its details are recognised then.");
  return text?.trim() ? { text, mediaType: readAs.value || typeOf(file.name) } : null;
}

/** @param {string} words @param {string[]} [notes] */
function tell(words, notes = []) {
  byId("recognised").hidden = !words;
  line.textContent = words;
  byId("recognised-notes").replaceChildren(...notes.map((note) => el("li", {}, note)));
}

function soon() {
  run.asked.abort();
  seen.disabled = true;
  window.clearTimeout(run.waiting);
  run.waiting = window.setTimeout(recognise, PAUSE);
}

async function recognise() {
  run.waiting = 0;
  run.asked = new AbortController();
  const { signal } = run.asked;
  tell("");
  const input = await given();
  if (signal.aborted) return;
  if (!input) { filling.clear(); showSame(null); return; }
  tell("Reading …");
  try {
    const body = { text: input.text, ...(input.mediaType && { media_type: input.mediaType }) };
    const answer = await api("POST", `/projects/${document.body.dataset.project}/recognise`, { body, signal });
    if (!signal.aborted) show(answer.body);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof Problem) tell(error.detail);
    else if (error instanceof Offline) tell("No connection to the server. What you typed is safe here; the details are recognised when you add it.");
    else throw error;
  }
}

/** @param {any} found */
function show(found) {
  if (!run.settled) filling.settle(found);
  run.settled = true;
  filling.put(found, found.found_in);
  seen.disabled = false;
  const number = new Intl.NumberFormat("en-GB");
  tell(`${number.format(found.words)} ${found.words === 1 ? "word" : "words"}, read as ${TYPE_WORDS[found.media_type]}.`, found.notes);
  showSame(found.existing);
}

/** @param {{id: string, title: string, url: string} | null} existing */
function showSame(existing) {
  byId("same").hidden = !existing;
  if (!existing) { run.same = ""; return; }
  for (const id of ["same-link", "same-open"]) /** @type {HTMLAnchorElement} */ (byId(id)).href = existing.url;
  one(byId("same-link"), "bdi").textContent = existing.title;
  if (run.same !== existing.id) say("This text is already here.");
  run.same = existing.id;
}

/** A file takes the place of the pasted text, which stays in its field and comes back when the file goes. */
function chosen() {
  const file = chooser.files?.[0];
  const problem = file ? problemOf(file) : "";
  const told = byId("file-problem");
  told.textContent = problem;
  told.hidden = !problem;
  if (problem) chooser.value = "";
  area.disabled = Boolean(chooser.value);
  byId("file-away").hidden = !chooser.value;
  soon();
}

function takeDrops() {
  byId("drop-hint").hidden = !window.matchMedia("(pointer: fine)").matches;
  const over = (/** @type {boolean} */ is) => zone.classList.toggle("over", is);
  zone.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  zone.addEventListener("dragleave", (event) => { if (!zone.contains(/** @type {Node | null} */ (event.relatedTarget))) over(false); });
  zone.addEventListener("drop", (event) => {
    over(false);
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    chooser.files = event.dataTransfer.files;
    chosen();
  });
}

form.append(seen);
offerRich(area, readAs);
takeDrops();
area.addEventListener("input", () => { run.settled = true; soon(); });
readAs.addEventListener("change", soon);
chooser.addEventListener("change", chosen);
byId("file-away").addEventListener("click", () => { chooser.value = ""; chosen(); area.focus(); });
// What was filled in for an earlier text must not go off with this one.
form.addEventListener("submit", (event) => {
  if (seen.disabled) filling.clear();
  const asked = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (asked?.name === "fetch") { tell("…"); count(line, "Fetching the page"); }
});
document.addEventListener("restore-draft", () => { filling.keepAll(); run.settled = false; soon(); });
if (area.value.trim()) recognise();
else if (chooser.files?.length) chosen();
