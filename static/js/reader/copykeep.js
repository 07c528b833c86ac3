// From words chosen in a copy to the passage that is saved, and back again.
import { say } from "../page/dom.js";
import { refresh } from "./acts.js";
import { before, passageFields, patchLink } from "./passage.js";

/** @typedef {import("./bus.js").Words} Words */
/** @typedef {ReturnType<typeof import("./copy.js").makePane>} Pane */

const CHANGED = "The words on this page are no longer those of the copy, perhaps because a translator changed them. "
  + "Nothing was saved. Turn the translator off and open the copy again.";

/** Saves the words as the passage of the pane's link, where the page still holds what the server wrote. @param {Pane} pane @param {Words} chosen */
export async function keepWords(pane, chosen) {
  const touched = pane.blocks.touching(chosen.start, chosen.end);
  if (!touched.every((block) => block.check())) {
    pane.on.wrong.textContent = CHANGED;
    return;
  }
  const { link } = pane.wish;
  const fields = passageFields(link, pane.shown, chosen, pane.pages[touched[0].index] ?? null);
  const saved = await send(pane, link, fields);
  if (!saved) return;
  document.getSelection()?.removeAllRanges();
  const back = before(link, fields);
  say(`Saved: these words stand for the link to “${pane.on.title.textContent}”.`, { words: "Undo", run: () => undo(pane, saved, back) });
}

/** @param {Pane} pane @param {any} link @param {Record<string, any>} back */
async function undo(pane, link, back) {
  if (await send(pane, link, back)) say("The link is as it was.");
}

/** Changes a link; the pane shows it, unless it has gone on to another. @param {Pane} pane @param {any} link @param {Record<string, any>} fields @returns {Promise<any>} */
async function send(pane, link, fields) {
  const { wrong, pane: section, text } = pane.on;
  wrong.textContent = "";
  try {
    const saved = await patchLink(link, fields, pane.saving);
    if (!saved) return null;
    const annotation = await refresh(saved.annotation);
    if (pane.wish.link.id !== saved.id || section.hidden) return saved;
    pane.wish = { annotation, link: saved };
    pane.chosen = null;
    pane.showPassage();
    text.focus({ preventScroll: true });
    return saved;
  } catch (error) {
    wrong.textContent = /** @type {Error} */ (error).message;
    if (section.hidden) say(wrong.textContent);
    return null;
  }
}
