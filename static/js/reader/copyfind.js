// "Find words" in a copy: for those whose selection never reaches the page, and for everybody in a long one.
import { intoView } from "./cursor.js";
import { matches } from "./find.js";
import { paint } from "./copyparts.js";

/** @typedef {import("../anchoring/blocks.js").Blocks} Blocks */

export class Finder {
  /** @param {{find: HTMLInputElement, found: HTMLOutputElement, body: HTMLElement}} parts */
  constructor({ find, found, body }) {
    this.field = find;
    this.said = found;
    this.frame = body;
    this.text = "";
    this.at = 0;
    /** @type {Blocks | null} */
    this.blocks = null;
    /** @type {import("./find.js").Match[]} */
    this.all = [];
  }

  /** Another copy. @param {string} text @param {Blocks} blocks */
  begin(text, blocks) {
    this.text = text;
    this.blocks = blocks;
    this.field.value = "";
    this.look();
  }

  /** Looks for what is typed, and shows the first place. */
  look() {
    this.all = matches(this.text, this.field.value);
    this.go(0);
  }

  /** Shows the place so many on; after the last comes the first. @param {number} step */
  go(step) {
    this.at = step && this.all.length ? (this.at + step + this.all.length) % this.all.length : 0;
    const place = this.place;
    paint("match", place && this.blocks ? this.blocks.ranges(place.start, place.end) : []);
    if (place && this.blocks) intoView(this.blocks, place.start, place.end, this.frame);
    const none = this.field.value.trim() ? "No such words in this copy." : "";
    this.said.textContent = place ? `${this.at + 1} of ${this.all.length}. Enter selects it.` : none;
  }

  /** The place that is shown now. */
  get place() {
    return this.all[this.at] ?? null;
  }
}
