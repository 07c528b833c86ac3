// A button that saves a field's text as a file. The text never goes back to the server; without scripts it is copied by hand.
import { byId, el, say } from "./dom.js";

/** @param {HTMLButtonElement} button */
function withSaving(button) {
  const field = /** @type {HTMLTextAreaElement} */ (byId(button.dataset.save ?? ""));
  const name = button.dataset.name ?? "list.csv";
  button.hidden = false;
  button.addEventListener("click", () => {
    const href = URL.createObjectURL(new Blob([field.value.replace(/\r?\n/g, "\r\n")], { type: "text/csv;charset=utf-8" }));
    el("a", { href, download: name }).click();
    window.setTimeout(() => URL.revokeObjectURL(href), 10_000);
    say(`Saved as ${name}.`);
  });
}

for (const button of document.querySelectorAll("button[data-save]")) withSaving(/** @type {HTMLButtonElement} */ (button));
