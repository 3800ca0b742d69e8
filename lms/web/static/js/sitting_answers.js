// The fields of each kind of question, read as the one text that is stored ('' is blank) and filled from it. The server has the same in
// lms/assessment/rules/answers; what it stores is what counts.
import { order } from "./sitting_order.js";
import { spots } from "./sitting_spots.js";

const TEXTS = new Set(["numeric", "short", "gaps", "essay"]);
const fieldsOf = (form) => [...form.querySelectorAll("[name^='answer.']")];
const boxesOf = (form) => [...form.querySelectorAll("input[name=answer]")];
const partOf = (field) => field.name.slice("answer.".length);
const clean = (text) => text.normalize("NFC").trim();

const ticks = {
  read: (form) => boxesOf(form).filter((box) => box.checked).map((box) => box.value).sort().join(""),
  fill: (form, answer) => { for (const box of boxesOf(form)) box.checked = answer.includes(box.value); },
};

const text = {
  read: (form) => clean(form.elements.answer.value),
  fill: (form, answer) => { if (clean(form.elements.answer.value) !== answer) form.elements.answer.value = answer; },
};

const KINDS = {
  single: ticks, multiple: ticks, hotspot: ticks, numeric: text, short: text, essay: text,
  performed: { read: () => "", fill: () => {} },
  ordering: {
    read(form) {
      const fields = fieldsOf(form);
      const places = new Map(fields.map((field) => [field.value, partOf(field)]));
      if (places.size < fields.length || places.has("")) return "";
      return fields.map((_field, n) => places.get(String(n + 1))).join("");
    },
    fill(form, answer) {
      for (const field of fieldsOf(form)) field.value = answer ? String(answer.indexOf(partOf(field)) + 1) : "";
      form.dispatchEvent(new CustomEvent("answer:filled"));
    },
  },
  matching: {
    read: (form) => fieldsOf(form).filter((field) => field.value).map((field) => `${partOf(field)}:${field.value}`).sort().join(" "),
    fill(form, answer) {
      const pairs = new Map(answer.split(" ").map((pair) => pair.split(":")));
      for (const field of fieldsOf(form)) field.value = pairs.get(partOf(field)) ?? "";
    },
  },
  gaps: {
    read(form) {
      const texts = fieldsOf(form).sort((a, b) => partOf(a) - partOf(b)).map((field) => clean(field.value));
      return texts.some(Boolean) ? JSON.stringify(texts) : "";
    },
    fill(form, answer) {
      const texts = answer ? JSON.parse(answer) : [];
      for (const field of fieldsOf(form)) field.value = texts[partOf(field)] ?? "";
    },
  },
};

/** Whether an answer is written, so that it is saved after a pause and not at each sign. */
export const isText = (form) => TEXTS.has(form.dataset.kind);

/** The answer in the fields. */
export const read = (form) => KINDS[form.dataset.kind].read(form);

/** Show an answer in the fields. */
export function fill(form, answer) {
  KINDS[form.dataset.kind].fill(form, answer);
  form.dispatchEvent(new CustomEvent("answer:shown"));
}

/** What a script adds to the fields. */
export function enhance(form) {
  const kind = form.dataset.kind;
  if (kind === "ordering") order(form);
  if (kind === "hotspot") spots(form);
  if (kind === "numeric") sign(form);
  if (kind === "essay") count(form);
  form.querySelector("[data-case]")?.addEventListener("toggle", ({ target }) => {
    for (const other of document.querySelectorAll(`[data-case="${CSS.escape(target.dataset.case)}"]`)) other.open = target.open;
  });
}

/** Many phones have no minus beside their digits. */
function sign(form) {
  const button = form.querySelector("[data-minus]");
  const field = form.elements.answer;
  button.hidden = false;
  button.addEventListener("click", () => {
    field.value = /^\s*[-−]/.test(field.value) ? field.value.replace(/^\s*[-−]\s*/, "") : `-${field.value.trimStart()}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

function count(form) {
  const field = form.elements.answer;
  const node = form.querySelector("[data-count]");
  const show = () => { node.textContent = node.dataset.count.replace("{n}", [...field.value].length).replace("{most}", field.maxLength); };
  field.addEventListener("input", show);
  form.addEventListener("answer:shown", show);
  show();
}
