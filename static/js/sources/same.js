// Notices, while a source is being described, that the project has it already: by its address, DOI or title.
import { api } from "../page/http.js";

/** @typedef {{id: string, title: string, url: string, reason: string}} Same */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

const PAUSE = 400;
const NAMES = ["url", "doi", "title"];
const SHORTEST_TITLE = 4;

/**
 * The query for these values, or the empty text where they say too little to look for. Pure.
 * @param {Record<string, string>} values
 * @param {string} [source] the source that is being changed, which is no double of itself
 * @returns {string}
 */
export function queryOf(values, source) {
  const asked = NAMES.map((name) => [name, (values[name] ?? "").trim()]).filter(([name, value]) => value.length >= (name === "title" ? SHORTEST_TITLE : 1));
  if (!asked.length) return "";
  return String(new URLSearchParams([...asked, ...(source ? [["source", source]] : [])]));
}

/**
 * Calls `show` with the sources that look the same, after each pause in typing; with an empty list when there are none.
 * Gives the function that ends it.
 * @param {{url?: Field | null, doi?: Field | null, title?: Field | null}} fields
 * @param {string} project
 * @param {(same: Same[]) => void} show
 * @param {{source?: string}} [options]
 * @returns {() => void}
 */
export function watchSame(fields, project, show, { source } = {}) {
  const watched = Object.entries(fields).filter(([, field]) => field);
  const run = { waiting: 0, last: "", asked: new AbortController() };

  async function look() {
    const query = queryOf(Object.fromEntries(watched.map(([name, field]) => [name, /** @type {Field} */ (field).value])), source);
    if (query === run.last) return;
    run.last = query;
    run.asked.abort();
    run.asked = new AbortController();
    const { signal } = run.asked;
    if (!query) { show([]); return; }
    try {
      const answer = await api("GET", `/projects/${project}/sources/like?${query}`, { signal, signIn: false });
      if (!signal.aborted) show(answer.body.items);
    } catch {
      // the server looks again when the form is sent: a look that failed may stay silent
      if (!signal.aborted) run.last = "";
    }
  }

  function soon() {
    window.clearTimeout(run.waiting);
    run.waiting = window.setTimeout(look, PAUSE);
  }

  for (const [, field] of watched) field?.addEventListener("input", soon);
  if (watched.some(([, field]) => field?.value)) soon();
  return () => {
    window.clearTimeout(run.waiting);
    run.asked.abort();
    for (const [, field] of watched) field?.removeEventListener("input", soon);
  };
}
