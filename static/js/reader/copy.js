// A copy of a source beside the article: its words are found, selected and kept as the passage of a link.
import { Blocks } from "../anchoring/blocks.js";
import { choose, read, watch } from "../anchoring/selection.js";
import { Saving } from "../forms/saving.js";
import { byId, el, say } from "../page/dom.js";
import { api } from "../page/http.js";
import { on } from "./bus.js";
import { captureOf, sourceOf } from "./captures.js";
import { quoteOf } from "./card.js";
import { keepWords } from "./copykeep.js";
import { bindCopyKeys } from "./copykeys.js";
import { begin, tell, waysToACopy } from "./copynone.js";
import { Finder } from "./copyfind.js";
import { fillChoice, narrow, opening, paint, parts, style, veil } from "./copyparts.js";
import { elements, views } from "./copytext.js";
import { Cursor, intoView } from "./cursor.js";
import { wordsOf } from "./words.js";

/** @typedef {import("./bus.js").Annotation} Annotation */
/** @typedef {import("./bus.js").Words} Words */
/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {{annotation: Annotation, link: any, paste?: boolean}} Wish */

class Pane {
  /** @param {ReaderData} data */
  constructor(data) {
    this.data = data;
    this.on = parts();
    this.saving = new Saving(this.on.state);
    /** @type {Wish} */
    this.wish = { annotation: { id: "", tone: "", spans: [] }, link: {} };
    /** @type {import("./copyparts.js").Copy[]} */
    this.copies = [];
    this.shown = "";
    this.wanted = "";
    /** @type {Blocks} */
    this.blocks = new Blocks(this.on.text);
    /** @type {Cursor | null} */
    this.cursor = null;
    /** @type {(number | null)[]} the page of each block */
    this.pages = [];
    /** @type {Words | null} */
    this.chosen = null;
    this.finder = new Finder(this.on);
    this.asked = new AbortController();
    this.watching = new AbortController();
    byId("panel").after(this.on.pane);
    bindCopyKeys(this);
  }

  /** @param {Wish} wish */
  async open(wish) {
    this.wish = wish;
    this.asked.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    try {
      await this.load(wish, signal);
    } catch (error) {
      if (!signal.aborted) this.on.text.replaceChildren(el("p", { role: "alert" }, /** @type {Error} */ (error).message));
    }
  }

  /** @param {Wish} wish @param {AbortSignal} signal */
  async load({ annotation, link, paste = false }, signal) {
    await style();
    const { title, facts, pane } = this.on;
    const source = sourceOf(link.far);
    const name = link.far.kind === "source" ? link.far.title : (link.far.source?.title ?? link.far.title);
    title.replaceChildren(el("a", { href: `/sources/${source}/`, target: "_blank", rel: "noopener" }, name));
    facts.textContent = `${wordsOf(this.data.relations, link.relation)}: ${quoteOf(annotation)}`;
    pane.hidden = false;
    veil(true);
    this.empty();
    const { body } = await api("GET", `/sources/${source}/snapshots`, { signal });
    this.copies = body.items;
    const first = paste ? undefined : opening(this.copies, link.passage);
    if (first) await this.show(first.id);
    else this.none(paste ? "Paste the words of the source, or bring a copy in another way." : "No copy of this source is kept yet.");
  }

  /** Takes the words of the copy before off the pane. */
  empty() {
    const { text, tools, foot, wrong } = this.on;
    this.watching.abort();
    this.watching = new AbortController();
    this.shown = "";
    this.blocks = new Blocks(text);
    text.replaceChildren();
    tools.hidden = true;
    foot.hidden = true;
    wrong.textContent = "";
    this.finder.begin("", this.blocks);
    paint("passage", []);
    this.take(null);
    this.saving.show("none");
  }

  /** @param {string} why */
  none(why) {
    this.empty();
    const { far } = this.wish.link;
    const wish = { source: sourceOf(far), url: far.url ?? far.source?.url ?? "", may: this.data.can_write, paste: Boolean(this.wish.paste), why };
    const box = waysToACopy(wish);
    this.on.text.replaceChildren(box);
    begin(box);
  }

  /** A copy without a text: another may be chosen, or brought in. @param {string} id */
  unread(id) {
    const why = this.copies.find((copy) => copy.id === id)?.unread;
    this.none(["No text could be made of this copy.", why].filter(Boolean).join(" "));
    this.on.tools.hidden = this.copies.length < 2;
  }

  /** Shows one of the copies. @param {string} id */
  async show(id) {
    const { signal } = this.asked;
    const { text, tools, which, foot, body } = this.on;
    this.wanted = id;
    const copy = (await api("GET", `/snapshots/${id}`, { signal })).body;
    if (this.wanted !== id) return;
    this.empty();
    fillChoice(which, this.copies, id);
    tools.hidden = false;
    if (!copy.text) {
      this.unread(id);
      return;
    }
    const all = views(copy.text, copy.blocks, copy.marks);
    this.pages = all.map(({ page }) => page);
    text.replaceChildren(...elements(all));
    this.shown = id;
    this.blocks = new Blocks(text);
    const { blocks } = this;
    this.finder.begin(copy.text, blocks);
    this.cursor = new Cursor(blocks, { near: blocks.list, mark: () => {} }, copy.sentences, body);
    watch(blocks, (chosen) => this.take(chosen), this.watching.signal);
    foot.hidden = !this.data.can_write;
    body.scrollTop = 0;
    this.showPassage();
    text.focus({ preventScroll: true });
  }

  /** Paints the passage that is saved, and scrolls to it. */
  showPassage() {
    const { passage } = this.wish.link;
    const here = passage?.snapshot === this.shown ? passage : null;
    paint("passage", here ? this.blocks.ranges(here.start, here.end) : []);
    if (here) intoView(this.blocks, here.start, here.end, this.on.body);
    this.tellPassage();
  }

  /** Without chosen words the line tells of the passage that is saved. */
  tellPassage() {
    const { passage } = this.wish.link;
    const elsewhere = passage && passage.snapshot !== this.shown && this.copies.find(({ id }) => id === passage.snapshot);
    const where = elsewhere ? `The passage stands in copy ${elsewhere.number}` : "Passage";
    this.on.chosen.textContent = passage ? `${where}: “${passage.exact}”` : "Select the words that count.";
  }

  /** @param {Words | null} chosen */
  take(chosen) {
    const { use, chosen: line } = this.on;
    this.chosen = chosen;
    use.disabled = !chosen;
    if (chosen) line.textContent = `“${chosen.exact}”`;
    else if (this.shown) this.tellPassage();
  }

  /** Selects the place that the search has come to. */
  selectMatch() {
    const { place } = this.finder;
    if (!place) return;
    choose(this.blocks, place.start, place.end);
    paint("match", []);
    this.take(read(this.blocks));
    if (this.data.can_write) this.on.use.focus();
    else this.on.text.focus({ preventScroll: true });
  }

  /** Keeps the chosen words as the passage of the link; false when there are none. */
  async use() {
    const chosen = read(this.blocks) ?? this.chosen;
    if (!chosen || !this.data.can_write) return false;
    await keepWords(this, chosen);
    return true;
  }

  /** Closes the pane and goes back to the link's line. */
  close() {
    if (this.on.pane.hidden) return;
    const { annotation, link } = this.wish;
    this.leave();
    const card = document.getElementById(`card-${annotation.id}`);
    const button = card?.querySelector(`li[data-id="${link.id}"] [data-act="passage"]`) ?? card?.querySelector("h3 button");
    /** @type {HTMLElement | null | undefined} */ (button)?.focus({ preventScroll: true });
  }

  /** A copy has come, or could not be had. @param {string} source */
  async copied(source) {
    const box = this.on.text.querySelector(".copy-none");
    if (!box || this.on.pane.hidden || sourceOf(this.wish.link.far) !== source) return;
    if (captureOf(source)?.state === "kept") await this.open({ ...this.wish, paste: false });
    else tell(/** @type {HTMLElement} */ (box), source, "Bringing a copy in…");
  }

  leave() {
    this.asked.abort();
    this.empty();
    this.on.pane.hidden = true;
    veil(false);
  }
}

/** The pane of copies. @param {ReaderData} data */
export function makePane(data) {
  const pane = new Pane(data);
  for (const name of /** @type {const} */ (["open", "annotate", "edit", "link", "edit-link"])) on(name, () => { if (!pane.on.pane.hidden) pane.leave(); });
  on("copying", ({ source }) => { pane.copied(source).catch((error) => say(error.message)); });
  narrow().addEventListener("change", () => veil(!pane.on.pane.hidden));
  return pane;
}
