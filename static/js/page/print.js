// A button that prints the page; without scripts the browser's own menu does.

for (const found of document.querySelectorAll("button[data-print]")) {
  const button = /** @type {HTMLButtonElement} */ (found);
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
