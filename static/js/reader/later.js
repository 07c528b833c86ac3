// The parts that wait until somebody wants them, or until the page has nothing else to do: the palette, and copies beside the article.
import { byId, say } from "../page/dom.js";
import { on } from "./bus.js";

/** @typedef {import("./card.js").ReaderData} ReaderData */
/** @typedef {import("../forms/drafts.js").Draft} Draft */

// Not within an exported function: who walks the static imports of a module would count these too.
const loadCopies = () => import("./copy.js");
const loadPalette = () => import("./palette.js");
const PAUSE = 1_500;
const OF_PALETTE = ["link", "source", "statement"];

/**
 * A part that is loaded once; a failed loading is tried again the next time.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
function once(load) {
  /** @type {Promise<T> | null} */
  let loading = null;
  return () => {
    loading ??= load().catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}

/** @param {unknown} error */
function failed(error) {
  const missing = error instanceof TypeError && /module/i.test(error.message);
  say(missing ? "This part of the page could not be loaded. Nothing is lost: try again when the connection is back." : String(/** @type {Error} */ (error).message));
}

/** Listens for what the later parts do, and loads them with the first wish. @param {ReaderData} data */
export function startLater(data) {
  const pane = once(async () => (await loadCopies()).makePane(data));
  on("passage", (wish) => { pane().then((made) => made.open(wish)).catch(failed); });
  if (!data.can_write) return;
  const palette = once(async () => (await loadPalette()).makePalette(data));
  const dialog = /** @type {HTMLDialogElement} */ (byId("palette"));
  on("link", ({ id }) => {
    // What is typed at once must land in the field, and not among the keys of the page.
    if (!dialog.open) dialog.showModal();
    byId("palette-search").focus();
    palette().then((made) => (dialog.open ? made.start(id) : null)).catch((error) => { dialog.close(); failed(error); });
  });
  on("edit-link", ({ annotation, link, far }) => {
    palette().then((made) => (far ? made.editFar(annotation.id, link) : made.edit(annotation.id, link))).catch(failed);
  });
  document.addEventListener("restore-draft", (event) => {
    const draft = /** @type {CustomEvent<Draft>} */ (event).detail;
    if (!OF_PALETTE.includes(draft.thing.split(":")[0])) return;
    event.preventDefault();
    palette().then((made) => made.restore(draft)).catch(failed);
  });
  const warm = () => setTimeout(() => { palette().catch(() => {}); }, PAUSE);
  if (document.readyState === "complete") warm();
  else addEventListener("load", warm);
}
