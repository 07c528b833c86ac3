// What cards and palette say of things, in words. Pure, but for `put`.
import { one, shownDate } from "../page/dom.js";

/** @typedef {import("./card.js").Choice} Choice */

/** @type {Record<string, string>} */
const ACKNOWLEDGED = { yes: "yes", no: "no", unknown: "not known" };

/** @param {Choice | undefined} choice @param {string | null | undefined} value @returns {string} */
export function wordsOf(choice, value) {
  return choice?.find((option) => option[0] === value)?.[1] ?? value ?? "";
}

/**
 * Puts words into a named part and hides the part when there are none.
 * @param {ParentNode} root @param {string} name @param {string | null | undefined | false} words
 */
export function put(root, name, words) {
  const node = one(root, `[data-part="${name}"]`);
  node.textContent = words || "";
  node.hidden = !words;
}

/** "3 links, 1 of them contradicts": a contradiction is seen before the card is open. @param {{relation: string}[]} links @returns {string} */
export function linksInWords(links) {
  const against = links.filter(({ relation }) => relation === "contradicts").length;
  if (links.length < 2) return ["", against ? "1 link, it contradicts" : "1 link"][links.length];
  const all = `${links.length} links`;
  if (against === links.length) return `${all}, all contradict`;
  return against ? `${all}, ${against} of them contradict${against === 1 ? "s" : ""}` : all;
}

/** What a second person says of a contradiction; empty for other relations. @param {any} link @returns {string} */
export function decidedInWords(link) {
  const { contradiction_state: state, proposed_by: by, decided_by: judge, decision_reason: reason } = link;
  if (state === "proposed") return `Proposed by ${by?.name ?? "somebody"}. Waits for a second person.`;
  const answer = { accepted: "Accepted", rejected: "Rejected" }[/** @type {string} */ (state)];
  return answer ? `${answer} by ${judge?.name ?? "somebody"}${reason ? `: ${reason}` : ""}` : "";
}

/** Kind, consistency and acknowledgement of a contradiction, each saying of what it is. @param {any} link @param {Record<string, Choice>} choices @returns {string} */
export function judgedInWords({ contradiction_kind: kind, consistency, acknowledged }, choices) {
  const named = (/** @type {string} */ name, /** @type {string} */ value) => value && `${name}: ${value.toLowerCase()}`;
  const words = [wordsOf(choices.contradiction_kind, kind), named("consistency", wordsOf(choices.consistency, consistency)), named("change acknowledged", ACKNOWLEDGED[acknowledged])];
  return words.filter(Boolean).join(" · ");
}

/** A translation with its translator. @param {any} far @returns {string} */
export const translationInWords = ({ translation, translator }) =>
  translation ? `Translation${translator ? ` by ${translator}` : ""}: “${translation}”` : "";

/** Who or what stands at the far end: of an annotation whoever is known to have made the claim. @param {any} far @returns {string} */
export const endInWords = (far) => far.speaker?.name ?? far.title;

/** What a suggestion says of both ends; that their order is not known is not said. @param {{sentence?: string, distance?: string | null, same_speaker?: boolean | null}} suggested @returns {string} */
export function suggestedInWords({ sentence, distance, same_speaker: same }) {
  if (distance) return sentence ?? "";
  return sentence && same ? "The same speaker." : "";
}

/** What a link lacks by the rule and by the project's policy; of a draft the rule is said shortly, of a hidden source nothing. @param {any} link @returns {string} */
export function missingInWords({ draft, missing, far }) {
  if (far?.hidden) return "";
  const asked = /** @type {string[]} */ (missing ?? []).filter((sentence) => !draft || !/\bdraft\b/.test(sentence));
  return [...(draft ? ["Draft: no words and no locator yet."] : []), ...asked].join(" ");
}

/** What the dates and speakers of both ends say before a link is saved. @param {any} compared @param {Choice} relations @returns {{words: string, look: string}[]} */
export function comparedInWords(compared, relations) {
  const proposed = relations.find(([value]) => value === compared.proposal);
  return [
    { words: compared.sentence, look: "" },
    { words: compared.after_article ? "It is later than the article." : "", look: "later" },
    { words: proposed ? `Later words of the same speaker: “${proposed[1]}” is proposed, key ${proposed[2]?.toUpperCase()}. You decide.` : "", look: "small" },
  ].filter(({ words }) => words);
}

/** That evidence is younger than the article. @param {any} comparison @returns {string} */
export function laterInWords(comparison) {
  return comparison?.after_article ? "Later than the article" : "";
}

/** The day of a moment of the server, for people. @param {string} moment @returns {string} */
export const dayOf = (moment) => shownDate(moment.slice(0, 10));
