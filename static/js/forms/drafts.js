// What somebody typed and the server has not yet answered for: kept in this browser, by user, project and thing.

/**
 * @typedef {object} Draft
 * @property {string} thing what it is about: `annotation:<id>`, `form:<name>` … (the id is made with the draft, so a retry is harmless)
 * @property {string} title in words, for the list of unsaved changes
 * @property {Record<string, any>} fields
 * @property {number | null} base the version the typing started from; null for a new thing
 * @property {number} time milliseconds since 1970
 * @property {string} url the page where it was typed
 * @property {boolean} [sent] a form of a page went off with it; the next page tells whether it arrived
 */

const PREFIX = "annotator.draft";
const PAUSE = 300;

/** The drafts of one person in one project. */
export class Drafts {
  /**
   * @param {Storage} storage
   * @param {string} user
   * @param {string} project empty outside projects
   */
  constructor(storage, user, project) {
    this.storage = storage;
    this.user = user;
    this.start = `${PREFIX}:${user}:${project}:`;
  }

  /** @param {Omit<Draft, "time">} draft */
  keep(draft) {
    this.storage.setItem(this.start + draft.thing, JSON.stringify({ ...draft, time: Date.now() }));
  }

  /** @param {string} thing @returns {Draft | null} */
  get(thing) {
    return parse(this.storage.getItem(this.start + thing));
  }

  /** @param {string} thing */
  drop(thing) {
    this.storage.removeItem(this.start + thing);
  }

  /** Drafts of this person in this project, newest first. @returns {Draft[]} */
  all() {
    return this.read(this.start);
  }

  /** How many drafts this person has here, in every project. @returns {number} */
  count() {
    return this.read(`${PREFIX}:${this.user}:`).length;
  }

  /** Clears every draft of this person, in every project. */
  clear() {
    for (const key of this.keys(`${PREFIX}:${this.user}:`)) this.storage.removeItem(key);
  }

  /** @param {string} start @returns {string[]} */
  keys(start) {
    const places = Array.from({ length: this.storage.length }, (_, place) => this.storage.key(place) ?? "");
    return places.filter((key) => key.startsWith(start));
  }

  /** @param {string} start @returns {Draft[]} */
  read(start) {
    const found = this.keys(start).map((key) => parse(this.storage.getItem(key)));
    return found.filter((draft) => draft !== null).sort((a, b) => b.time - a.time);
  }
}

/** @param {string | null} text @returns {Draft | null} */
function parse(text) {
  try {
    const draft = JSON.parse(text ?? "null");
    return draft && typeof draft.thing === "string" && draft.fields ? draft : null;
  } catch {
    return null;
  }
}

/** The drafts of who is signed in, in the project of this page. @returns {Drafts} */
export function draftsHere() {
  const { user = "", project = "" } = document.body.dataset;
  return new Drafts(localStorage, user, project);
}

/**
 * Calls `write` 300 ms after the last keystroke in `form`, and when the page goes away. `touched` is called with every keystroke.
 * @param {HTMLElement} form
 * @param {() => void} write
 * @param {() => void} [touched]
 * @returns {{flush: () => void, cancel: () => void}} write at once, or forget what was waiting
 */
export function keepWhileTyping(form, write, touched) {
  let waiting = 0;
  const cancel = () => { window.clearTimeout(waiting); waiting = 0; };
  const flush = () => { if (waiting) { cancel(); write(); } };
  form.addEventListener("input", () => {
    touched?.();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(flush, PAUSE);
  });
  window.addEventListener("pagehide", flush);
  return { flush, cancel };
}
