// The parts of the pane that holds a copy beside the article: made once, filled for each source.
import { byId, el } from "../page/dom.js";
import { dayOf } from "./words.js";

/** @typedef {{id: string, number: number, captured_at: string, length?: number, unread?: string}} Copy one of a source's copies, as listed */

const BEHIND = ".top, .reader-column, #panel-open, #coverage";
const SHEET = new URL("../../css/components/copy.css", import.meta.url).href;

/** The style of the pane, loaded with the first copy. @returns {Promise<void>} */
export function style() {
  if (document.querySelector(`link[href="${SHEET}"]`)) return Promise.resolve();
  return new Promise((done) => {
    const link = el("link", { rel: "stylesheet", href: SHEET, onload: () => done(), onerror: () => done() });
    document.head.append(link);
  });
}

/** Everything of the pane that is filled or pressed. */
export function parts() {
  const title = el("h2", { id: "copy-title" });
  const close = el("button", { type: "button", className: "compact" }, "Close ", el("kbd", {}, "Esc"));
  const which = el("select", { id: "copy-which" });
  const facts = el("p", { className: "small quiet copy-facts" });
  const find = el("input", { type: "search", id: "copy-find", autocomplete: "off", enterKeyHint: "search", "aria-describedby": "copy-found" });
  const found = el("output", { id: "copy-found", className: "small quiet" });
  const tap = el("button", { type: "button", className: "compact copy-tap", "aria-pressed": "false" }, "Tap a sentence");
  const text = el("article", { id: "copy-text", className: "copy-text", tabIndex: 0, "aria-label": "Words of the copy" });
  const body = el("div", { className: "copy-body" }, text);
  const chosen = el("p", { className: "copy-chosen" });
  const use = el("button", { type: "button", className: "primary" }, "Use these words ", el("kbd", {}, "Enter"));
  const state = el("output", { className: "save-state" });
  const wrong = el("p", { role: "alert", className: "copy-wrong" });
  const foot = el("footer", { className: "copy-foot" }, chosen, el("div", { className: "actions" }, use, state), wrong);
  const tools = el("div", { className: "copy-tools" },
    el("div", { className: "field" }, el("label", { for: "copy-which" }, "Copy"), which),
    el("div", { className: "field" }, el("label", { for: "copy-find" }, "Find words"), find), found, tap);
  const head = el("header", { className: "copy-head" }, el("div", { className: "row spread" }, title, close), facts, tools);
  const pane = el("section", { id: "copy", "aria-labelledby": "copy-title", hidden: true }, head, body, foot);
  return { pane, title, close, which, facts, find, found, tap, tools, text, body, chosen, use, state, wrong, foot };
}

/**
 * The choice between the copies of a source, newest first.
 * @param {HTMLSelectElement} which @param {Copy[]} copies @param {string} id the one that is shown
 */
export function fillChoice(which, copies, id) {
  which.replaceChildren(...copies.map((copy) => new Option(nameOf(copy, copies.length), copy.id, false, copy.id === id)));
}

/** "2 of 3, 22 November 2026", below the label "Copy". Pure. @param {Copy} copy @param {number} all @returns {string} */
export function nameOf(copy, all) {
  return `${copy.number} of ${all}, ${dayOf(copy.captured_at)}${copy.unread ? " (no text)" : ""}`;
}

/**
 * Which copy is opened: the one that the link's passage stands in, else the newest that has a text. Pure.
 * @param {Copy[]} copies newest first @param {{snapshot: string} | null} passage
 * @returns {Copy | undefined}
 */
export function opening(copies, passage) {
  const marked = copies.find(({ id }) => id === passage?.snapshot);
  return marked ?? copies.find(({ unread }) => !unread) ?? copies[0];
}

/** @param {"passage" | "match"} name @param {AbstractRange[]} ranges */
export function paint(name, ranges) {
  if ("highlights" in CSS) CSS.highlights.set(`copy-${name}`, new Highlight(...ranges));
}

/** Where there is room for one thing only: as in css/components/reader.css. */
export const narrow = () => matchMedia("(max-width: 64rem)");

/** What lies behind the pane cannot be reached: the panel always, on narrow screens the rest of the page too. @param {boolean} open */
export function veil(open) {
  byId("panel").inert = open;
  for (const part of document.querySelectorAll(BEHIND)) part.toggleAttribute("inert", open && narrow().matches);
}
