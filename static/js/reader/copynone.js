// What stands in the pane of a source that has no copy: fetch it, paste its words, or choose a file.
import { problemOf } from "../articles/files.js";
import { el, one } from "../page/dom.js";
import { captureOf, fetchCopy, pasteCopy, uploadCopy } from "./captures.js";

/** @typedef {{source: string, url: string, may: boolean, paste: boolean, why: string}} Wish */

const TYPES = ".html,.htm,.xhtml,.txt,.md,.pdf,.docx,text/html,text/plain,text/markdown,application/pdf";

/** @type {Map<string, string>} pasted words that were not kept yet, by source: closing the pane must not lose them */
const unsent = new Map();

/**
 * Ways to bring a copy in. What comes of it is told by the happening `copying`.
 * @param {Wish} wish
 * @returns {HTMLElement}
 */
export function waysToACopy({ source, url, may, paste, why }) {
  const said = el("p", { role: "status" });
  const box = el("div", { className: "copy-none" }, el("p", { tabIndex: -1 }, el("strong", {}, why)));
  if (!may) return box;
  /** @param {string} words @param {() => Promise<unknown>} bring */
  const run = async (words, bring) => {
    for (const button of box.querySelectorAll("button")) button.disabled = true;
    const begun = bring();
    tell(box, source, words);
    if (await begun) unsent.delete(source);
    for (const button of box.querySelectorAll("button")) button.disabled = false;
  };
  const fetch = el("button", { type: "button", className: "primary", onclick: () => run("Fetching a copy…", () => fetchCopy(source)) }, "Fetch a copy");
  const form = pasting(source, (text) => run("Keeping these words…", () => pasteCopy(source, text)), paste);
  const file = choosing((chosen) => run("Sending the file…", () => uploadCopy(source, chosen)), said);
  box.append(...(url ? [el("div", { className: "actions" }, fetch)] : []), said, form, file);
  tell(box, source, "Fetching a copy…");
  return box;
}

/** Says whether a copy is on its way or could not be had. @param {HTMLElement} box @param {string} source @param {string} doing */
export function tell(box, source, doing) {
  const said = box.querySelector("[role=status]");
  const now = captureOf(source);
  if (now?.state === "fetching") said?.replaceChildren(doing, " ", el("progress", { "aria-label": doing }));
  else if (said) said.textContent = now?.state === "failed" ? `No copy: ${now.words} The source itself is saved.` : "";
}

/** @param {string} source @param {(text: string) => void} send @param {boolean} open @returns {HTMLElement} */
function pasting(source, send, open) {
  const value = unsent.get(source) ?? "";
  const area = el("textarea", { id: "copy-paste", name: "copy-paste", rows: 6, dir: "auto", value, oninput: () => unsent.set(source, area.value) });
  const form = el("form", { className: "form dense" },
    el("div", { className: "field" }, el("label", { for: "copy-paste" }, "The words of the source"), area),
    el("div", { className: "actions" }, el("button", {}, "Keep as a copy")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (area.value.trim()) send(area.value);
    else area.focus();
  });
  return el("details", { className: "more", open: open || value !== "" }, el("summary", {}, "Paste the words of the source"), form);
}

/** @param {(file: File) => void} send @param {HTMLElement} said @returns {HTMLElement} */
function choosing(send, said) {
  const input = el("input", { type: "file", id: "copy-file", accept: TYPES });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (!file) return;
    const wrong = problemOf(file, "source");
    if (wrong) said.textContent = wrong;
    else send(file);
  });
  return el("div", { className: "field" }, el("label", { for: "copy-file" }, "Or choose a file (HTML, text, PDF, DOCX)"), input);
}

/** Puts the focus where somebody who has to bring a copy in begins. @param {HTMLElement} box */
export function begin(box) {
  const first = box.querySelector("details[open] textarea") ?? box.querySelector("button, summary");
  if (first instanceof HTMLElement) first.focus();
  else one(box, "p").focus();
}
