// L: links an annotation. Search or write the far end, one key for the relation, which saves at once; the rest may follow.
import { Saving } from "../forms/saving.js";
import { byId, one, say, shownDate } from "../page/dom.js";
import { api, newId } from "../page/http.js";
import { refresh } from "./acts.js";
import { emit, on } from "./bus.js";
import { quoteOf, wordsOf } from "./card.js";
import { annotationOf } from "./cards.js";
import { beginning, FarForm } from "./farends.js";
import { LinkForm } from "./linkform.js";
import { Search } from "./search.js";

/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {import("./farends.js").Far} Far */
/** @typedef {"search" | "source" | "statement" | "relation" | "details"} Step */

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
    if (id !== this.annotation) this.search.input.value = "";
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
    await this.open(id, "search");
    this.search.input.select();
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
    const quote = far.detail && (far.kind === "source" ? far.detail : `“${far.detail}”`);
    const words = [far.title, quote, far.date && shownDate(far.date)].filter(Boolean).join(" · ");
    byId("relation-errors").textContent = "";
    byId("palette-far").textContent = words;
    this.go("relation");
  }

  /** A new far end goes on to its relation; a known one was only edited. @param {Far} far */
  farSaved(far) {
    if (!this.onlyEdits) return this.chose(far);
    refresh(this.annotation).catch((error) => say(error.message));
    say("Saved.");
    return this.close();
  }

  /** Saves the link at once. The same far end keeps its id, so that a retry is harmless. @param {string} relation */
  async relate(relation) {
    const { far } = this;
    if (!far) return;
    const end = far.kind === "annotation" ? "target" : far.kind;
    const body = { annotation: this.annotation, [end]: far.id, relation };
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
}

/** @param {Palette} palette @param {CustomEvent<import("../forms/drafts.js").Draft>} event */
function restore(palette, event) {
  const { thing, fields } = event.detail;
  const kind = thing.split(":")[0];
  if (kind !== "link" && kind !== "source" && kind !== "statement") return;
  event.preventDefault();
  const back = kind === "link" ? palette.edit(fields.annotation, fields.link)
    : palette.open(fields.annotation, kind).then(() => palette.forms[kind].restore(event.detail));
  back.catch((error) => say(error.message));
}

/** @param {Palette} palette */
function wire(palette) {
  palette.dialog.addEventListener("keydown", (event) => palette.pressed(event));
  palette.dialog.addEventListener("cancel", (event) => { event.preventDefault(); palette.back(); });
  byId("palette-close").addEventListener("click", () => palette.close());
  byId("palette-relations").addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (button) palette.relate(button.value);
  });
  for (const button of palette.dialog.querySelectorAll("[data-back]")) button.addEventListener("click", () => palette.back());
}

/** Starts the palette, for those who may write. @param {ReaderData} data */
export function startPalette(data) {
  if (!data.can_write) return;
  const palette = new Palette(data);
  const failed = (/** @type {Error} */ error) => say(error.message);
  wire(palette);
  on("link", ({ id }) => { palette.start(id).catch(failed); });
  on("edit-link", ({ annotation, link, far }) => { (far ? palette.editFar(annotation.id, link) : palette.edit(annotation.id, link)).catch(failed); });
  document.addEventListener("restore-draft", (event) => restore(palette, /** @type {CustomEvent} */ (event)));
}
