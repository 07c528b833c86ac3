// One link on a card: relation, far end, words, place, what a second person says, and whether a copy is kept.
import { clone, el, one, shownDate } from "../page/dom.js";
import { on } from "./bus.js";
import { captureOf, sourceOf } from "./captures.js";
import { dayOf, decidedInWords, endInWords, judgedInWords, laterInWords, missingInWords, put, translationInWords, wordsOf } from "./words.js";

/** @typedef {import("./bus.js").Annotation} Annotation */
/** @typedef {import("./card.js").ReaderData} ReaderData */

/** @type {WeakMap<Element, any>} the link that each line shows */
const lines = new WeakMap();

/** A link's line. @param {any} link @param {Annotation} annotation @param {ReaderData} data @returns {HTMLElement} */
export function makeLink(link, annotation, data) {
  const item = clone("link-template");
  const { far } = link;
  item.dataset.id = link.id;
  item.dataset.relation = link.relation;
  lines.set(item, link);
  put(item, "relation", wordsOf(data.relations, link.relation));
  put(item, "far", far.title);
  if (!far.hidden || far.kind !== "source") one(item, '[data-part="far"]').setAttribute("href", `/${far.kind}s/${far.id}/`);
  put(item, "protected", far.protected && !far.hidden && "Protected source");
  put(item, "role", far.role && `, ${far.role}`);
  put(item, "when", far.kind === "annotation" || (far.hidden && far.kind === "source") ? "" : `, ${shownDate(far.date)}`);
  put(item, "later", laterInWords(link.comparison));
  put(item, "quote", far.quote && `“${far.quote}”`);
  put(item, "translation", translationInWords(far));
  put(item, "judged", judgedInWords(link, data.choices));
  put(item, "decided", decidedInWords(link));
  put(item, "explanation", link.explanation);
  put(item, "missing", missingInWords(link));
  put(item, "passage", link.passage && `Passage: “${link.passage.exact}”`);
  put(item, "note", link.note);
  put(item, "assumption", link.assumption && `Provided that ${link.assumption}`);
  fillWhere(one(item, '[data-part="where"]'), link, data);
  fillTimes(item, link, annotation.claimant?.name ?? "");
  fillCopy(item, link, data.can_write);
  nameActions(item, link, data.can_write);
  return item;
}

/** @param {HTMLElement} item @param {any} link @param {boolean} canWrite */
function nameActions(item, { id, far, passage }, canWrite) {
  one(item, '[data-part="ends"]').setAttribute("href", `/links/${id}/`);
  const words = one(item, '[data-act="passage"]');
  words.hidden = far.hidden === true || !sourceOf(far) || !(canWrite || far.copy);
  if (passage) words.textContent = "See the words";
  else words.textContent = canWrite ? "Select the words" : "See the copy";
  const edit = /** @type {HTMLElement | null} */ (item.querySelector('[data-act="edit-far"]'));
  if (!edit) return;
  edit.hidden = far.closed === true;
  edit.textContent = far.kind === "annotation" ? "Go to it" : `Edit ${far.kind}`;
}

/** Whether a copy of the source is kept, is on its way, or could not be had. @param {HTMLElement} item @param {any} link @param {boolean} canWrite */
function fillCopy(item, { far }, canWrite) {
  const source = far.hidden ? "" : sourceOf(far);
  const now = captureOf(source);
  const failed = now?.state === "failed";
  item.dataset.source = source;
  put(item, "copy", source && copyInWords(far.copy, now));
  one(item, '[data-part="copy"]').setAttribute("aria-busy", String(now?.state === "fetching"));
  const acts = one(item, '[data-part="copy-acts"]');
  acts.hidden = !canWrite || !source || Boolean(far.copy && !failed) || now?.state === "fetching" || now?.state === "kept";
  if (!canWrite) return;
  const fetch = one(acts, '[data-act="fetch-copy"]');
  fetch.textContent = failed ? "Try again" : "Fetch a copy";
  fetch.hidden = !far.url && !far.source?.url;
}

/** Pure. @param {{captured_at: string} | null | undefined} copy @param {import("./captures.js").Capture | undefined} now @returns {string} */
export function copyInWords(copy, now) {
  const kept = copy ? `Copy kept, ${dayOf(copy.captured_at)}` : "";
  if (now?.state === "fetching") return "Fetching a copy…";
  if (now?.state === "failed") return [kept, `${kept ? "No newer copy" : "No copy"}: ${now.words}`].filter(Boolean).join(". ");
  return kept || (now?.state === "kept" ? "Copy kept" : "No copy kept");
}

/** Tells what happens to copies on the lines that are on screen. @param {HTMLElement} list @param {ReaderData} data */
export function watchCopies(list, data) {
  on("copying", ({ source }) => {
    for (const item of list.querySelectorAll(`[data-source="${source}"]`)) {
      fillCopy(/** @type {HTMLElement} */ (item), lines.get(item), data.can_write);
    }
  });
}

/** Occasion, medium, publisher, source, locator and address. @param {HTMLElement} node @param {any} link @param {ReaderData} data */
function fillWhere(node, link, data) {
  const { far } = link;
  const locator = link.locator && `${wordsOf(data.choices.locator_kind, link.locator_kind)} ${link.locator}`.trim();
  const medium = far.medium === "other" ? "" : wordsOf(data.choices.medium, far.medium);
  const words = [medium, far.occasion, far.publisher, far.source?.title, far.article?.title, locator];
  const url = far.url ?? far.source?.url;
  const safe = url && /^https?:\/\//i.test(url);
  const address = safe && el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, url);
  const shown = words.filter(Boolean).join(" · ");
  node.replaceChildren(shown, ...(address ? [shown ? " · " : "", address] : []));
  node.hidden = !shown && !address;
}

/** Both ends in time: then, and later. That a date is missing is said where it matters. @param {HTMLElement} item @param {any} link @param {string} claimant */
function fillTimes(item, link, claimant) {
  const compared = link.comparison;
  const list = one(item, '[data-part="times"]');
  const silent = compared?.order === "unknown" && link.relation !== "contradicts";
  put(item, "sentence", silent ? "" : compared?.sentence);
  list.hidden = !compared?.near_on || !compared.far_on;
  if (list.hidden) return;
  const near = { words: compared.near_from === "claim" ? [claimant, "the claim"].filter(Boolean).join(", ") : "this article", date: compared.near_on };
  const far = { words: endInWords(link.far), date: compared.far_on };
  const order = compared.order === "earlier" ? [far, near] : [near, far];
  const names = ["earlier", "later"].includes(compared.order) ? ["Then", "Later"] : ["Here", "There"];
  list.replaceChildren(...order.map((end, place) =>
    el("div", {}, el("dt", {}, `${names[place]}: ${end.words}`), el("dd", {}, shownDate(end.date)))));
}
