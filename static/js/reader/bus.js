/**
 * What the parts of the reader tell each other. Offsets are Unicode code points, half-open.
 *
 * @typedef {{start: number, end: number, exact: string}} Words  chosen words of the article
 * @typedef {{snapshot: string, start: number, end: number, exact: string, anchor: string}} Span
 * @typedef {{id: string, tone: string, spans: Span[], deleted?: boolean, [field: string]: any}} Annotation
 *
 * @typedef {object} Happenings
 * @property {{kind: string, spans: Words[], then?: "link"}} annotate  bar -> editor: write a new annotation
 * @property {{id: string, from: "text" | "card" | "list"}} open  show this annotation's card and focus it
 * @property {{ids: string[]}} focus  paint all spans of these annotations strongly; [] for none
 * @property {{annotation: Annotation}} changed  made, changed or restored; in the API's shape
 * @property {{id: string}} removed  deleted
 * @property {{id: string}} show  card -> text: scroll to the first span
 * @property {{id: string, selection?: Words}} link  open the palette for this annotation
 * @property {{start: number, end: number}} select  select these words and show them
 * @property {{id: string, ordinal: number}} move-ends  the next confirmed selection replaces this span
 * @property {{id: string, ordinal: number, start: number, end: number, exact: string}} moved-ends  it did
 * @property {{ids: string[] | null}} filter  cards -> text: show the highlights of these annotations only; null for all
 * @property {{annotation: Annotation, link: any, paste?: boolean}} passage  card -> copy beside the article: the words that count
 * @property {{source: string}} copying  a copy of this source is being brought in, or its turn has ended
 * @property {{from: number, to: number}} visible  the part of the text on screen or near it
 * @property {{words: string}} say  for the status line
 * @property {{annotation: Annotation}} edit  card -> editor
 * @property {{annotation: Annotation, link: any, far: boolean}} edit-link  card -> palette: the link itself, or the source or statement at its far end
 * @property {{}} close  close the open card
 * @property {{}} closed  card or editor closed: back to the text
 */

/** Carries every happening of one reader page. */
export const bus = new EventTarget();

/**
 * Tell all who listen.
 * @template {keyof Happenings} Name
 * @param {Name} name
 * @param {Happenings[Name]} detail
 */
export function emit(name, detail) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

/**
 * Listen; returns a function that stops listening.
 * @template {keyof Happenings} Name
 * @param {Name} name
 * @param {(detail: Happenings[Name]) => void} handler
 * @returns {() => void}
 */
export function on(name, handler) {
  /** @param {Event} event */
  const listener = (event) => handler(/** @type {CustomEvent<Happenings[Name]>} */ (event).detail);
  bus.addEventListener(name, listener);
  return () => bus.removeEventListener(name, listener);
}
