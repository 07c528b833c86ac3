// One annotation being written, from its first highlight to the server's last answer.
import { Saving } from "../forms/saving.js";
import { el } from "../page/dom.js";
import { api } from "../page/http.js";
import { emit } from "./bus.js";
import { quoteOf } from "./card.js";

/** @typedef {import("./bus.js").Annotation} Annotation */
/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {{kind: string, spans: {start: number, end: number, exact: string}[], snapshot: string}} Beginning */

const FIELDS = ["body", "tags", "kind", "state", "reason", "claim_text", "claimant", "claimed_on"];

/** What the form shows of an annotation: the claimant by name. @param {Partial<Annotation>} annotation @returns {Record<string, any>} */
export function shownOf(annotation) {
  const values = Object.fromEntries(FIELDS.map((name) => [name, annotation[name] ?? null]));
  return { ...values, state: annotation.state ?? "open", body: annotation.body ?? "", claim_text: annotation.claim_text ?? "", tags: annotation.tags ?? [], claimant: annotation.claimant?.name ?? "" };
}

/** One annotation being written: survives its form, since a save may still be on its way when the form has moved on. */
export class Session {
  /** @param {string} id @param {Annotation | null} annotation @param {Beginning | null} beginning */
  constructor(id, annotation, beginning) {
    this.id = id;
    this.annotation = annotation;
    this.beginning = beginning;
    this.thing = `annotation:${id}`;
    this.quote = quoteOf(annotation ?? /** @type {any} */ (beginning));
    this.base = shownOf(annotation ?? /** @type {any} */ (beginning));
    this.values = this.base;
    this.saving = new Saving(el("output", { className: "save-state", id: "editor-saving" }));
    /** @type {Promise<Annotation> | null} */
    this.beginningSent = null;
  }

  /** Nothing that counts is sent before the annotation itself exists. @param {ReaderData} data @returns {Promise<Annotation>} */
  exists(data) {
    if (this.annotation) return Promise.resolve(this.annotation);
    this.beginningSent ??= this.begin(data).finally(() => { this.beginningSent = null; });
    return this.beginningSent;
  }

  /** @param {ReaderData} data @returns {Promise<Annotation>} */
  async begin(data) {
    const body = { article: data.article, ...this.beginning };
    const answer = await this.saving.run(() => api("PUT", `/annotations/${this.id}`, { body }));
    this.took(answer.body);
    return answer.body;
  }

  /** Sends `make()`'s fields against a version, and waits for the network. @param {() => Promise<Record<string, any>>} make @param {number} version @returns {Promise<Annotation>} */
  async patch(make, version) {
    const { body } = await this.saving.run(async () => api("PATCH", `/annotations/${this.id}`, { body: await make(), version }));
    this.took(body);
    return body;
  }

  /** Go on from the version that a draft was based on: who saved since then is met as a conflict, not written over. @param {Record<string, any>} was @param {number | null} version */
  resume(was, version) {
    if (!this.annotation || version === null || !was) return;
    this.annotation = { ...this.annotation, version };
    this.base = was;
  }

  /** The server's word is now what the form starts from. @param {Annotation} annotation */
  took(annotation) {
    this.annotation = annotation;
    this.base = shownOf(annotation);
    emit("changed", { annotation });
  }
}
