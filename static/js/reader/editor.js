// The form of one annotation. A new one is saved at once with its kind alone, so that highlighting is one key; the rest follows.
import { changes, resolve } from "../forms/saving.js";
import { draftsHere, keepWhileTyping } from "../forms/drafts.js";
import { byId, one, say } from "../page/dom.js";
import { api, newId, Problem } from "../page/http.js";
import { emit, on } from "./bus.js";
import { wordsOf } from "./words.js";
import { clearErrors, Completion, read, sendByKey, showErrors, Tags, write } from "./fields.js";
import { Session, shownOf } from "./session.js";
import { showInPanel } from "./edges.js";

/** @typedef {import("./bus.js").Annotation} Annotation */
/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {import("./session.js").Beginning} Beginning */

const NULLABLE = ["reason", "claimed_on"];
const LABELS = {
  body: "Note", tags: "Tags", kind: "Kind", state: "State", reason: "Why it cannot be checked",
  claim_text: "Claim", claimant: "Who says it", claimed_on: "When they said it",
};

class Editor {
  /** @param {ReaderData} data */
  constructor(data) {
    this.data = data;
    this.form = /** @type {HTMLFormElement} */ (byId("editor"));
    this.box = byId("editor-errors");
    this.drafts = draftsHere();
    this.tags = new Tags(/** @type {HTMLInputElement} */ (byId("editor-tag")), byId("editor-tags"));
    this.claimant = new Completion(/** @type {HTMLInputElement} */ (byId("editor-claimant")), (q) => `/projects/${data.project}/speakers?q=${q}`);
    /** @type {Session | null} */
    this.session = null;
    this.typing = keepWhileTyping(this.form, () => this.keep(), () => this.touched());
  }

  touched() {
    this.adapt();
    this.session?.saving.touched();
  }

  keep() {
    const { session } = this;
    if (!session) return;
    session.values = this.values();
    this.keepDraft(session);
  }

  /** @param {Session} session */
  keepDraft(session) {
    const { thing, beginning, annotation, values, base: was, quote } = session;
    const fields = { ...values, was, beginning: annotation ? null : beginning };
    this.drafts.keep({ thing, title: `Annotation of ${quote.slice(0, 60)}`, fields, base: annotation?.version ?? null, url: location.pathname });
  }

  /** @param {Record<string, any>} values */
  fill(values) {
    write(this.form, values);
    this.tags.set(values.tags);
  }

  /** @returns {Record<string, any>} */
  values() {
    return { ...read(this.form, NULLABLE), tags: this.tags.chosen };
  }

  /** Fields that the kind or the state makes needless are put away. */
  adapt() {
    const { kind, state } = read(this.form, []);
    byId("editor-claim").hidden = kind !== "claim" && kind !== "quote" && kind !== "number";
    one(this.form, "#editor-reason").closest(".field")?.toggleAttribute("hidden", state !== "not_checkable");
  }

  /** @param {Session} session */
  open(session) {
    this.leave();
    this.session = session;
    const draft = this.drafts.get(session.thing);
    const { beginning, was, ...typed } = draft?.fields ?? {};
    if (draft) session.resume(was, draft.base);
    this.fill({ ...session.base, ...typed });
    session.values = this.values();
    this.claimant.know(session.annotation?.claimant);
    byId("editor-saving").replaceWith(session.saving.output);
    byId("editor-about").textContent = session.quote;
    byId("editor-title").textContent = wordsOf(this.data.kinds, session.base.kind);
    clearErrors(this.form, this.box);
    this.adapt();
    this.form.hidden = false;
    if (Object.keys(changes(session.values, session.base)).length) this.restored(session);
    showInPanel(this.form);
    byId("editor-body").focus({ preventScroll: true });
  }

  /** @param {Session} session */
  restored(session) {
    session.saving.touched();
    say("Your unsaved words are back in the form.");
  }

  /** Leaves the form as it is for a later return: what was typed stays as a draft. */
  leave() {
    this.tags.take();
    this.typing.flush();
    const { session } = this;
    this.session = null;
    if (session && this.drafts.get(session.thing)) say(`Unsaved words on ${session.quote.slice(0, 40)} are kept in this browser.`);
  }

  close() {
    if (this.form.hidden) return;
    this.leave();
    this.form.hidden = true;
    emit("closed", {});
  }

  /** @param {Beginning} beginning @param {string} id @param {"link"} [then] */
  async create(beginning, id, then) {
    const session = new Session(id, null, beginning);
    if (!this.drafts.get(session.thing)) this.keepDraft(session);
    const made = session.exists(this.data);
    if (!then) this.open(session);
    const annotation = await made;
    this.settled(session);
    if (then) emit("link", { id: annotation.id });
  }

  /** Everything typed so far is on the server: the draft may go. @param {Session} session */
  settled(session) {
    const values = session === this.session ? this.values() : session.values;
    if (!Object.keys(changes(values, session.base)).length) {
      if (session === this.session) this.typing.cancel();
      this.drafts.drop(session.thing);
      session.saving.show("saved");
    } else {
      this.keepDraft(session);
      session.saving.show("here");
    }
  }

  /** Sends what differs from the server's version; gives the annotation when it is saved. @returns {Promise<Annotation | null>} */
  async save() {
    const { session } = this;
    if (!session) return null;
    this.tags.take();
    this.keep();
    clearErrors(this.form, this.box);
    try {
      const annotation = await session.exists(this.data);
      const mine = changes(session.values, session.base);
      const saved = Object.keys(mine).length ? await this.patch(session, mine, annotation.version) : annotation;
      if (saved) this.settled(session);
      return saved;
    } catch (error) {
      this.refused(session, error);
      return null;
    }
  }

  /** @param {Session} session @param {Record<string, any>} mine @param {number} version @returns {Promise<Annotation | null>} */
  async patch(session, mine, version) {
    try {
      const annotation = await session.patch(async () => this.forServer(mine), version);
      if (session === this.session && session.saving.state === "saved") this.fill(session.base);
      return annotation;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      return this.settle(session, mine, error.current);
    }
  }

  /** The claimant goes as an id; somebody new is made first. @param {Record<string, any>} mine @returns {Promise<Record<string, any>>} */
  async forServer(mine) {
    if (!("claimant" in mine)) return mine;
    return { ...mine, claimant: await this.claimant.speaker(this.data.project, mine.claimant) };
  }

  /** Somebody else saved first. @param {Session} session @param {Record<string, any>} mine @param {any} current @returns {Promise<Annotation | null>} */
  async settle(session, mine, current) {
    this.claimant.know(current.claimant);
    const who = current.updated_by?.name ?? "Somebody";
    const title = `Two versions of ${session.quote.length > 60 ? `${session.quote.slice(0, 60)}…”` : session.quote}`;
    const chosen = await resolve({ title, mine, theirs: shownOf(current), base: session.base, labels: LABELS, who });
    return chosen ? this.patch(session, chosen, current.version) : null;
  }

  /** @param {Session} session @param {unknown} error */
  refused(session, error) {
    if (session === this.session) showErrors(this.form, this.box, error);
    else say(error instanceof Error ? error.message : String(error));
  }
}

/** @param {Editor} editor @param {boolean} link */
async function saveAndClose(editor, link) {
  const saved = await editor.save();
  if (!saved) return;
  editor.close();
  say("Saved.");
  emit("open", { id: saved.id, from: "card" });
  if (link) emit("link", { id: saved.id });
}

/** @param {Editor} editor @param {CustomEvent} event */
function restore(editor, event) {
  const { thing, fields } = event.detail;
  const [kind, id] = thing.split(":");
  if (kind !== "annotation") return;
  event.preventDefault();
  const begun = fields.beginning ? editor.create(fields.beginning, id) : api("GET", `/annotations/${id}`).then(({ body }) => editor.open(new Session(id, body, null)));
  begun.catch((error) => say(error.message));
}

/** Starts the editor, for those who may write. @param {ReaderData} data */
export function startEditor(data) {
  if (!data.can_write) return;
  const editor = new Editor(data);
  sendByKey(editor.form);
  editor.form.addEventListener("submit", (event) => { event.preventDefault(); saveAndClose(editor, false); });
  byId("editor-link").addEventListener("click", () => saveAndClose(editor, true));
  byId("editor-close").addEventListener("click", () => editor.close());
  editor.form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    editor.close();
  });
  on("edit", ({ annotation }) => editor.open(new Session(annotation.id, annotation, null)));
  on("annotate", ({ kind, spans, then }) => {
    editor.create({ kind, spans, snapshot: data.snapshot }, newId(), then).catch((error) => say(error.message));
  });
  document.addEventListener("restore-draft", (event) => restore(editor, /** @type {CustomEvent} */ (event)));
}
