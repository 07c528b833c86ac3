// The details of a link: relation, place, passage, note, and what only a contradiction has.
import { draftsHere, keepWhileTyping } from "../forms/drafts.js";
import { changes, resolve, Saving } from "../forms/saving.js";
import { byId, one, shownDate } from "../page/dom.js";
import { api, Problem } from "../page/http.js";
import { refresh } from "./acts.js";
import { wordsOf } from "./card.js";
import { clearErrors, errorBox, labelsOf, read, sendByKey, showErrors, write } from "./fields.js";

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
    const words = [wordsOf(this.data.relations, link.relation), far.title, far.date && shownDate(far.date), comparison?.sentence];
    byId("palette-linked").textContent = words.filter(Boolean).join(" · ");
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

  async save() {
    this.typing.flush();
    clearErrors(this.form, errorBox(this.form));
    try {
      const mine = changes(read(this.form, NULLABLE), this.link);
      if (Object.keys(mine).length && !(await this.patch(mine, this.link.version))) return;
      this.drafts.drop(`link:${this.link.id}`);
      this.saving.show("none");
      this.done();
    } catch (error) {
      showErrors(this.form, errorBox(this.form), error);
    }
  }

  /** @param {Record<string, any>} mine @param {number} version @returns {Promise<boolean>} whether it is saved */
  async patch(mine, version) {
    try {
      const { body } = await this.saving.run(() => api("PATCH", `/links/${this.link.id}`, { body: mine, version }));
      this.took(body);
      await refresh(body.annotation);
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      const { current } = error;
      const who = current.updated_by?.name ?? "Somebody";
      const chosen = await resolve({ title: "Two versions of this link", mine, theirs: current, base: this.link, labels: labelsOf(this.form), who });
      return chosen ? this.patch(chosen, current.version) : false;
    }
  }
}
