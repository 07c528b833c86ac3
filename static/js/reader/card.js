// What a card shows: fills the cloned markup of an annotation and of its links. The words of values come from the page's data.
import { clone, el, one, shownDate } from "../page/dom.js";

/** @typedef {import("./bus.js").Annotation} Annotation */
/** @typedef {[string, string, string?][]} Choice value, words, key */
/**
 * @typedef {object} ReaderData
 * @property {string} project
 * @property {string} article
 * @property {string} title
 * @property {string | null} published_on
 * @property {string} snapshot
 * @property {boolean} can_write
 * @property {{id: string, name: string}} me
 * @property {[string, number, number, string][]} spans
 * @property {Choice} kinds
 * @property {Choice} relations
 * @property {Record<string, string>} tones
 * @property {Record<string, Choice>} choices
 */

/** @param {Choice | undefined} choice @param {string | null | undefined} value @returns {string} */
export function wordsOf(choice, value) {
  return choice?.find((option) => option[0] === value)?.[1] ?? value ?? "";
}

/** The words an annotation stands on, all spans of it. @param {Annotation} annotation @returns {string} */
export function quoteOf(annotation) {
  return `“${annotation.spans.map((span) => span.exact).join(" … ")}”`;
}

/** Where an annotation starts, for text order. @param {Annotation} annotation @returns {number} */
export const startOf = (annotation) => annotation.spans[0]?.start ?? 0;

/**
 * Puts words into a named part and hides the part when there are none.
 * @param {ParentNode} root @param {string} name @param {string | null | undefined} words
 */
function put(root, name, words) {
  const node = one(root, `[data-part="${name}"]`);
  node.textContent = words ?? "";
  node.hidden = !words;
}

/** A closed card with its heading. @param {Annotation} annotation @param {ReaderData} data @returns {HTMLElement} */
export function makeCard(annotation, data) {
  const card = clone("card-template");
  const title = `title-${annotation.id}`;
  card.id = `card-${annotation.id}`;
  card.dataset.id = annotation.id;
  one(card, '[data-part="title"]').id = title;
  one(card, "article").setAttribute("aria-labelledby", title);
  const inside = one(card, '[data-part="inside"]');
  inside.id = `inside-${annotation.id}`;
  one(card, "h3 button").setAttribute("aria-controls", inside.id);
  fillHead(card, annotation, data);
  return card;
}

/** @param {HTMLElement} card @param {Annotation} annotation @param {ReaderData} data */
export function fillHead(card, annotation, data) {
  card.dataset.tone = annotation.tone;
  put(card, "tone", wordsOf(Object.entries(data.tones), annotation.tone));
  put(card, "kind", wordsOf(data.kinds, annotation.kind));
  put(card, "words", quoteOf(annotation));
  put(card, "by", annotation.created_by.name);
  put(card, "count", linksInWords(annotation.links));
}

/** "3 links, 1 contradicts": a contradiction is seen before the card is open. Pure. @param {{relation: string}[]} links @returns {string} */
export function linksInWords(links) {
  if (!links.length) return "";
  const against = links.filter(({ relation }) => relation === "contradicts").length;
  const all = links.length === 1 ? "1 link" : `${links.length} links`;
  return against ? `${all}, ${against} contradict${against === 1 ? "s" : ""}` : all;
}

/** The open part of a card. @param {HTMLElement} card @param {Annotation} annotation @param {ReaderData} data */
export function fillInside(card, annotation, data) {
  const { claimant, claimed_on: on, claim_text: claim, state, reason, tags } = annotation;
  one(card, '[data-part="anchor"]').hidden = annotation.spans.every((span) => span.anchor !== "changed");
  one(card, '[data-part="claim"]').hidden = !claim && !claimant;
  put(card, "claim-text", claim);
  put(card, "claimant", claimant && [claimant.name, on && shownDate(on)].filter(Boolean).join(", "));
  put(card, "state", reason && `${wordsOf(data.choices.state, state)}: ${reason}`);
  fillBody(one(card, '[data-part="body"]'), annotation);
  const list = one(card, '[data-part="tags"]');
  list.replaceChildren(...tags.map((/** @type {string} */ tag) => el("li", {}, tag)));
  list.hidden = !tags.length;
  const links = one(card, '[data-part="links"]');
  links.replaceChildren(...annotation.links.map((/** @type {any} */ link) => makeLink(link, annotation, data)));
  links.hidden = !annotation.links.length;
}

/** Markdown as the server made it safe, where the browser can take it in safely too; else as it was written. @param {HTMLElement} node @param {Annotation} annotation */
function fillBody(node, annotation) {
  const setHTML = Reflect.get(node, "setHTML");
  node.hidden = !annotation.body;
  node.classList.toggle("plain-text", !setHTML);
  if (setHTML) setHTML.call(node, annotation.body_html);
  else node.textContent = annotation.body;
}

/** @param {any} link @param {Annotation} annotation @param {ReaderData} data @returns {HTMLElement} */
function makeLink(link, annotation, data) {
  const item = clone("link-template");
  const { far } = link;
  item.dataset.id = link.id;
  item.dataset.relation = link.relation;
  put(item, "relation", wordsOf(data.relations, link.relation));
  put(item, "far", far.title);
  put(item, "role", far.role && `, ${far.role}`);
  put(item, "when", far.kind === "annotation" ? "" : `, ${shownDate(far.date)}`);
  put(item, "quote", far.quote && `“${far.quote}”`);
  put(item, "judged", judged(link, data));
  put(item, "passage", link.passage && `Passage: “${link.passage.exact}”`);
  put(item, "note", link.note);
  put(item, "assumption", link.assumption && `Provided that ${link.assumption}`);
  fillWhere(one(item, '[data-part="where"]'), link, data);
  fillTimes(item, link, annotation.claimant?.name ?? "");
  nameActions(item, far.kind);
  return item;
}

/** @param {HTMLElement} item @param {string} kind */
function nameActions(item, kind) {
  const far = item.querySelector('[data-act="edit-far"]');
  if (far) far.textContent = kind === "annotation" ? "Go to it" : `Edit ${kind}`;
}

/** @param {any} link @param {ReaderData} data @returns {string} */
function judged(link, data) {
  const { contradiction_kind: kind, consistency, acknowledged } = data.choices;
  const words = [wordsOf(kind, link.contradiction_kind), wordsOf(consistency, link.consistency), wordsOf(acknowledged, link.acknowledged)];
  return words.filter(Boolean).join(" · ");
}

/** Occasion, medium, publisher, source, locator and address. @param {HTMLElement} node @param {any} link @param {ReaderData} data */
function fillWhere(node, link, data) {
  const { far } = link;
  const locator = link.locator && `${wordsOf(data.choices.locator_kind, link.locator_kind)} ${link.locator}`.trim();
  const medium = far.medium === "other" ? "" : wordsOf(data.choices.medium, far.medium);
  const words = [medium, far.occasion, far.publisher, far.source?.title, far.article?.title, locator];
  const url = far.url ?? far.source?.url;
  const safe = url && /^https?:\/\//i.test(url);
  const address = safe && el("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, url);
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
  const far = { words: link.far.title, date: compared.far_on };
  const order = compared.order === "earlier" ? [far, near] : [near, far];
  const names = ["earlier", "later"].includes(compared.order) ? ["Then", "Later"] : ["Here", "There"];
  list.replaceChildren(...order.map((end, place) =>
    el("div", {}, el("dt", {}, `${names[place]}: ${end.words}`), el("dd", {}, shownDate(end.date)))));
}
