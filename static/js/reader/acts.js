// What a card can do: by click, and by key for the open one.
import { byId, say } from "../page/dom.js";
import { api, Problem } from "../page/http.js";
import { bind } from "../page/keys.js";
import { emit } from "./bus.js";
import { fetchCopy, sourceOf } from "./captures.js";

/** @typedef {import("./bus.js").Annotation} Annotation */

/** @type {Record<string, (annotation: Annotation, link: any, card: HTMLElement | null) => unknown>} */
const ACTS = {
  toggle: ({ id }, _link, card) => toggle(id, card),
  show: ({ id }) => emit("show", { id }),
  edit: (annotation) => emit("edit", { annotation }),
  link: ({ id }) => emit("link", { id }),
  move: ({ id }) => move(id),
  copy: ({ id, article }) => copyAddress(article, id),
  delete: (annotation, _link, card) => remove(annotation, card),
  "edit-link": (annotation, link) => emit("edit-link", { annotation, link, far: false }),
  "edit-far": (annotation, link) => editFar(annotation, link),
  passage: (annotation, link) => emit("passage", { annotation, link }),
  "paste-copy": (annotation, link) => emit("passage", { annotation, link, paste: true }),
  "fetch-copy": (_annotation, link) => fetchCopy(sourceOf(link.far)),
  "remove-link": (annotation, link) => removeLink(annotation, link),
};

/** @param {string} id @param {HTMLElement | null} card */
function toggle(id, card) {
  if (card?.classList.contains("active")) return emit("close", {});
  emit("open", { id, from: "card" });
}

/** The keys that choose the new ends belong to the text, not to the card's buttons. @param {string} id */
function move(id) {
  byId("text").focus({ preventScroll: true });
  emit("move-ends", { id, ordinal: 0 });
}

/** @param {Annotation} annotation @param {any} link */
function editFar(annotation, link) {
  const { kind, id, article } = link.far;
  if (kind !== "annotation") return emit("edit-link", { annotation, link, far: true });
  if (article.id !== annotation.article) return location.assign(`/articles/${article.id}/#annotation-${id}`);
  emit("open", { id, from: "list" });
  emit("show", { id });
}

/** @param {Annotation} annotation @param {HTMLElement | null} card */
async function remove({ id, version }, card) {
  const next = card?.nextElementSibling ?? card?.previousElementSibling;
  await api("DELETE", `/annotations/${id}`, { version });
  emit("removed", { id });
  next?.querySelector("button")?.focus({ preventScroll: true });
  say("Annotation deleted.", { words: "Undo", run: () => restore(`/annotations/${id}`, version + 1, id).catch(report) });
}

/** @param {Annotation} annotation @param {any} link */
async function removeLink({ id }, link) {
  await api("DELETE", `/links/${link.id}`, { version: link.version });
  await refresh(id);
  say("Link removed.", { words: "Undo", run: () => restore(`/links/${link.id}`, link.version + 1, id).catch(report) });
}

/** @param {string} path @param {number} version @param {string} id */
async function restore(path, version, id) {
  await api("POST", `${path}/restore`, { version });
  await refresh(id);
  emit("open", { id, from: "list" });
  say("It is back.");
}

/** Fetches an annotation anew and tells everybody. @param {string} id @returns {Promise<Annotation>} */
export async function refresh(id) {
  const { body } = await api("GET", `/annotations/${id}`);
  emit("changed", { annotation: body });
  return body;
}

/** @param {string} article @param {string} id */
async function copyAddress(article, id) {
  const address = `${location.origin}/articles/${article}/#annotation-${id}`;
  const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
  say(copied ? "Link to this annotation copied." : address);
}

/** A refused or lost request, in words; a newer version of an annotation is shown at once. @param {unknown} error */
export function report(error) {
  if (error instanceof Problem && error.current?.spans) emit("changed", { annotation: error.current });
  say(error instanceof Error ? error.message : String(error));
}

/**
 * Gives one span of an annotation new ends.
 * @param {Annotation} annotation @param {string} snapshot
 * @param {{ordinal: number, start: number, end: number, exact: string}} to
 */
export async function moveEnds(annotation, snapshot, { ordinal, start, end, exact }) {
  const spans = annotation.spans.map((span, place) => {
    const chosen = place === ordinal ? { start, end, exact } : span;
    return { start: chosen.start, end: chosen.end, exact: chosen.exact };
  });
  const { body } = await api("PATCH", `/annotations/${annotation.id}`, { version: annotation.version, body: { snapshot, spans } });
  emit("changed", { annotation: body });
  emit("open", { id: body.id, from: "list" });
  say("The highlight has new ends. Saved.");
}

/** Keys for the open card; they leave the key to others while words are selected. @param {() => Annotation | undefined} open @param {boolean} canWrite */
export function bindCardKeys(open, canWrite) {
  bind("Open annotation", "Escape", "Close, back to the text", () => {
    if (!open() || !byId("bar").hidden) return false;
    emit("close", {});
    return emit("closed", {});
  });
  if (!canWrite) return;
  const act = (/** @type {string} */ name) => () => {
    const annotation = open();
    if (!annotation || !byId("bar").hidden) return false;
    return run(name, annotation, null, document.getElementById(`card-${annotation.id}`));
  };
  bind("Open annotation", "Delete", "Delete", act("delete"));
  bind("Open annotation", "d", "Delete", act("delete"));
  bind("Open annotation", "m", "Change the ends of the highlight", act("move"));
  bind("Open annotation", "l", "Link", act("link"));
  bind("Open annotation", "e", "Edit", act("edit"));
}

/** @param {string} act @param {Annotation} annotation @param {any} link @param {HTMLElement | null} card */
async function run(act, annotation, link, card) {
  try {
    await ACTS[act](annotation, link, card);
  } catch (error) {
    report(error);
  }
}

/**
 * Buttons of the cards, and the highlight of the card under the pointer.
 * @param {HTMLElement} list
 * @param {(id: string) => Promise<Annotation>} annotationOf
 * @param {() => Annotation | undefined} open
 */
export function wireCards(list, annotationOf, open) {
  list.addEventListener("click", async (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("[data-act]"));
    const card = /** @type {HTMLElement | null} */ (button?.closest(".card") ?? null);
    if (!button?.dataset.act || !card?.dataset.id) return;
    const item = /** @type {HTMLElement | null} */ (button.closest("li[data-relation]"));
    const annotation = await annotationOf(card.dataset.id);
    const link = annotation.links.find((/** @type {any} */ one) => one.id === item?.dataset.id);
    await run(button.dataset.act, annotation, link, card);
  });
  const paint = (/** @type {string | undefined} */ id) => emit("focus", { ids: id ? [id] : [] });
  list.addEventListener("mouseover", (event) => {
    const card = /** @type {HTMLElement} */ (event.target).closest(".card");
    paint(card instanceof HTMLElement ? card.dataset.id : open()?.id);
  });
  list.addEventListener("mouseleave", () => paint(open()?.id));
}
