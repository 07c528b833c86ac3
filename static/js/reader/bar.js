/**
 * The action bar: what can be made of the selected words. It stands by the selection, or fixed at the bottom where the
 * pointer is coarse, and never touches the selection by itself: that would take the handles away on touch.
 *
 * @typedef {import("../anchoring/blocks.js").Blocks} Blocks
 * @typedef {import("./bus.js").Words} Words
 * @typedef {{id: string, ordinal: number}} Moving  the span whose ends are being moved
 */
import { read } from "../anchoring/selection.js";
import { el } from "../page/dom.js";
import { bind } from "../page/keys.js";
import { emit, on } from "./bus.js";

const GAP = 10;

export class Bar {
  /** @type {Words | null} */
  chosen = null;
  /** @type {Moving | null} */
  #moving = null;

  /**
   * @param {Blocks} blocks
   * @param {[value: string, words: string, key: string][]} kinds
   * @param {{may: boolean, swap: () => boolean, reset: () => void, check: (chosen: Words) => boolean}} text  what the reader does
   */
  constructor(blocks, kinds, text) {
    this.blocks = blocks;
    this.text = text;
    this.bar = /** @type {HTMLElement} */ (document.getElementById("bar"));
    this.making = [
      ...kinds.map(([kind, words, key]) => this.#button(words, key, () => this.#annotate(kind))),
      this.#button("Link", "l", () => this.#annotate("claim", "link"), "primary"),
    ];
    this.mending = [
      el("span", { className: "bar-words" }, "New words for this highlight"),
      this.#button("Use these words", "Enter", () => this.#confirm(), "primary"),
    ];
    this.ends = [
      this.#button("Swap ends", "x", () => this.text.swap()),
      this.#button("Close", "Escape", () => this.close()),
    ];
    // A press on the bar must not take the selection away.
    this.bar.addEventListener("pointerdown", (event) => event.preventDefault());
    this.bar.addEventListener("mousedown", (event) => event.preventDefault());
    this.bar.addEventListener("keydown", (event) => this.#arrows(event));
    bind("Reader", "Enter", "Go to the actions for the selected words", (event) => this.#enter(event));
    on("move-ends", (moving) => this.#move(moving));
    addEventListener("scroll", () => this.#place(), { passive: true });
    addEventListener("resize", () => this.#place());
  }

  /**
   * What is selected now; null hides the bar.
   * @param {Words | null} chosen
   */
  show(chosen) {
    if (!this.text.may || (!chosen && this.bar.contains(document.activeElement))) return;
    this.chosen = chosen;
    this.bar.hidden = !chosen;
    if (!chosen) return;
    const wanted = [...(this.#moving ? this.mending : this.making), ...this.ends];
    if (this.bar.firstChild !== wanted[0]) this.bar.replaceChildren(...wanted);
    for (const [at, button] of this.#stops().entries()) button.tabIndex = at === 0 ? 0 : -1;
    this.#place();
  }

  /** What is selected at this moment: a key may be faster than the pause after which the bar appears. */
  #now() {
    const chosen = read(this.blocks);
    if (chosen) this.show(chosen);
    return this.chosen;
  }

  /** Hide the bar and drop the selection; false when there is neither. */
  close() {
    if (!this.chosen && !this.#moving) return false;
    this.#moving = null;
    this.#done();
    return true;
  }

  #done() {
    this.chosen = null;
    this.bar.hidden = true;
    document.getSelection()?.removeAllRanges();
    this.text.reset();
  }

  /**
   * @param {string} kind
   * @param {"link"} [then]
   */
  #annotate(kind, then) {
    const chosen = this.chosen;
    if (!chosen || this.#moving || !this.text.check(chosen)) return false;
    this.#done();
    emit("annotate", { kind, spans: [chosen], ...(then && { then }) });
    return true;
  }

  /** @param {Moving} moving */
  #move(moving) {
    this.#moving = moving;
    this.show(this.chosen);
    emit("say", { words: "Select the new words, then press Enter. Esc leaves the highlight as it is." });
  }

  #confirm() {
    if (!this.#moving || !this.chosen || !this.text.check(this.chosen)) return false;
    emit("moved-ends", { ...this.#moving, ...this.chosen });
    return this.close();
  }

  /** @param {KeyboardEvent} event */
  #enter(event) {
    const target = /** @type {Element | null} */ (event.target);
    if (!this.#now() || target?.closest("button, a, summary, #panel")) return false;
    if (this.#moving) return this.#confirm();
    return this.#stops()[0].focus();
  }

  /**
   * @param {string} words
   * @param {string} key
   * @param {() => unknown} act
   * @param {string} [look]
   */
  #button(words, key, act, look = "") {
    const button = el("button", { type: "button", className: look, "aria-keyshortcuts": key }, `${words} `, el("kbd", {}, key === "Escape" ? "Esc" : key.length > 1 ? key : key.toUpperCase()));
    button.addEventListener("click", act);
    if (key.length === 1) bind("Selected words", key, words, () => (this.#now() ? act() : false));
    return button;
  }

  #stops() {
    return /** @type {HTMLElement[]} */ ([...this.bar.querySelectorAll("button")]);
  }

  /** @param {KeyboardEvent} event */
  #arrows(event) {
    const stops = this.#stops();
    const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + stops.length, Home: 0, End: stops.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    stops[to % stops.length].focus();
  }

  /** Above the selection, or below it where there is no room; a coarse pointer's style sheet overrules this. */
  #place() {
    if (!this.chosen || this.bar.hidden) return;
    const box = this.blocks.range(this.chosen.start, this.chosen.end).getBoundingClientRect();
    const column = this.blocks.root.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.bar;
    const left = Math.min(Math.max(box.left, column.left), Math.max(column.right - width, column.left));
    const above = box.top - height - GAP;
    const top = above > GAP ? above : Math.min(box.bottom + GAP, innerHeight - height - GAP);
    this.bar.style.left = `${Math.max(left, GAP)}px`;
    this.bar.style.top = `${Math.max(top, GAP)}px`;
  }
}
