// The details of a link: relation, place, passage, note, and what only a contradiction has.
import { draftsHere, keepWhileTyping } from "../forms/drafts.js";
import { changes, Saving } from "../forms/saving.js";
import { byId, one, shownDate } from "../page/dom.js";
import { refresh } from "./acts.js";
import { sourceOf } from "./captures.js";
import { clearErrors, errorBox, labelsOf, read, sendByKey, showErrors, write } from "./fields.js";
import { patchLink } from "./passage.js";
import { decidedInWords, missingInWords, wordsOf } from "./words.js";

/** @typedef {import("./card.js").ReaderData} ReaderData */

const NULLABLE = ["locator_kind", "contradiction_kind", "acknowledged", "consistency"];

export class LinkForm {
  /** @param {ReaderData} data @param {HTMLFormElement} form @param {() => void} done */
  constructor(data, form, done) {
    this.data = data;
    this.form = form;
    this.done = done;
    this.saving = new Saving(byId("details-state"));
    this.drafts = draftsHere();
    /** @type {any} the link as the server gave it */
    this.link = null;
    this.typing = keepWhileTyping(form, () => this.keep(), () => this.saving.touched());
    form.addEventListener("change", () => this.adapt());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    sendByKey(form);
  }

  /** Shows the server's version, and over it what was typed and not sent. @param {any} link */
  open(link) {
    this.took(link);
    const draft = this.drafts.get(`link:${link.id}`);
    if (!draft) return;
    this.link = draft.fields.link;
    write(this.form, draft.fields.values);
    this.adapt();
    this.saving.touched();
  }

  /** @param {any} link */
  took(link) {
    this.link = link;
    const { far, comparison } = link;
    const words = [wordsOf(this.data.relations, link.relation), far.title, far.date && shownDate(far.date), comparison?.sentence, decidedInWords(link)];
    byId("palette-linked").textContent = words.filter(Boolean).join(" · ");
    byId("palette-missing").textContent = missingInWords(link);
    byId("details-words").hidden = !sourceOf(far) || far.hidden === true;
    clearErrors(this.form, errorBox(this.form));
    write(this.form, link);
    this.adapt();
    this.saving.show("none");
  }

  adapt() {
    one(this.form, "[data-only]").hidden = read(this.form, []).relation !== "contradicts";
  }

  keep() {
    const { id, version, far, annotation } = this.link;
    const fields = { values: read(this.form, []), link: this.link, annotation };
    this.drafts.keep({ thing: `link:${id}`, title: `Link to ${far.title}`, fields, base: version, url: location.pathname });
  }

  /** @returns {Promise<boolean>} whether it is saved */
  async save() {
    this.typing.flush();
    clearErrors(this.form, errorBox(this.form));
    try {
      const mine = changes(read(this.form, NULLABLE), this.link);
      if (Object.keys(mine).length && !(await this.patch(mine))) return false;
      this.drafts.drop(`link:${this.link.id}`);
      this.saving.show("none");
      this.done();
      return true;
    } catch (error) {
      showErrors(this.form, errorBox(this.form), error);
      return false;
    }
  }

  /** @param {Record<string, any>} mine @returns {Promise<boolean>} whether it is saved */
  async patch(mine) {
    const saved = await patchLink(this.link, mine, this.saving, labelsOf(this.form));
    if (!saved) return false;
    this.took(saved);
    await refresh(saved.annotation);
    return true;
  }
}
