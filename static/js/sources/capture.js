// Bringing in a copy of a source: the page shows how long it takes, and the wait can be ended.
import { byId, el, one, say } from "../page/dom.js";
import { Offline, Problem, api, newId } from "../page/http.js";
import { count } from "./progress.js";

/** @typedef {{path: string, body?: unknown, file?: File, words: string}} Job */

const MOST_BYTES = 10_000_000;
const run = { key: newId(), sent: "", asked: /** @type {AbortController | null} */ (null) };
const panel = document.getElementById("progress");
const problem = document.getElementById("problem");

/** What a form asks for; a text for what is missing. @param {HTMLFormElement} form @returns {Job | string} */
function jobOf(form) {
  const source = form.dataset.source ?? "";
  if (form.dataset.capture === "fetch") return { path: "", body: { source, fetch: true }, words: "Fetching the page" };
  if (form.dataset.capture === "text") {
    const text = /** @type {HTMLTextAreaElement} */ (one(form, "textarea")).value;
    return text.trim() ? { path: "", body: { source, text }, words: "Reading the text" } : "Paste the words of the copy.";
  }
  const file = /** @type {HTMLInputElement} */ (one(form, "input[type=file]")).files?.[0];
  if (!file) return "Choose a file.";
  if (file.size > MOST_BYTES) return `“${file.name}” is larger than 10 MB. Bring in the part that you need.`;
  return { path: `/file?${new URLSearchParams({ source, name: file.name })}`, file, words: "Reading the file" };
}

/** @param {string} words */
function complain(words) {
  if (!problem) return;
  byId("status").replaceChildren(); // what was being done is no longer being done
  problem.replaceChildren(el("h2", {}, "This was not done"), el("p", {}, words));
  problem.hidden = false;
  problem.focus();
}

/** @param {boolean} on */
function lock(on) {
  for (const button of document.querySelectorAll("form[data-capture] button")) /** @type {HTMLButtonElement} */ (button).disabled = on;
  if (panel) panel.hidden = !on;
}

/** The same job again has the same id, so that it is done once. @param {Job} job @returns {string} */
function keyOf(job) {
  const sent = JSON.stringify([job.path, job.body, job.file?.name, job.file?.size, job.file?.lastModified]);
  if (sent !== run.sent) run.key = newId();
  run.sent = sent;
  return run.key;
}

/** @param {HTMLFormElement} form */
async function bring(form) {
  const job = jobOf(form);
  if (problem) problem.hidden = true;
  if (typeof job === "string") { complain(job); return; }
  run.asked = new AbortController();
  lock(true);
  const stop = count(byId("progress-words"), job.words);
  say(`${job.words}…`);
  byId("progress-stop").focus();
  try {
    const answer = await api("PUT", `/snapshots/${keyOf(job)}${job.path}`, { body: job.body, file: job.file, signal: run.asked.signal });
    location.assign(`/sources/${form.dataset.source}/?notice=copy-${answer.body.outcome}`);
    return;
  } catch (error) {
    if (run.asked.signal.aborted) stopped();
    else if (error instanceof Problem) complain(error.detail);
    else if (error instanceof Offline) complain("No connection to the server. Try again: nothing is done twice.");
    else throw error;
  } finally {
    stop();
  }
  lock(false);
}

function stopped() {
  complain("You stopped waiting. The source and its copies are safe. If the page still came in, its copy is here when you load this page again.");
}

if (panel) {
  byId("progress-stop").addEventListener("click", () => run.asked?.abort());
  for (const form of document.querySelectorAll("form[data-capture]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      bring(/** @type {HTMLFormElement} */ (form));
    });
  }
}
