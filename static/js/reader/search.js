// The search of the palette: one input, grouped results, arrows and Enter (ARIA combobox with a list).
import { el, say, shownDate } from "../page/dom.js";
import { api } from "../page/http.js";
import { isAddress } from "./farends.js";
import { suggestedInWords } from "./words.js";

/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {{kind: string, id: string, title: string, detail?: string | null, date?: string | null, article?: string | null, same_speaker?: boolean | null, sentence?: string, distance?: string | null}} Result */
/** @typedef {{words: string, results: Result[]}} Group */

const PAUSE = 120;
const SUGGESTED = 6;
const ASKED = 12;

/**
 * Results by group, in the order of the palette: first what may be of use, then what the same speaker said. The annotation
 * itself is left out, and nothing stands there twice. Pure.
 * @param {Result[]} results @param {string} article @param {string} self @param {Result[]} [perhaps] @returns {Group[]}
 */
export function group(results, article, self, perhaps = []) {
  const before = new Set([self, ...perhaps.map(({ id }) => id)]);
  const found = results.filter(({ id }) => !before.has(id));
  const others = found.filter((result) => !result.same_speaker || result.kind === "speaker");
  const of = (/** @type {string} */ words, /** @type {(result: Result) => boolean} */ test) => ({ words, results: others.filter(test) });
  return [
    { words: "Perhaps of use", results: perhaps },
    { words: "By the same speaker", results: found.filter((result) => !others.includes(result)) },
    of("Sources", ({ kind }) => kind === "source"),
    of("Statements", ({ kind }) => kind === "statement"),
    of("Annotations of this article", (result) => result.kind === "annotation" && result.article === article),
    of("Annotations of other articles", (result) => result.kind === "annotation" && result.article !== article),
    of("New statement by a known speaker", ({ kind }) => kind === "speaker"),
  ].filter(({ results: some }) => some.length);
}

/**
 * The first suggestions, without the annotations that stand on the same words; those of this article, which are in sight
 * anyway, come after what was said elsewhere. Pure.
 * @param {Result[]} items @param {[string, number, number, string][]} spans @param {string} self @param {string} article @returns {Result[]}
 */
export function elsewhere(items, spans, self, article) {
  const mine = spans.filter(([id]) => id === self);
  const over = new Set(spans.filter(([, start, end]) => mine.some((one) => start < one[2] && one[1] < end)).map(([id]) => id));
  const left = items.filter(({ id }) => !over.has(id));
  const here = (/** @type {Result} */ { kind, article: where }) => kind === "annotation" && where === article;
  return [...left.filter((item) => !here(item)), ...left.filter(here)].slice(0, SUGGESTED);
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
    const { project, article } = this.data;
    const query = new URLSearchParams({ q: this.q, article, limit: "20", ...(this.q && { annotation: this.self }) });
    try {
      const [{ body }, near] = await Promise.all([
        api("GET", `/projects/${project}/find?${query}`, { signal }),
        this.q ? null : api("GET", `/annotations/${this.self}/suggestions?limit=${ASKED}`, { signal }).catch(() => null),
      ]);
      this.show(group(body.results, article, this.self, elsewhere(near?.body.items ?? [], this.data.spans, this.self, article)));
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
  const said = suggestedInWords(result);
  return el("div", { role: "option", id: `palette-option-${place}`, "data-place": place, "aria-selected": "false" },
    el("span", { className: "title" }, result.title),
    el("span", { className: "when" }, result.date ? shownDate(result.date) : ""),
    result.detail && el("span", { className: "detail" }, result.detail),
    said && el("span", { className: "sentence" }, said));
}
