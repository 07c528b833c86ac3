// Pasting from a web page: the clipboard also holds its HTML. It is offered as source text and never becomes elements here.
import { byId } from "../page/dom.js";

const WORTH_KEEPING = /<(?:h[1-6]|a\s[^>]*href|blockquote|ul|ol|table|strong|b|em|i)\b/i;

/**
 * The part of the clipboard's HTML that was selected. Pure.
 * @param {string} html
 * @returns {string}
 */
export function fragment(html) {
  const found = html.match(/<!--StartFragment-->([\s\S]*)<!--EndFragment-->/);
  return (found ? found[1] : html).trim();
}

/** @param {string} html @returns {boolean} */
export const isWorthKeeping = (html) => WORTH_KEEPING.test(html);

/**
 * Offers the HTML of what was pasted into the empty (or wholly selected) `area`, and the plain text back.
 * @param {HTMLTextAreaElement} area
 * @param {HTMLSelectElement} readAs the field that says how the text is written
 */
export function offerRich(area, readAs) {
  const box = byId("rich");
  const button = byId("rich-keep");
  const words = /** @type {HTMLElement} */ (box.querySelector("p"));
  const offer = { html: "", plain: "", kept: false };
  const first = { words: words.textContent, button: button.textContent };

  const show = () => {
    words.textContent = offer.kept ? "The source of what you copied. Only its words, headings and links are kept." : first.words;
    button.textContent = offer.kept ? "Use the plain text" : first.button;
    box.hidden = !offer.html;
  };
  area.addEventListener("paste", (event) => {
    const html = fragment(event.clipboardData?.getData("text/html") ?? "");
    const whole = area.selectionStart === 0 && area.selectionEnd === area.value.length;
    if (!whole) return;
    Object.assign(offer, { html: isWorthKeeping(html) ? html : "", plain: event.clipboardData?.getData("text/plain") ?? "", kept: false });
    if (readAs.value === "text/html") readAs.value = "";
    show();
  });
  area.addEventListener("input", () => {
    if (area.value) return;
    offer.html = "";
    show();
  });
  button.addEventListener("click", () => {
    offer.kept = !offer.kept;
    area.value = offer.kept ? offer.html : offer.plain;
    readAs.value = offer.kept ? "text/html" : "";
    show();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
}
