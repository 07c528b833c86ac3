/**
 * The article in the page and its highlights: the little that the first paint needs, so that it waits for nothing else.
 */
import { Blocks } from "../anchoring/blocks.js";
import { canPaint, Painter } from "./paint.js";
import { Spans } from "./spans.js";

/** @param {string} id */
const here = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What the server tells the reader page: the fields are those of `reader_data` in annotator/annotations/reader.py. */
export const data = JSON.parse(here("reader-data").textContent ?? "{}");
export const text = here("text");
/** Whether highlights are painted live; else the page has real marks. */
export const live = text.dataset.view !== "marks";
export const blocks = new Blocks(text);
export const spans = new Spans(data.spans);
export const painter = canPaint ? new Painter(blocks, spans, live) : null;
