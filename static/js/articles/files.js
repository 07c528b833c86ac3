// A chosen file as text, for recognition only: what is sent is the file itself.

export const MOST_BYTES = 10_000_000;
/** @type {Record<string, string>} */
const TYPES = { html: "text/html", htm: "text/html", xhtml: "text/html", md: "text/markdown", markdown: "text/markdown" };

/** The media type that a file's ending tells, or undefined. @param {string} name @returns {string | undefined} */
export function typeOf(name) {
  return TYPES[name.split(".").pop()?.toLowerCase() ?? ""];
}

/**
 * The text in these bytes: UTF-8, or UTF-16 with its mark. Null for any other encoding, which only the server reads. Pure.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {string | null}
 */
export function decoded(bytes) {
  const marks = { "255,254": "utf-16le", "254,255": "utf-16be" };
  const label = /** @type {Record<string, string>} */ (marks)[`${bytes[0]},${bytes[1]}`] ?? "utf-8";
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * What is wrong with a file before it is sent, or the empty text.
 * @param {{name: string, size: number}} file
 * @param {"article" | "source"} [of]  whose words are in it
 * @returns {string}
 */
export function problemOf(file, of = "article") {
  if (!file.size) return `“${file.name}” is empty. Choose another file.`;
  if (file.size <= MOST_BYTES) return "";
  return `“${file.name}” is larger than 10 MB. Choose a smaller file, or paste the words of the ${of}.`;
}
