// L: links an annotation. Search or write the far end, one key for the relation, which saves at once; the rest may follow.
import { Saving } from "../forms/saving.js";
import { byId, el, one, say, shownDate } from "../page/dom.js";
import { api, newId } from "../page/http.js";
import { refresh } from "./acts.js";
import { emit } from "./bus.js";
import { fetchCopy } from "./captures.js";
import { quoteOf } from "./card.js";
import { annotationOf } from "./cards.js";
import { beginning, FarForm } from "./farends.js";
import { LinkForm } from "./linkform.js";
import { Search } from "./search.js";
import { comparedInWords, wordsOf } from "./words.js";

/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {import("./farends.js").Far} Far */
/** @typedef {"search" | "source" | "statement" | "relation" | "details"} Step */

/** The field of a link that names this far end. @param {Far} far */
const endOf = (far) => (far.kind === "annotation" ? "target" : far.kind);

class Palette {
  /** @param {ReaderData} data */
  constructor(data) {
    this.data = data;
    this.dialog = /** @type {HTMLDialogElement} */ (byId("palette"));
    this.details = new LinkForm(data, this.form("details"), () => this.close());
    this.saving = new Saving(byId("relation-state"));
    this.search = new Search(data, /** @type {HTMLInputElement} */ (byId("palette-search")), byId("palette-results"), (result, q) => this.choose(result, q));
    const done = (/** @type {Far} */ far) => this.farSaved(far);
    this.forms = { source: new FarForm("source", data, this.form("source"), done), statement: new FarForm("statement", data, this.form("statement"), done) };
    this.annotation = "";
    this.linkId = newId();
    /** @type {Far | null} the far end that is chosen; null while a known one is only edited */
    this.far = null;
    this.onlyEdits = false;
    /** @type {Step[]} */
    this.steps = [];
  }

  /** @param {Step} step @returns {HTMLFormElement} */
  form(step) {
    return /** @type {HTMLFormElement} */ (this.section(step));
  }

  /** @param {Step} step @returns {HTMLElement} */
  section(step) {
    return one(this.dialog, `[data-step="${step}"]`);
  }

  /** @param {string} id @param {Step} step */
  async open(id, step) {
    const annotation = await annotationOf(id);
    if (this.annotation && id !== this.annotation) this.search.input.value = "";
    this.annotation = id;
    this.steps = [];
    byId("palette-about").textContent = quoteOf(annotation);
    if (!this.dialog.open) this.dialog.showModal();
    this.go(step);
  }

  /** @param {Step} step */
  go(step) {
    this.steps.push(step);
    this.show(step);
  }

  /** @param {Step} step */
  show(step) {
    for (const part of this.dialog.querySelectorAll("[data-step]")) /** @type {HTMLElement} */ (part).hidden = part !== this.section(step);
    const titles = { search: "Link to", source: "Source", statement: "Statement", relation: "Relation", details: "Link" };
    byId("palette-title").textContent = titles[step];
    /** @type {HTMLElement | null} */ (this.section(step).querySelector("input, select, textarea, button"))?.focus();
  }

  /** One step back; from the first the palette closes. What was typed stays. */
  back() {
    for (const form of Object.values(this.forms)) form.typing.flush();
    this.details.typing.flush();
    this.steps.pop();
    const before = this.steps.at(-1);
    if (before) this.show(before);
    else this.close();
  }

  close() {
    this.dialog.close();
    emit("open", { id: this.annotation, from: "list" });
  }

  /** @param {string} id */
  async start(id) {
    this.far = null;
    this.onlyEdits = false;
    this.linkId = newId();
    // The first time, somebody may be typing already.
    const again = this.annotation !== "";
    await this.open(id, "search");
    if (again) this.search.input.select();
    this.search.start(id);
  }

  /** @param {import("./search.js").Result} result @param {string} q */
  choose(result, q) {
    const { kind } = result;
    if (kind === "new-source") this.write("source", beginning("source", q));
    else if (kind === "new-statement") this.write("statement", beginning("statement", q));
    else if (kind === "speaker") this.write("statement", { speaker: result.title });
    else this.chose(/** @type {Far} */ (result));
  }

  /** @param {"source" | "statement"} kind @param {Record<string, string>} values */
  write(kind, values) {
    this.go(kind);
    this.forms[kind].begin(this.annotation, values);
  }

  /** @param {Far} far */
  chose(far) {
    this.far = far;
    this.compare(far).catch(() => {});
    const quote = far.detail && (far.kind === "source" ? far.detail : `“${far.detail}”`);
    const words = [far.title, quote, far.date && shownDate(far.date)].filter(Boolean).join(" · ");
    byId("relation-errors").textContent = "";
    this.saving.show("none");
    byId("palette-far").textContent = words;
    this.go("relation");
  }

  /** Says how both ends lie to each other before anything is saved. What is proposed is never chosen. @param {Far} far */
  async compare(far) {
    const box = byId("palette-compared");
    const proposed = (/** @type {string | null} */ value) => {
      for (const button of byId("palette-relations").querySelectorAll("button")) button.toggleAttribute("data-proposed", button.value === value);
    };
    box.replaceChildren();
    proposed(null);
    const { body } = await api("GET", `/annotations/${this.annotation}/comparison?${endOf(far)}=${far.id}`);
    if (this.far !== far) return;
    proposed(body.proposal);
    box.replaceChildren(...comparedInWords(body, this.data.relations).map(({ words, look }) => el("p", { className: look }, words)));
  }

  /** A new far end goes on to its relation; a known one was only edited. A copy of a new page is fetched meanwhile. @param {Far} far */
  farSaved(far) {
    if (far.kind === "source" && far.fresh && far.url && far.confidentiality !== "protected") fetchCopy(far.id);
    if (!this.onlyEdits) return this.chose(far);
    refresh(this.annotation).catch((error) => say(error.message));
    say("Saved.");
    return this.close();
  }

  /** Saves the link at once. The same far end keeps its id, so that a retry is harmless. @param {string} relation */
  async relate(relation) {
    const { far } = this;
    if (!far) return;
    const body = { annotation: this.annotation, [endOf(far)]: far.id, relation };
    try {
      const answer = await this.saving.run(() => api("PUT", `/links/${this.linkId}`, { body }));
      this.search.input.value = "";
      this.details.open(answer.body);
      this.steps = [];
      this.go("details");
      say(`Linked: ${wordsOf(this.data.relations, relation).toLowerCase()}. Saved.`);
      await refresh(this.annotation);
    } catch (error) {
      byId("relation-errors").textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** Goes on to the words of the source, with the link as it is in the form. */
  async words() {
    if (await this.details.save()) emit("passage", { annotation: await annotationOf(this.annotation), link: this.details.link });
  }

  /** @param {string} id @param {any} link */
  async edit(id, link) {
    this.details.open(link);
    await this.open(id, "details");
  }

  /** @param {string} id @param {any} link */
  async editFar(id, link) {
    const kind = /** @type {"source" | "statement"} */ (link.far.kind);
    this.onlyEdits = true;
    await this.open(id, kind);
    await this.forms[kind].load(id, link.far.id);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") this.back();
    else if (this.steps.at(-1) === "relation" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const relation = this.data.relations.find(([, , key]) => key === event.key.toLowerCase());
      if (!relation) return;
      this.relate(relation[0]);
    } else return;
    event.preventDefault();
  }

  /** Brings back what was typed and not sent. @param {import("../forms/drafts.js").Draft} draft */
  async restore(draft) {
    const { thing, fields } = draft;
    const kind = /** @type {"link" | "source" | "statement"} */ (thing.split(":")[0]);
    if (kind === "link") return this.edit(fields.annotation, fields.link);
    await this.open(fields.annotation, kind);
    return this.forms[kind].restore(draft);
  }
}

/** The palette, for those who may write. @param {ReaderData} data */
export function makePalette(data) {
  const palette = new Palette(data);
  palette.dialog.addEventListener("keydown", (event) => palette.pressed(event));
  palette.dialog.addEventListener("cancel", (event) => { event.preventDefault(); palette.back(); });
  byId("palette-close").addEventListener("click", () => palette.close());
  byId("palette-relations").addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (button) palette.relate(button.value);
  });
  byId("details-words").addEventListener("click", () => palette.words());
  for (const button of palette.dialog.querySelectorAll("[data-back]")) button.addEventListener("click", () => palette.back());
  return palette;
}
