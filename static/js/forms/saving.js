// Where a change is: `here only` -> `sending` -> `saved`, or `conflict`. Never says `saved` before the server has answered.
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
