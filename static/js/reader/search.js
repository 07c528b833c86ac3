// The search of the palette: one input, grouped results, arrows and Enter (ARIA combobox with a list).
import { el, say, shownDate } from "../page/dom.js";
import { api } from "../page/http.js";
import { isAddress } from "./farends.js";

/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {{kind: string, id: string, title: string, detail?: string | null, date?: string | null, article?: string | null}} Result */
/** @typedef {{words: string, results: Result[]}} Group */

const PAUSE = 120;

/**
 * Results by group, in the order of the palette; the annotation itself is left out. Pure.
 * @param {Result[]} results @param {string} article @param {string} self @returns {Group[]}
 */
export function group(results, article, self) {
  const others = results.filter((result) => result.id !== self);
  const of = (/** @type {string} */ words, /** @type {(result: Result) => boolean} */ test) => ({ words, results: others.filter(test) });
  return [
    of("Sources", ({ kind }) => kind === "source"),
    of("Statements", ({ kind }) => kind === "statement"),
    of("Annotations of this article", (result) => result.kind === "annotation" && result.article === article),
    of("Annotations of other articles", (result) => result.kind === "annotation" && result.article !== article),
    of("New statement by a known speaker", ({ kind }) => kind === "speaker"),
  ].filter(({ results: some }) => some.length);
}

/** What can be made new from the words typed; an address offers the source first. Pure. @param {string} q @returns {Group} */
export function offers(q) {
  const source = { kind: "new-source", id: "", title: isAddress(q) ? `New source: ${q}` : "New source", detail: "A page, law, report, recording …" };
  const statement = { kind: "new-statement", id: "", title: "New statement", detail: "What somebody said, wrote, signed or voted" };
  return { words: "New", results: isAddress(q) ? [source, statement] : [statement, source] };
}

export class Search {
  /** @param {ReaderData} data @param {HTMLInputElement} input @param {HTMLElement} list @param {(result: Result, q: string) => void} chosen */
  constructor(data, input, list, chosen) {
    this.data = data;
    this.input = input;
    this.list = list;
    this.chosen = chosen;
    this.self = "";
    this.place = 0;
    /** @type {Result[]} */
    this.flat = [];
    this.waiting = 0;
    this.asked = new AbortController();
    input.addEventListener("input", () => this.soon());
    input.addEventListener("keydown", (event) => this.pressed(event));
    list.addEventListener("click", (event) => this.clicked(event));
    list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /** @returns {string} */
  get q() {
    return this.input.value.trim();
  }

  /** Starts for an annotation. @param {string} self */
  start(self) {
    this.self = self;
    this.show([]);
    this.find().catch((error) => say(error.message));
  }

  soon() {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.find().catch((error) => say(error.message)), PAUSE);
  }

  async find() {
    this.asked.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    const query = new URLSearchParams({ q: this.q, article: this.data.article, limit: "20" });
    try {
      const { body } = await api("GET", `/projects/${this.data.project}/find?${query}`, { signal });
      this.show(group(body.results, this.data.article, this.self));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** @param {Group[]} groups */
  show(groups) {
    const made = offers(this.q);
    const all = isAddress(this.q) && !groups.some(({ words }) => words === "Sources") ? [made, ...groups] : [...groups, made];
    this.flat = all.flatMap(({ results }) => results);
    let place = 0;
    this.list.replaceChildren(...all.map(({ words, results }, number) => el("div", { role: "group", "aria-labelledby": `palette-group-${number}` },
      el("span", { id: `palette-group-${number}` }, words),
      ...results.map((result) => option(result, place++)))));
    this.mark(0);
  }

  /** @param {number} place */
  mark(place) {
    this.place = place;
    for (const node of this.list.querySelectorAll("[role=option]")) {
      const here = Number(/** @type {HTMLElement} */ (node).dataset.place) === place;
      node.setAttribute("aria-selected", String(here));
      if (here) node.scrollIntoView({ block: "nearest" });
    }
    this.input.setAttribute("aria-activedescendant", `palette-option-${place}`);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.isComposing) return;
    const last = this.flat.length - 1;
    const to = { ArrowDown: this.place === last ? 0 : this.place + 1, ArrowUp: this.place === 0 ? last : this.place - 1, PageDown: last, PageUp: 0 }[event.key];
    if (to !== undefined) this.mark(to);
    else if (event.key === "Enter") this.chosen(this.flat[this.place], this.q);
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const node = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
    if (node instanceof HTMLElement) this.chosen(this.flat[Number(node.dataset.place)], this.q);
  }
}

/** @param {Result} result @param {number} place */
function option(result, place) {
  return el("div", { role: "option", id: `palette-option-${place}`, "data-place": place, "aria-selected": "false" },
    el("span", { className: "title" }, result.title),
    el("span", { className: "when" }, result.date ? shownDate(result.date) : ""),
    result.detail && el("span", { className: "detail" }, result.detail));
}
