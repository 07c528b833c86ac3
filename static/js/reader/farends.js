// The forms of a far end: a source, or a statement with its speaker. New ones and known ones, in the palette.
import { draftsHere, keepWhileTyping } from "../forms/drafts.js";
import { changes, resolve, Saving } from "../forms/saving.js";
import { byId, one } from "../page/dom.js";
import { api, newId, Problem } from "../page/http.js";
import { Likes, questions } from "./like.js";
import { clearErrors, Completion, errorBox, labelsOf, needed, read, sendByKey, showErrors, write } from "./fields.js";

/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {"source" | "statement"} Kind */
/** @typedef {{kind: string, id: string, title: string, detail?: string, date?: string | null, fresh?: boolean, url?: string, confidentiality?: string}} Far */
/** @typedef {{id: string, version: number | null, base: Record<string, any>}} Editing */

const NULLABLE = {
  source: ["published_on", "tier"],
  statement: ["said_on", "source", "locator_kind", "valid_from", "valid_until"],
};
const DEFAULTS = { type: "webpage", confidentiality: "public", medium: "other" };

/** What a new source or statement starts with, from what was typed in the search. Pure. @param {Kind} kind @param {string} words @returns {Record<string, string>} */
export function beginning(kind, words) {
  if (kind === "statement") return words ? { quote: words.replace(/^[“"]|[”"]$/g, "") } : {};
  return isAddress(words) ? { url: withScheme(words) } : words ? { title: words } : {};
}

/** Whether typed words are a web address. Pure. @param {string} words @returns {boolean} */
export function isAddress(words) {
  return /^(https?:\/\/\S+|www\.\S+\.\S+)$/i.test(words);
}

/** @param {string} words @returns {string} */
const withScheme = (words) => (/^https?:/i.test(words) ? words : `https://${words}`);

export class FarForm {
  /** @param {Kind} kind @param {ReaderData} data @param {HTMLFormElement} form @param {(far: Far) => void} done */
  constructor(kind, data, form, done) {
    this.kind = kind;
    this.data = data;
    this.form = form;
    this.done = done;
    this.drafts = draftsHere();
    this.saving = new Saving(byId(`${kind}-state`));
    /** @type {Record<string, Completion>} */
    this.names = kind === "statement" ? this.completions() : {};
    /** @type {Editing} */
    this.editing = { id: newId(), version: null, base: {} };
    this.annotation = "";
    this.typing = keepWhileTyping(form, () => this.keep(), () => this.saving.touched());
    this.likes = new Likes(form, () => this.asks(), (item, things) => this.useLike(item, things));
    sendByKey(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
  }

  /** @returns {Record<string, Completion>} */
  completions() {
    const { project } = this.data;
    const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));
    return {
      speaker: new Completion(field("statement-speaker"), (q) => `/projects/${project}/speakers?q=${q}`),
      source: new Completion(field("statement-source"), (q) => `/projects/${project}/sources?q=${q}`),
    };
  }

  /** Only something new may be there already; a speaker that was chosen by name is no new one. */
  asks() {
    if (this.editing.version !== null) return [];
    const typed = read(this.form, []);
    const known = this.names.speaker?.ids.has(typed.speaker);
    return questions(this.kind, this.data.project, typed).filter(({ words }) => words !== "speakers" || !known);
  }

  /** Takes what is there already instead of what was typed; a speaker, into the form. @param {import("./like.js").Like} item @param {string} things */
  useLike(item, things) {
    this.likes.clear();
    if (things === "speakers") return this.useSpeaker(item);
    this.typing.cancel();
    this.drafts.drop(this.thing);
    this.saving.show("none");
    this.editing = { id: newId(), version: null, base: {} };
    const title = item.title ?? item.speaker?.name ?? "";
    this.done({ kind: this.kind, id: item.id, title, detail: item.quote ?? item.url, date: item.said_on });
  }

  /** @param {import("./like.js").Like} item */
  useSpeaker({ id, name = "" }) {
    const { speaker } = this.names;
    speaker.know({ id, name });
    speaker.input.value = name;
    speaker.input.focus();
    this.keep();
  }

  /** @returns {string} */
  get thing() {
    return `${this.kind}:${this.editing.id}`;
  }

  keep() {
    const values = read(this.form, []);
    const { version, base } = this.editing;
    const title = `${this.kind === "source" ? "Source" : "Statement"} ${(values.title ?? values.quote).slice(0, 60)}`;
    this.drafts.keep({ thing: this.thing, title, fields: { values, was: base, annotation: this.annotation }, base: version, url: location.pathname });
  }

  /** A new one. What was typed before and not sent is still there. @param {string} annotation @param {Record<string, string>} values */
  begin(annotation, values) {
    const unsent = this.editing.version === null ? this.drafts.get(this.thing) : null;
    if (!unsent) this.editing = { id: newId(), version: null, base: {} };
    this.show(annotation, { ...DEFAULTS, ...unsent?.fields.values, ...values }, unsent !== null);
  }

  /** A known one, with the server's newest version. @param {string} annotation @param {string} id */
  async load(annotation, id) {
    const { body } = await api("GET", `/${this.kind}s/${id}`);
    this.take(body);
    const draft = this.drafts.get(this.thing);
    if (draft) this.editing = { id, version: draft.base, base: draft.fields.was };
    this.show(annotation, draft?.fields.values ?? this.editing.base, draft !== null);
  }

  /** @param {import("../forms/drafts.js").Draft} draft */
  async restore(draft) {
    const id = draft.thing.split(":")[1];
    this.editing = { id, version: null, base: {} };
    if (draft.base !== null) await this.load(draft.fields.annotation, id);
    else this.show(draft.fields.annotation, draft.fields.values, true);
  }

  /** The server's version is what the form starts from. @param {any} body */
  take(body) {
    for (const [name, completion] of Object.entries(this.names)) completion.know(body[name]);
    this.editing = { id: body.id, version: body.version, base: this.plain(body) };
  }

  /** @param {any} body @returns {Record<string, any>} */
  plain(body) {
    const values = Object.keys(read(this.form, [])).map((name) => [name, body[name]?.name ?? body[name]?.title ?? body[name] ?? ""]);
    return Object.fromEntries(values);
  }

  /** @param {string} annotation @param {Record<string, any>} values @param {boolean} unsaved */
  show(annotation, values, unsaved) {
    this.annotation = annotation;
    this.likes.clear();
    this.likes.soon();
    clearErrors(this.form, errorBox(this.form));
    write(this.form, values);
    one(this.form, "button.primary").firstChild?.replaceWith(this.editing.version === null ? "Go on " : "Save ");
    if (unsaved) this.saving.touched();
    else this.saving.show("none");
    const fields = /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("input, textarea")]);
    (fields.find((field) => !field.value) ?? fields[0]).focus();
  }

  async save() {
    this.typing.flush();
    clearErrors(this.form, errorBox(this.form));
    try {
      needed(this.form);
      const body = this.editing.version === null ? await this.create() : await this.change(changes(read(this.form, []), this.editing.base), this.editing.version);
      if (body) this.saved(body);
    } catch (error) {
      this.refused(error);
    }
  }

  /** @param {any} body */
  saved(body) {
    const fresh = this.editing.version === null;
    this.typing.cancel();
    this.drafts.drop(this.thing);
    this.take(body);
    this.saving.show("saved");
    const { url, confidentiality } = body;
    this.done({ kind: this.kind, id: body.id, fresh, url, confidentiality, title: body.title ?? body.speaker?.name ?? "", detail: body.quote ?? body.url ?? "", date: body.said_on ?? body.published_on });
  }

  /** @param {unknown} error */
  refused(error) {
    const existing = error instanceof Problem ? error.existing : null;
    if (existing) this.done({ kind: this.kind, id: existing.id, title: existing.title });
    else showErrors(this.form, errorBox(this.form), error);
  }

  /** @returns {Promise<any>} */
  async create() {
    const { id } = this.editing;
    const answer = await this.saving.run(async () => {
      const values = await this.forServer(read(this.form, NULLABLE[this.kind]));
      const given = Object.entries(values).filter(([, value]) => value !== null && value !== "");
      return api("PUT", `/${this.kind}s/${id}`, { body: { project: this.data.project, ...Object.fromEntries(given) } });
    });
    return answer.body;
  }

  /** Sends what was changed; on 412 asks which version counts. @param {Record<string, any>} mine @param {number} version @returns {Promise<any>} */
  async change(mine, version) {
    try {
      const answer = await this.saving.run(async () => api("PATCH", `/${this.kind}s/${this.editing.id}`, { version, body: await this.forServer(mine) }));
      return answer.body;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      for (const [name, completion] of Object.entries(this.names)) completion.know(error.current[name]);
      const who = error.current.updated_by?.name ?? "Somebody";
      const chosen = await resolve({ title: `Two versions of this ${this.kind}`, mine, theirs: this.plain(error.current), base: this.editing.base, labels: labelsOf(this.form), who });
      return chosen && this.change(chosen, error.current.version);
    }
  }

  /** Names become ids, empty fields null. @param {Record<string, any>} values @returns {Promise<Record<string, any>>} */
  async forServer(values) {
    const sent = { ...values };
    for (const name of NULLABLE[this.kind]) if (sent[name] === "") sent[name] = null;
    if ("speaker" in sent) sent.speaker = await this.names.speaker.speaker(this.data.project, sent.speaker);
    if (sent.source) sent.source = await this.names.source.id(sent.source);
    return sent;
  }
}
