// What was recognised goes into the fields that nobody has typed into, and each says where it was found.
import { el } from "../page/dom.js";

export const NAMES = ["title", "url", "publisher", "byline", "published_on", "language", "direction"];

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/** The fields of a form that recognition fills. What a person typed is never overwritten. */
export class Filling {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    /** @type {Set<string>} */
    this.typed = new Set(NAMES.filter((name) => this.field(name).value));
    form.addEventListener("input", (event) => {
      const name = /** @type {Field} */ (event.target).name;
      if (!NAMES.includes(name)) return;
      this.typed.add(name);
      this.tell(name, "");
    });
  }

  /** @param {string} name @returns {Field} */
  field(name) {
    return /** @type {Field} */ (this.form.elements.namedItem(name));
  }

  /** Names of the fields that recognition may change. @returns {string[]} */
  open() {
    return NAMES.filter((name) => !this.typed.has(name));
  }

  /** A page that came back with its fields filled: what reads as recognised counts as recognised. @param {Record<string, string | null>} values */
  settle(values) {
    for (const name of [...this.typed]) if (this.field(name).value === (values[name] ?? "")) this.typed.delete(name);
  }

  /** @param {Record<string, string | null>} values @param {Record<string, string>} foundIn */
  put(values, foundIn) {
    for (const name of this.open()) {
      this.field(name).value = values[name] ?? "";
      this.tell(name, foundIn[name] ? `Found in: ${foundIn[name]}` : "");
    }
  }

  /** Empties what recognition filled: the server recognises it again. */
  clear() {
    for (const name of this.open()) {
      this.field(name).value = "";
      this.tell(name, "");
    }
  }

  /** @param {string} name @param {string} words */
  tell(name, words) {
    const field = this.field(name);
    const id = `found-${name}`;
    const line = document.getElementById(id) ?? el("p", { id, className: "found" });
    if (!line.isConnected) {
      field.after(line);
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
    }
    line.textContent = words;
    line.hidden = !words;
  }

  /** A draft came back: what stands in the fields now was typed. */
  keepAll() {
    for (const name of NAMES) if (this.field(name).value) this.typed.add(name);
  }
}
