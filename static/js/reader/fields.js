// Fields of the editor and of the palette: reading, filling, errors, completion of names, tags.
import { el, one } from "../page/dom.js";
import { api, newId } from "../page/http.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/** @typedef {import("../page/http.js").Problem} Problem */

const PAUSE = 120;

/** @param {HTMLFormElement} form @returns {Field[]} */
function named(form) {
  return /** @type {Field[]} */ ([...form.elements].filter((field) => Reflect.get(field, "name")));
}

/** What stands in the form, trimmed, by name; fields in `nullable` are null when empty. @param {HTMLFormElement} form @param {string[]} nullable @returns {Record<string, any>} */
export function read(form, nullable) {
  const pairs = named(form).map((field) => [field.name, field.value.trim()]);
  return Object.fromEntries(pairs.map(([name, value]) => [name, value === "" && nullable.includes(name) ? null : value]));
}

/** Puts values into the form; a value that a list of choices does not have is added to it. @param {HTMLFormElement} form @param {Record<string, any>} values */
export function write(form, values) {
  for (const field of named(form)) {
    const value = values[field.name];
    const words = value && typeof value === "object" ? value.name ?? value.title : value;
    field.value = String(words ?? "");
    if (field instanceof HTMLSelectElement && field.selectedIndex < 0) choose(field, String(words ?? ""));
  }
}

/** @param {HTMLSelectElement} field @param {string} value */
function choose(field, value) {
  if (value) field.add(new Option(value.replaceAll("_", " "), value));
  if (value) field.value = value;
  else field.selectedIndex = 0;
}

/** Shows what the server refused, beside the fields where it names them, and goes to the first. @param {HTMLFormElement} form @param {HTMLElement} box @param {unknown} error */
export function showErrors(form, box, error) {
  clearErrors(form, box);
  const errors = /** @type {Problem} */ (error)?.errors ?? [];
  const sentences = errors.map(({ pointer, detail }) => {
    const field = named(form).find((one) => one.name === pointer.split("/")[1]);
    field?.setAttribute("aria-invalid", "true");
    field?.closest(".field")?.classList.add("wrong");
    return detail;
  });
  const words = error instanceof Error ? error.message : String(error);
  box.className = "errors";
  box.replaceChildren(...(sentences.length ? sentences : [words]).map((words) => el("p", {}, words)));
  const first = form.querySelector("[aria-invalid]");
  if (first instanceof HTMLElement) first.focus();
}

/** Throws, in the shape of the server's refusal, when a field that must have words is empty. @param {HTMLFormElement} form */
export function needed(form) {
  const empty = named(form).filter((field) => field.required && !field.value.trim());
  const errors = empty.map((field) => ({ pointer: `/${field.name}`, detail: `${field.labels?.[0]?.textContent} is needed.` }));
  if (errors.length) throw Object.assign(new Error("Some fields are empty."), { errors });
}

/** @param {HTMLFormElement} form @param {HTMLElement} box */
export function clearErrors(form, box) {
  box.className = "";
  box.replaceChildren();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const field of form.querySelectorAll(".wrong")) field.classList.remove("wrong");
}

/** An input whose names come from the server as somebody types. It knows the id of every name it has offered. */
export class Completion {
  /** @param {HTMLInputElement} input @param {(q: string) => string} path of a list of things with `id` and `name` or `title` */
  constructor(input, path) {
    this.input = input;
    this.path = path;
    /** @type {Map<string, string>} */
    this.ids = new Map();
    /** @type {Map<string, string>} */
    this.made = new Map();
    this.asked = new AbortController();
    this.waiting = 0;
    input.addEventListener("input", () => {
      window.clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.offer().catch(() => {}), PAUSE);
    });
  }

  /** Offers names for what is typed; a newer keystroke ends an older question. */
  async offer() {
    this.asked.abort();
    this.asked = new AbortController();
    const q = this.input.value.trim();
    if (q && !this.ids.has(q)) await this.ask(q, this.asked.signal);
  }

  /** @param {string} q @param {AbortSignal} [signal] */
  async ask(q, signal) {
    const { body } = await api("GET", this.path(encodeURIComponent(q)), { signal });
    for (const thing of body.items) this.ids.set(thing.name ?? thing.title, thing.id);
    this.input.list?.replaceChildren(...body.items.map((/** @type {any} */ thing) => el("option", { value: thing.name ?? thing.title })));
  }

  /** A thing that is known beforehand. @param {{id: string, name?: string, title?: string} | null | undefined} thing */
  know(thing) {
    if (thing) this.ids.set(thing.name ?? thing.title ?? "", thing.id);
  }

  /** The id of a name, null when none is known. @param {string} [name] @returns {Promise<string | null>} */
  async id(name = this.input.value.trim()) {
    window.clearTimeout(this.waiting);
    if (name && !this.ids.has(name)) await this.ask(name);
    return this.ids.get(name) ?? null;
  }

  /** As `id`, but a speaker that is not known yet is made; a retry sends the same new id. @param {string} project @param {string} [name] @returns {Promise<string | null>} */
  async speaker(project, name = this.input.value.trim()) {
    const found = await this.id(name);
    if (found || !name) return found;
    const id = this.made.get(name) ?? newId();
    this.made.set(name, id);
    await api("PUT", `/speakers/${id}`, { body: { project, name } });
    this.ids.set(name, id);
    return id;
  }
}

let pressing = false;
if (typeof document !== "undefined") {
  for (const name of ["pointerdown", "pointerup", "pointercancel"]) {
    document.addEventListener(name, () => { pressing = name === "pointerdown"; }, { capture: true });
  }
}

/** Chosen tags as a list with a button each; Enter or a comma adds what was typed. */
export class Tags {
  /** @param {HTMLInputElement} input @param {HTMLElement} list */
  constructor(input, list) {
    this.input = input;
    this.list = list;
    /** @type {string[]} */
    this.chosen = [];
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("change", () => this.left());
  }

  /** The field was left. The list grows only after a press has ended, so that what is pressed stays under the pointer. */
  left() {
    if (!pressing) this.take();
    else document.addEventListener("pointerup", () => window.setTimeout(() => this.take()), { once: true });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const adds = (event.key === "Enter" || event.key === ",") && this.input.value.trim();
    if (adds || event.key === "Enter") event.preventDefault();
    if (adds) this.take();
    if (event.key === "Backspace" && !this.input.value && this.chosen.length) this.drop(this.chosen.at(-1) ?? "");
  }

  /** Takes what stands in the field as a tag. */
  take() {
    const tag = this.input.value.trim().replace(/,$/, "");
    this.input.value = "";
    if (!tag) return;
    if (!this.chosen.includes(tag)) this.set([...this.chosen, tag]);
    this.tell();
  }

  /** @param {string} tag */
  drop(tag) {
    this.set(this.chosen.filter((other) => other !== tag));
    this.input.focus();
    this.tell();
  }

  /** Tells the form that it was changed. */
  tell() {
    this.list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string[]} tags */
  set(tags) {
    this.chosen = [...tags];
    this.list.replaceChildren(...tags.map((tag) => el("li", {}, tag,
      el("button", { type: "button", "aria-label": `Remove tag ${tag}`, onclick: () => this.drop(tag) }, "×"))));
    this.list.hidden = !tags.length;
  }
}

/** Ctrl+Enter sends the form from any of its fields. @param {HTMLFormElement} form */
export function sendByKey(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

/** The label of every named field, for the view of two versions. @param {HTMLFormElement} form @returns {Record<string, string>} */
export function labelsOf(form) {
  return Object.fromEntries(named(form).map((field) => [field.name, field.labels?.[0]?.textContent ?? field.name]));
}

/** The box for a form's errors. @param {HTMLFormElement} form @returns {HTMLElement} */
export function errorBox(form) {
  return one(form, "[role=alert]");
}
