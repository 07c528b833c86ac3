// How long something takes that the server does: words that count the seconds.

/**
 * The words for a wait of `seconds`. Pure.
 * @param {string} words what is being done, such as "Fetching the page"
 * @param {number} seconds
 * @returns {string}
 */
export function waiting(words, seconds) {
  return seconds < 1 ? `${words}…` : `${words}… ${Math.floor(seconds)} s`;
}

/**
 * Shows the words and counts the seconds in `line` until the given function is called.
 * @param {HTMLElement} line
 * @param {string} words
 * @returns {() => void}
 */
export function count(line, words) {
  const begun = performance.now();
  const show = () => { line.textContent = waiting(words, (performance.now() - begun) / 1000); };
  show();
  const timer = window.setInterval(show, 500);
  return () => window.clearInterval(timer);
}
