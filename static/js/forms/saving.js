// Where a change is: `here only` -> `sending` -> `saved`, or `conflict`. Never says `saved` before the server has answered.
// After a conflict (412) both versions stand side by side; per field one is chosen, or a third is written.
import { el } from "../page/dom.js";
import { Offline, Problem } from "../page/http.js";

/** @typedef {"none" | "here" | "sending" | "saved" | "conflict"} State */

/** @type {Record<State, string>} */
export const WORDS = { none: "", here: "Here only", sending: "Sending…", saved: "Saved", conflict: "Conflict" };
const FIRST = 2_000;
const LONGEST = 60_000;

/** @type {Set<object>} */
const unsafe = new Set();

/** @param {Event} event */
const askToStay = (event) => event.preventDefault();

/** The browser asks before leaving only while something is not on the server. @param {object} saving @param {boolean} atRisk */
function guard(saving, atRisk) {
  if (atRisk) unsafe.add(saving);
  else unsafe.delete(saving);
  if (unsafe.size) window.addEventListener("beforeunload", askToStay);
  else window.removeEventListener("beforeunload", askToStay);
}

/** The pause before the next try, in milliseconds. Pure. @param {number} pause @returns {number} */
export function nextPause(pause) {
  return pause ? Math.min(pause * 2, LONGEST) : FIRST;
}

/** Waits for the pause or for the network to come back, whichever is first. @param {number} pause @returns {Promise<void>} */
function waitForNetwork(pause) {
  return new Promise((go) => {
    const done = () => { window.clearTimeout(timer); window.removeEventListener("online", done); go(); };
    const timer = window.setTimeout(done, pause);
    window.addEventListener("online", done);
  });
}

/** The save state of one form, shown in an `<output class="save-state">` beside it. */
export class Saving {
  /** @param {HTMLElement} output @param {(pause: number) => Promise<void>} [wait] */
  constructor(output, wait = waitForNetwork) {
    this.output = output;
    this.wait = wait;
    this.edits = 0;
    /** @type {State} */
    this.state = "none";
  }

  /** @param {State} state */
  show(state) {
    this.state = state;
    this.output.dataset.state = state;
    this.output.textContent = WORDS[state];
    guard(this, state === "here" || state === "sending");
  }

  /** Something was typed: it is here only, whatever is on its way. */
  touched() {
    this.edits += 1;
    this.show("here");
  }

  /**
   * Sends until the server has answered. `send` reads the form each time, so that a retry carries the newest words.
   * Throws what the server refused; a missing network is waited for.
   * @template T
   * @param {() => Promise<T>} send
   * @returns {Promise<T>}
   */
  async run(send) {
    for (let pause = nextPause(0); ; pause = nextPause(pause)) {
      const edits = this.edits;
      this.show("sending");
      try {
        const answer = await send();
        this.show(edits === this.edits ? "saved" : "here");
        return answer;
      } catch (error) {
        this.show(error instanceof Problem && error.status === 412 ? "conflict" : "here");
        if (!(error instanceof Offline)) throw error;
      }
      await this.wait(pause);
    }
  }
}

/** @typedef {Record<string, any>} Fields */

/** @param {any} a @param {any} b @returns {boolean} */
export const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * The fields of `mine` that are not as in `base`: what was changed here, and all that is sent. Pure.
 * @param {Fields} mine @param {Fields} base @returns {Fields}
 */
export function changes(mine, base) {
  return Object.fromEntries(Object.entries(mine).filter(([name, value]) => !same(value, base[name])));
}

/**
 * Names of the fields that both sides changed, and not to the same. Pure.
 * @param {Fields} mine only the changed fields @param {Fields} theirs @param {Fields} base what both started from @returns {string[]}
 */
export function disputed(mine, theirs, base) {
  return Object.keys(mine).filter((name) => !same(theirs[name], base[name]) && !same(mine[name], theirs[name]));
}

/** @param {any} value @returns {string} */
function inWords(value) {
  if (Array.isArray(value)) return value.join(", ") || "(empty)";
  if (value && typeof value === "object") return String(value.name ?? value.title ?? JSON.stringify(value));
  return value === null || value === undefined || value === "" ? "(empty)" : String(value);
}

/**
 * Asks which version counts. Gives the fields to send, or null when the person closes the dialog: then the draft stays.
 * @param {{title: string, mine: Fields, theirs: Fields, base: Fields, labels: Record<string, string>, who: string}} both
 * @returns {Promise<Fields | null>}
 */
export function resolve({ title, mine, theirs, base, labels, who }) {
  const names = disputed(mine, theirs, base);
  if (!names.length) return Promise.resolve(mine);
  const parts = names.map((name) => part(name, labels[name] ?? name, mine[name], theirs[name], who));
  const form = el("form", { method: "dialog", className: "dialog-body" },
    el("p", {}, `${who} saved this while you were writing. Nothing is lost: choose what counts, field by field.`),
    el("div", { className: "versions" }, ...parts),
    el("div", { className: "actions" },
      el("button", { value: "save", className: "primary" }, "Save what is chosen"),
      el("button", { value: "", type: "submit" }, "Decide another time")));
  const dialog = el("dialog", { id: "conflict", "aria-labelledby": "conflict-title" },
    el("div", { className: "dialog-head" }, el("h2", { id: "conflict-title" }, title)), form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      const chosen = dialog.returnValue === "save" ? choose(form, names, mine, theirs) : null;
      dialog.remove();
      answer(chosen);
    });
  });
}

/** @param {string} name @param {string} label @param {any} mine @param {any} theirs @param {string} who */
function part(name, label, mine, theirs, who) {
  const side = (/** @type {string} */ value, /** @type {string} */ title, /** @type {any} */ shown) =>
    el("label", {},
      el("input", { type: "radio", name, value, checked: value === "mine" }),
      el("span", {}, el("strong", {}, title), el("br"), inWords(shown)));
  const words = typeof mine === "string" && typeof theirs === "string";
  return el("fieldset", { "data-field": name },
    el("legend", {}, label),
    el("div", { className: "sides" }, side("mine", "Yours", mine), side("theirs", `${who}: now saved`, theirs)),
    words && merged(name, label, mine));
}

/** @param {string} name @param {string} label @param {string} mine */
function merged(name, label, mine) {
  const radio = el("input", { type: "radio", name, value: "merged", id: `merged-${name}` });
  const words = el("textarea", { name: `merged:${name}`, value: mine, "aria-label": `${label}, written anew` });
  words.addEventListener("input", () => { radio.checked = true; });
  return el("details", { className: "more" }, el("summary", {}, "Write it anew"),
    el("div", { className: "tick" }, radio, el("label", { for: `merged-${name}` }, "Take these words")), words);
}

/** @param {HTMLFormElement} form @param {string[]} names @param {Fields} mine @param {Fields} theirs @returns {Fields} */
function choose(form, names, mine, theirs) {
  const data = new FormData(form);
  const chosen = { ...mine };
  for (const name of names) {
    if (data.get(name) === "theirs") chosen[name] = theirs[name];
    if (data.get(name) === "merged") chosen[name] = String(data.get(`merged:${name}`));
  }
  return chosen;
}
