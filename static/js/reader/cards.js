// The panel: cards of what is on screen, keyed by id, at most 100; filters.
import { byId, el, one } from "../page/dom.js";
import { api } from "../page/http.js";
import { bindCardKeys, moveEnds, refresh, report, wireCards } from "./acts.js";
import { same } from "../forms/saving.js";
import { emit, on } from "./bus.js";
import { captureOf, sourceOf } from "./captures.js";
import { fillHead, fillInside, makeCard, startOf } from "./card.js";
import { countOnSheet, showInPanel } from "./edges.js";
import { watchCopies } from "./linkline.js";

/** @typedef {import("./bus.js").Annotation} Annotation */
/** @typedef {import("./card.js").ReaderData} ReaderData */

const MOST = 100;
const PAUSE = 120;

/** @type {Map<string, Annotation>} what the server last said, by id */
const known = new Map();

/** An annotation as the server last gave it, fetched when this page has not seen it. @param {string} id @returns {Promise<Annotation>} */
export async function annotationOf(id) {
  return known.get(id) ?? refresh(id);
}

class Panel {
  /** @param {ReaderData} data */
  constructor(data) {
    this.data = data;
    this.list = byId("cards");
    this.form = /** @type {HTMLFormElement} */ (byId("filter-form"));
    /** @type {Map<string, HTMLElement>} */
    this.cards = new Map();
    this.window = { from: 0, to: 0 };
    this.active = "";
    this.total = new Set(data.spans.map(([id]) => id)).size;
    /** @type {number | null} how many fit the filter; null without one */
    this.fitting = null;
    this.waiting = 0;
    this.asked = new AbortController();
  }

  /** @returns {URLSearchParams} */
  filters() {
    const fields = [...new FormData(this.form)].map(([name, value]) => [name, String(value).trim()]);
    return new URLSearchParams(fields.filter(([, value]) => value));
  }

  /** Fetches after a short pause; a newer wish ends an older one. */
  load() {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.fetch().catch(report), PAUSE);
  }

  async fetch() {
    this.asked.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    const query = this.filters();
    const filtered = query.size > 0;
    if (!filtered) for (const [name, value] of Object.entries(this.window)) query.set(name, String(value));
    query.set("limit", String(MOST));
    if (filtered) query.set("total", "true");
    try {
      const path = `/articles/${this.data.article}`;
      const [{ body }, shown] = await Promise.all([
        api("GET", `${path}/annotations?${query}`, { signal }),
        filtered ? api("GET", `${path}/spans?${this.filters()}`, { signal }) : null,
      ]);
      /** @type {[string][] | undefined} */
      const rows = shown?.body.spans;
      if (rows || this.fitting !== null) emit("filter", { ids: rows?.map(([id]) => id) ?? null });
      this.fitting = filtered ? body.total : null;
      this.show(body.items);
      byId("cards-more").hidden = body.next === null;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** @param {Annotation[]} items */
  show(items) {
    const keep = new Set(items.map((item) => item.id));
    for (const [id, card] of this.cards) if (!keep.has(id) && !this.held(id, card)) this.drop(id);
    for (const child of [...this.list.children]) if (!this.cards.has(/** @type {HTMLElement} */ (child).dataset.id ?? "")) child.remove();
    for (const item of items) this.put(item);
    this.count(this.fitting !== null ? "Nothing matches. Show all takes the filter away." : "No annotations in this part of the article.");
  }

  /** @param {string} [none] */
  count(none) {
    const some = this.fitting === null ? String(this.total) : `${this.fitting} of ${this.total}`;
    byId("card-count").textContent = String(this.total);
    byId("filter-line").hidden = this.fitting === null;
    byId("filter-count").textContent = `${some} shown`;
    countOnSheet(some);
    byId("cards-none").hidden = this.cards.size > 0;
    if (none) byId("cards-none").textContent = this.total ? none : "No annotations yet. Select words in the text, then press a key of the bar: C for a claim, T for a note.";
  }

  /** The open card, and the one with the focus, are never taken away. @param {string} id @param {HTMLElement} card */
  held(id, card) {
    return id === this.active || card.contains(document.activeElement);
  }

  /** @param {string} id */
  drop(id) {
    this.cards.get(id)?.remove();
    this.cards.delete(id);
  }

  /** A new card, or the old one with new words. @param {Annotation} annotation @returns {HTMLElement} */
  put(annotation) {
    const { id } = annotation;
    const old = this.cards.get(id);
    const before = known.get(id);
    known.set(id, annotation);
    if (old && same(before, annotation)) return old;
    const card = old ?? makeCard(annotation, this.data);
    if (old) fillHead(card, annotation, this.data);
    if (id === this.active) keepFocus(card, () => fillInside(card, annotation, this.data));
    this.cards.set(id, card);
    this.place(card, startOf(annotation));
    return card;
  }

  /** Puts a card where it belongs in text order, touching no other. @param {HTMLElement} card @param {number} start */
  place(card, start) {
    const others = /** @type {HTMLElement[]} */ ([...this.list.children]).filter((one) => one !== card);
    const next = others.find((one) => startOf(/** @type {Annotation} */ (known.get(one.dataset.id ?? "") ?? { spans: [] })) > start) ?? null;
    if (!card.parentElement || card.nextElementSibling !== next) this.list.insertBefore(card, next);
  }

  /** @param {string} id @param {boolean} focus */
  async open(id, focus) {
    const annotation = await annotationOf(id);
    this.collapse();
    this.active = id;
    const card = this.put(annotation);
    fillInside(card, annotation, this.data);
    this.expand(card, true);
    showInPanel(card);
    if (focus) one(card, "h3 button").focus({ preventScroll: true });
    emit("focus", { ids: [id] });
    this.count();
  }

  close() {
    const card = this.collapse();
    emit("focus", { ids: [] });
    return Boolean(card);
  }

  /** @returns {HTMLElement | undefined} the card that was open */
  collapse() {
    const card = this.cards.get(this.active);
    this.active = "";
    if (card) this.expand(card, false);
    return card;
  }

  /** @param {HTMLElement} card @param {boolean} open */
  expand(card, open) {
    card.classList.toggle("active", open);
    one(card, '[data-part="inside"]').hidden = !open;
    one(card, "h3 button").setAttribute("aria-expanded", String(open));
  }

  /** @param {Annotation} annotation */
  changed(annotation) {
    const fresh = !known.has(annotation.id) && !this.data.spans.some(([id]) => id === annotation.id);
    if (fresh) this.total += 1;
    if (fresh && this.fitting !== null) this.fitting += 1;
    this.put(annotation);
    this.count();
  }

  /** @param {string} id */
  removed(id) {
    known.delete(id);
    this.data.spans = this.data.spans.filter(([other]) => other !== id);
    this.total -= 1;
    if (id === this.active) this.close();
    this.drop(id);
    this.count();
  }
}

/** What is written anew keeps the focus on the same button. @param {HTMLElement} card @param {() => void} fill */
function keepFocus(card, fill) {
  const button = /** @type {HTMLElement | null} */ (card.contains(document.activeElement) ? document.activeElement : null);
  const item = /** @type {HTMLElement | null | undefined} */ (button?.closest("li[data-relation]"));
  fill();
  if (!item || !button?.dataset.act) return;
  const same = card.querySelector(`li[data-id="${item.dataset.id}"] [data-act="${button.dataset.act}"]`);
  /** @type {HTMLElement | null} */ (same)?.focus({ preventScroll: true });
}

/** A copy has come: the links to its source show it. @param {string} source */
function copied(source) {
  if (captureOf(source)?.state !== "kept") return;
  for (const { id, links } of known.values()) {
    if (links.some((/** @type {any} */ { far }) => sourceOf(far) === source)) refresh(id).catch(report);
  }
}

/** Names for the tag fields. @param {ReaderData} data */
async function loadTags(data) {
  const { body } = await api("GET", `/projects/${data.project}/tags`);
  byId("tag-list").replaceChildren(...body.tags.map((/** @type {string} */ tag) => el("option", { value: tag })));
}

/** Starts the panel. @param {ReaderData} data */
export function startCards(data) {
  const panel = new Panel(data);
  const open = () => known.get(panel.active);
  wireCards(panel.list, annotationOf, open);
  bindCardKeys(open, data.can_write);
  for (const name of ["input", "reset"]) panel.form.addEventListener(name, () => { panel.close(); panel.load(); });
  panel.form.addEventListener("reset", () => one(byId("filters"), "summary").focus());
  panel.form.addEventListener("submit", (event) => event.preventDefault());
  on("visible", (range) => { panel.window = range; if (!panel.filters().size) panel.load(); });
  on("open", ({ id, from }) => { panel.open(id, from !== "card").catch(report); });
  on("changed", ({ annotation }) => panel.changed(annotation));
  on("removed", ({ id }) => panel.removed(id));
  on("close", () => panel.close());
  on("copying", ({ source }) => copied(source));
  watchCopies(panel.list, data);
  on("moved-ends", (to) => { annotationOf(to.id).then((annotation) => moveEnds(annotation, data.snapshot, to)).catch(report); });
  loadTags(data).catch(report);
  panel.count();
}
