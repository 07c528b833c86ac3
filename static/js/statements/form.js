// The pages on which a speaker or a statement is added: what is like it is named while somebody types.
import { watchSame } from "./same.js";

const form = document.querySelector("main form[data-draft]");
if (form instanceof HTMLFormElement) watchSame(form, document.body.dataset.project ?? "");
