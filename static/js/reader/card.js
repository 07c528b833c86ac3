// What a card shows: fills the cloned markup of an annotation and of its links. The words of values come from the page's data.
import { clone, el, one, shownDate } from "../page/dom.js";
import { makeLink } from "./linkline.js";
import { linksInWords, put, wordsOf } from "./words.js";

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

/** The words an annotation stands on, all spans of it. @param {Annotation} annotation @returns {string} */
export function quoteOf(annotation) {
  return `“${annotation.spans.map((span) => span.exact).join(" … ")}”`;
}

/** Where an annotation starts, for text order. @param {Annotation} annotation @returns {number} */
export const startOf = (annotation) => annotation.spans[0]?.start ?? 0;

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
  one(card, '[data-part="evidence"]').setAttribute("href", `/annotations/${annotation.id}/`);
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
