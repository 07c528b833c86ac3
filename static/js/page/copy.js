// A button that copies the value of a field which is shown once; without scripts the field can be selected by hand.
import { byId, say } from "./dom.js";

/** @param {HTMLButtonElement} button */
function withCopy(button) {
  const field = /** @type {HTMLInputElement} */ (byId(button.dataset.copy ?? ""));
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      say("Copied.");
    } catch {
      field.focus();
      say("Your browser does not let us copy. The words are selected: copy them yourself.");
    }
  });
}

for (const button of document.querySelectorAll("button[data-copy]")) withCopy(/** @type {HTMLButtonElement} */ (button));
