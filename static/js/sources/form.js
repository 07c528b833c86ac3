// The form of a source: doubles are noticed while typing, readers are asked for a protected one, a fetch shows its time.
import { byId, el, one, say } from "../page/dom.js";
import { count } from "./progress.js";
import { watchSame } from "./same.js";

const form = /** @type {HTMLFormElement} */ (byId("f-title").closest("form"));
const box = byId("same");
const confidentiality = /** @type {HTMLSelectElement} */ (byId("f-confidentiality"));
const readers = one(form, "[data-for-protected]");
const capture = /** @type {HTMLInputElement | null} */ (document.getElementById("f-capture"));
const url = /** @type {HTMLInputElement} */ (byId("f-url"));
const run = { said: "", touched: false };

/** @param {string} id @returns {HTMLInputElement} */
const field = (id) => /** @type {HTMLInputElement} */ (byId(id));

/** @param {import("./same.js").Same[]} items */
function show(items) {
  if (box.getAttribute("role") === "alert") return;
  box.hidden = !items.length;
  byId("same-list").replaceChildren(...items.map((item) => el("li", {},
    el("a", { href: `/sources/${item.id}/` }, el("bdi", {}, item.title)), " ", el("span", { className: "quiet" }, item.reason))));
  const said = items.map((item) => item.id).join(" ");
  if (said && said !== run.said) say("The project may have this source already. It is named above the form.");
  run.said = said;
}

function follow() {
  readers.hidden = confidentiality.value !== "protected";
  if (!capture) return;
  capture.disabled = !url.value.trim();
  if (!run.touched) capture.checked = !capture.disabled;
}

const known = /** @type {HTMLElement | null} */ (form.querySelector("[data-source]"));
watchSame({ url, doi: field("f-doi"), title: field("f-title") }, document.body.dataset.project ?? "", show, { source: known?.dataset.source });
for (const one of [confidentiality, url]) one.addEventListener("input", follow);
capture?.addEventListener("change", () => { run.touched = true; });
run.touched = Boolean(document.querySelector(".errors")) || Boolean(url.value);
follow();
form.addEventListener("submit", () => {
  const line = document.getElementById("progress");
  if (!line || !capture?.checked || capture.disabled) return;
  line.hidden = false;
  count(line, "The source is being saved, then its page is fetched");
});
