// Saving the words that count: fields of a link against its version, what to do when somebody else saved first, and back again.
import { resolve } from "../forms/saving.js";
import { api, Problem } from "../page/http.js";

/** @typedef {import("./bus.js").Words} Words */
/** @typedef {Record<string, any>} Fields */

const LABELS = { passage: "Passage", locator_kind: "Place in it", locator: "Which" };

/**
 * What is sent for chosen words: the place and, where the copy has pages and the link names no place yet, the page. Pure.
 * @param {any} link @param {string} snapshot @param {Words} chosen @param {number | null} page
 * @returns {Fields}
 */
export function passageFields(link, snapshot, { start, end, exact }, page) {
  const passage = { snapshot, start, end, exact };
  return page === null || link.locator ? { passage } : { passage, locator_kind: "page", locator: String(page) };
}

/** The same fields as the link had them, to go back to. Pure. @param {any} link @param {Fields} fields @returns {Fields} */
export function before(link, fields) {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, name === "passage" ? placeOf(link.passage) : link[name]]));
}

/** @param {any} passage */
const placeOf = (passage) => passage && { snapshot: passage.snapshot, start: passage.start, end: passage.end, exact: passage.exact };

/** A passage shows its words where two versions stand side by side. @param {Fields} fields @returns {Fields} */
function readable(fields) {
  const { passage } = fields;
  return passage ? { ...fields, passage: { ...placeOf(passage), title: `“${passage.exact}”` } } : fields;
}

/**
 * Changes a link. When somebody else has changed the same fields, asks what counts. Null when that was put off.
 * @param {any} link as the server gave it
 * @param {Fields} mine
 * @param {import("../forms/saving.js").Saving} saving
 * @param {Record<string, string>} [labels]
 * @returns {Promise<any>} the link as it is now
 */
export async function patchLink(link, mine, saving, labels = LABELS) {
  const sent = "passage" in mine ? { ...mine, passage: placeOf(mine.passage) } : mine;
  try {
    return (await saving.run(() => api("PATCH", `/links/${link.id}`, { body: sent, version: link.version }))).body;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 412) throw error;
    const { current } = error;
    const who = current.updated_by?.name ?? "Somebody";
    const versions = { mine: readable(mine), theirs: readable(current), base: readable(link) };
    const chosen = await resolve({ title: "Two versions of this link", ...versions, labels, who });
    return chosen ? patchLink(current, chosen, saving, labels) : null;
  }
}
