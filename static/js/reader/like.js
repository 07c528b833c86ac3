// "We have this already": while a new source, statement or speaker is typed in the palette, what is like it can be taken instead.
import { el, shownDate } from "../page/dom.js";
import { api } from "../page/http.js";

/** @typedef {{id: string, title?: string, name?: string, url: string, quote?: string, said_on?: string | null, speaker?: {name: string}, reason: string}} Like */
/** @typedef {{words: string, path: string}} Question */

const PAUSE = 350;
const SHORTEST = 3;
const SHOWN = 100;

/**
 * What to ask for the typed values: nothing while there is too little of them. Pure.
 * @param {"source" | "statement"} kind @param {string} project @param {Record<string, string>} typed
 * @returns {Question[]}
 */
export function questions(kind, project, typed) {
  const enough = (/** @type {string | undefined} */ words) => (words ?? "").trim().length >= SHORTEST;
  const ask = (/** @type {string} */ things, /** @type {Record<string, string>} */ query) => ({ words: things, path: `/projects/${project}/${things}/like?${new URLSearchParams(query)}` });
  const { url = "", title = "", doi = "", speaker = "", quote = "", said_on = "" } = typed;
  if (kind === "source") return [url, title, doi].some(enough) ? [ask("sources", { url, title, ...(doi && { doi }) })] : [];
  const said = Object.fromEntries(Object.entries({ speaker, quote, said_on }).filter(([, value]) => value.trim()));
  return [
    ...(enough(speaker) ? [ask("speakers", { name: speaker })] : []),
    ...(enough(quote) || (speaker && said_on) ? [ask("statements", said)] : []),
  ];
}

/** What a thing is called, and how it is alike. Pure. @param {Like} item @returns {string} */
export function toldOf(item) {
  const words = item.quote === undefined ? (item.title ?? item.name ?? "") : `${item.speaker?.name ?? ""}: “${item.quote}”`;
  const short = words.length > SHOWN ? `${words.slice(0, SHOWN - 1)}…` : words;
  return `${short} (${[item.reason, item.said_on && shownDate(item.said_on)].filter(Boolean).join(", ")})`;
}

/** Watches one form of the palette. */
export class Likes {
  /**
   * @param {HTMLFormElement} form
   * @param {() => Question[]} asks what to ask now
   * @param {(item: Like, things: string) => void} use takes what is there already
   */
  constructor(form, asks, use) {
    this.asks = asks;
    this.use = use;
    this.waiting = 0;
    this.asked = "";
    this.list = el("ul", {});
    this.box = el("div", { className: "like", role: "status", hidden: true }, el("p", {}, el("strong", {}, "We have this already:")), this.list);
    form.querySelector(".actions")?.before(this.box);
    form.addEventListener("input", () => this.soon());
  }

  soon() {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.look().catch(() => {}), PAUSE);
  }

  async look() {
    const asks = this.asks();
    const asked = asks.map(({ path }) => path).join(" ");
    if (asked === this.asked) return;
    this.asked = asked;
    const answers = await Promise.all(asks.map(({ path }) => api("GET", path, { signIn: false })));
    if (this.asked !== asked) return;
    const rows = answers.flatMap(({ body }, place) => body.items.map((/** @type {Like} */ item) => this.row(item, asks[place].words)));
    this.list.replaceChildren(...rows);
    this.box.hidden = !rows.length;
  }

  /** @param {Like} item @param {string} things */
  row(item, things) {
    const words = toldOf(item);
    const use = el("button", { type: "button", className: "compact", "aria-label": `Use it: ${words}`, onclick: () => this.use(item, things) }, "Use it");
    return el("li", {}, el("span", { dir: "auto" }, words), use);
  }

  clear() {
    window.clearTimeout(this.waiting);
    this.asked = "";
    this.list.replaceChildren();
    this.box.hidden = true;
  }
}
