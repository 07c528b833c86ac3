// Copies of sources: what is on its way, what came of it. A source stands whether or not its page can be had.
import { Saving } from "../forms/saving.js";
import { el } from "../page/dom.js";
import { api, newId, Problem } from "../page/http.js";
import { emit } from "./bus.js";

/** @typedef {{number: number, captured_at: string, unread?: string}} Copy */
/** @typedef {{state: "fetching" | "kept" | "failed", words: string}} Capture */
/** @typedef {{snapshot: Copy | null, outcome: string, detail: string}} Answer */

/** Waits for the network like any saving. Its loss loses nothing that was typed, so nobody is asked to stay for it. */
class Fetching extends Saving {
  constructor() {
    super(el("output"));
  }

  /** @override @param {import("../forms/saving.js").State} state */
  show(state) {
    this.state = state;
  }
}

/** @type {Map<string, Capture>} by source, of this page's life */
const captures = new Map();

/** What is known here of bringing a copy in. @param {string} source @returns {Capture | undefined} */
export const captureOf = (source) => captures.get(source);

/** The source that a link's words stand in: its far end, or the one its statement was found in. @param {any} far @returns {string} */
export const sourceOf = (far) => (far.kind === "source" ? far.id : (far.source?.id ?? ""));

/** @param {string} source @param {Capture} capture */
function set(source, capture) {
  captures.set(source, capture);
  emit("copying", { source });
}

/**
 * Sends one copy, waits for the network where it is missing, and tells everybody what came of it. Never throws.
 * @param {string} source @param {(id: string) => Promise<{body: Answer}>} send @param {Saving} [saving]
 * @returns {Promise<Copy | null>}
 */
async function brought(source, send, saving = new Saving(el("output"))) {
  const id = newId();
  set(source, { state: "fetching", words: "" });
  try {
    const { body } = await saving.run(() => send(id));
    const kept = body.snapshot !== null;
    set(source, { state: kept ? "kept" : "failed", words: body.detail });
    return body.snapshot;
  } catch (error) {
    set(source, { state: "failed", words: reasonOf(error) });
    return null;
  }
}

/** @param {unknown} error @returns {string} */
function reasonOf(error) {
  if (error instanceof Problem && error.errors.length) return error.errors.map(({ detail }) => detail).join(" ");
  return error instanceof Error ? error.message : String(error);
}

/** Fetches the page of a source. @param {string} source @returns {Promise<Copy | null>} */
export function fetchCopy(source) {
  return brought(source, (id) => api("PUT", `/snapshots/${id}`, { body: { source, fetch: true } }), new Fetching());
}

/** Keeps pasted words as a copy. @param {string} source @param {string} text @returns {Promise<Copy | null>} */
export function pasteCopy(source, text) {
  return brought(source, (id) => api("PUT", `/snapshots/${id}`, { body: { source, text, media_type: "text/plain" } }));
}

/** Keeps a file as a copy. @param {string} source @param {File} file @returns {Promise<Copy | null>} */
export function uploadCopy(source, file) {
  const query = new URLSearchParams({ source, name: file.name });
  return brought(source, (id) => api("PUT", `/snapshots/${id}/file?${query}`, { file }));
}
