// What the benchmark runs in the reader's page. Each function is called by name from opening.py.

/** Note when the highlights that are on screen have been painted for the first time. */
globalThis.watchPaint = () => {
  const look = () => {
    const painted = [...(CSS.highlights?.values() ?? [])].some((highlight) => highlight.size);
    if (!painted) return requestAnimationFrame(look);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { globalThis.paintedAt = performance.now(); };
      port2.postMessage(0);
    });
  };
  requestAnimationFrame(look);
};

/** The middle of up to `most` highlights on screen, as [x, y]. */
globalThis.placesOnScreen = (most) => {
  const found = [];
  for (const name of ["lane-0", "lane-1"]) {
    for (const { startContainer, startOffset, endContainer, endOffset } of CSS.highlights.get(name)) {
      const range = document.createRange();
      range.setStart(startContainer, startOffset);
      range.setEnd(endContainer, endOffset);
      const box = range.getClientRects()[0];
      if (box && box.top > 80 && box.bottom < innerHeight - 80) found.push([(box.left + box.right) / 2, (box.top + box.bottom) / 2]);
    }
  }
  return found.slice(0, most);
};

/** Milliseconds from a click on the text to the open card, laid out; null where several highlights meet. */
globalThis.clickToCard = async ([x, y]) => {
  const target = document.elementFromPoint(x, y);
  document.body.getBoundingClientRect();
  const begun = performance.now();
  target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientX: x, clientY: y, detail: 1 }));
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  const card = document.querySelector("#cards .card.active");
  if (!card) return null;
  card.getBoundingClientRect();
  const taken = performance.now() - begun;
  const { emit } = await import(document.querySelector('link[rel=modulepreload][href$="reader/bus.js"]').href);
  emit("close", {});
  return taken;
};

/** Milliseconds of script, style and layout that a new annotation takes once the server has answered. */
globalThis.addOne = async (annotation) => {
  const { emit } = await import(document.querySelector('link[rel=modulepreload][href$="reader/bus.js"]').href);
  document.body.getBoundingClientRect();
  const begun = performance.now();
  emit("changed", { annotation });
  document.body.getBoundingClientRect();
  return performance.now() - begun;
};

/** When the page's words were painted for the first time. */
globalThis.textAt = () => performance.getEntriesByName("first-contentful-paint")[0].startTime;
