// Talks to /api/v1: CSRF token, If-Match, problem+json as one error, no network as another. Also makes UUIDs.

const BASE = "/api/v1";

/** @typedef {{pointer: string, detail: string}} FieldError */
/** @typedef {{status: number, body: any, etag: number | null}} Answer */
/** @typedef {{body?: unknown, file?: Blob, version?: number, signal?: AbortSignal, signIn?: boolean}} Options `body` goes as JSON, `file` as it is */

/** The server's refusal (RFC 9457). `name` is the last part of its type: `stale`, `invalid`, `not-allowed` … */
export class Problem extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body.detail || body.title || `The server answered ${status}. Nothing was changed.`);
    this.status = status;
    this.type = String(body.type ?? "");
    this.name = this.type.split("/").pop() || "problem";
    this.title = String(body.title ?? "");
    this.detail = this.message;
    this.errors = /** @type {FieldError[]} */ (body.errors ?? []);
    this.current = body.current;
    this.existing = body.existing;
  }
}

/** The request did not reach the server, or its answer did not come back. */
export class Offline extends Error {
  constructor() {
    super("No connection to the server. What you typed is safe in this browser.");
    this.name = "offline";
  }
}

/** @type {(() => Promise<boolean>) | null} */
let askSignIn = null;

/**
 * Who asks for a sign-in in place when the session has ended. It gives true when the same person is signed in again.
 * @param {() => Promise<boolean>} ask
 */
export function onSignedOut(ask) {
  askSignIn = ask;
}

/**
 * Asks the API. `path` starts after /api/v1; `version` becomes If-Match. Throws Problem and Offline; an abort throws as it is.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Answer>}
 */
export async function api(method, path, options = {}) {
  const response = await reach(method, path, options);
  const body = await read(response);
  if (response.ok) return { status: response.status, body, etag: version(response.headers.get("ETag")) };
  const mayAsk = response.status === 401 && options.signIn !== false && askSignIn;
  if (mayAsk && (await mayAsk())) return api(method, path, { ...options, signIn: false });
  throw new Problem(response.status, body ?? {});
}

/** @param {string} method @param {string} path @param {Options} options @returns {Promise<Response>} */
async function reach(method, path, { body, file, version: known, signal }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (file) headers["Content-Type"] = file.type || "application/octet-stream";
  if (known !== undefined) headers["If-Match"] = `"${known}"`;
  try {
    const sent = file ?? (body === undefined ? undefined : JSON.stringify(body));
    return await fetch(BASE + path, { method, headers, body: sent, signal, credentials: "same-origin" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Offline();
  }
}

/** @param {Response} response @returns {Promise<any>} */
async function read(response) {
  const text = await response.text().catch(() => { throw new Offline(); });
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return { title: "The server gave an answer this page cannot read", detail: `The server answered ${response.status} without a reason.` };
  }
}

/** @param {string | null} etag @returns {number | null} */
function version(etag) {
  const digits = etag?.match(/^(?:W\/)?"(\d+)"$/);
  return digits ? Number(digits[1]) : null;
}

/** @returns {HTMLMetaElement | null} */
const meta = () => document.querySelector('meta[name="csrf-token"]');

/** @returns {string} */
export function csrf() {
  return meta()?.content ?? "";
}

/**
 * The token of a new session, for scripts and for every form of the page.
 * @param {string} token
 */
export function renewCsrf(token) {
  const tag = meta();
  if (tag) tag.content = token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) /** @type {HTMLInputElement} */ (field).value = token;
}

/**
 * A UUID of version 7 (RFC 9562 5.7). crypto.randomUUID is missing on plain http, getRandomValues is always there.
 * @returns {string}
 */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
