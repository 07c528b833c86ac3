// "Tick all on this page", with the number that is ticked; without scripts each is ticked by hand.

/** @param {HTMLElement} bar */
function withAll(bar) {
  const all = bar.querySelector("input");
  const count = bar.querySelector("[role=status]");
  const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(`input[type=checkbox][name="${bar.dataset.tickAll}"]`)]);
  if (!all || !count || !boxes.length) return;
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    count.textContent = ticked ? `${ticked} ticked` : "";
  };
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; tell(); });
  for (const box of boxes) box.addEventListener("change", tell);
  bar.hidden = false;
  tell();
}

for (const bar of document.querySelectorAll("[data-tick-all]")) withAll(/** @type {HTMLElement} */ (bar));
