// The sitting and its hand-in page: answers are saved at once, the questions are turned without a reload, the server's clock rules.
import { show, markCell } from "./save_state.js";
import { Queue } from "./sitting_queue.js";

const page = document.querySelector("[data-sitting]");
const words = page.dataset;
const forms = [...page.querySelectorAll("[data-question]")];
const note = page.querySelector("[data-sitting-say]");
const handIn = document.querySelector("[data-submit-form]");
const countdown = document.querySelector("[data-countdown]");
const HAND_IN_WITHIN_MS = 20000;
let over = false;

const formOf = (item) => forms.find((form) => form.dataset.item === item);
const inputsOf = (form) => [...form.querySelectorAll("input[name=letters]")];
const lettersOf = (form) => inputsOf(form).filter((input) => input.checked).map((input) => input.value).sort().join("");
const say = (text) => { note.textContent = text; };

function fill(item, letters) {
  const form = formOf(item);
  if (!form) return;
  for (const input of inputsOf(form)) input.checked = letters.includes(input.value);
  mark(form);
}

function mark(form) {
  const flagged = form.querySelector("[data-flag]").value === "off";
  const answered = lettersOf(form) !== "";
  markCell(form.dataset.question, { answered, flagged });
  const said = document.querySelector(`.number-grid [data-n="${form.dataset.question}"] [data-cell-words]`);
  if (said) said.textContent = `, ${answered ? words.answered : words.empty}${flagged ? `, ${words.flagged}` : ""}`;
  const bar = document.querySelector(".timer-progress");
  if (bar) bar.value = forms.filter((each) => lettersOf(each) !== "").length;
}

const queue = new Queue({
  attempt: words.sitting,
  url: words.saveUrl,
  csrf: words.csrf,
  on: {
    state: (word, at) => show(word, at),
    moved: (item, answer) => {
      fill(item, answer.letters);
      say(`${formOf(item)?.dataset.question ?? ""} ${words.moved}`);
    },
    late: (text) => { say(text); finish(); },
    refused: (_item, text) => { say(text); sync(); },
    signedOut: () => say(words.signedOut),
    left: (ms) => countdown?.dispatchEvent(new CustomEvent("countdown:left", { detail: ms })),
  },
});

/** What is stored on the server, after sleep or in a second window; answers still on their way stay as they are here. */
async function sync() {
  let state;
  try {
    const answer = await fetch(words.stateUrl, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return;
    state = await answer.json();
  } catch { return; }
  if (!state.open) { finish(); return; }
  countdown?.dispatchEvent(new CustomEvent("countdown:left", { detail: state.left_ms }));
  for (const form of forms) {
    const stored = state.answers[form.dataset.item];
    if (queue.pending(form.dataset.item)) continue;
    queue.know(form.dataset.item, stored?.seq ?? 0);
    fill(form.dataset.item, stored?.letters ?? "");
  }
}

/** Time is over or the attempt was handed in elsewhere: what is still here is sent, late or not, then the result is shown. */
async function finish() {
  if (over) return;
  over = true;
  for (const form of forms) for (const input of inputsOf(form)) input.disabled = true;
  if (!queue.empty) {
    say(words.over);
    if (!(await queue.flush(Number(words.grace) * 1000))) {
      say(words.waiting);
      await queue.flush(2 ** 31 - 1);
    }
  }
  try {
    await fetch(handIn.action, { method: "POST", body: new FormData(handIn), headers: { "X-CSRFToken": words.csrf }, redirect: "manual" });
  } catch { /* the server hands it in by itself */ }
  location.assign(words.resultUrl);
}

function turn(n, focus = true) {
  const target = forms.find((form) => form.dataset.question === String(n));
  if (!target) return;
  for (const form of forms) form.hidden = form !== target;
  for (const cell of document.querySelectorAll(".number-grid [data-n]")) {
    if (cell.dataset.n === String(n)) cell.setAttribute("aria-current", "step");
    else cell.removeAttribute("aria-current");
  }
  const [seen, read] = document.querySelectorAll(".timer-n > span");
  seen.textContent = `${n}/${forms.length}`;
  read.textContent = words.at.replace("{n}", n).replace("{total}", forms.length);
  for (const link of document.querySelectorAll("[hreflang]")) {
    const url = new URL(link.href);
    url.searchParams.set("n", n);
    link.href = url;
  }
  history.replaceState(null, "", `${words.pageUrl}?n=${n}`);
  say("");
  if (!focus) return;
  window.scrollTo(0, 0);
  target.querySelector(".question-stem").focus({ preventScroll: true });
}

async function flag(button, form) {
  const on = button.value === "on";
  button.value = on ? "off" : "on";
  button.querySelector("span").textContent = on ? words.flagOff : words.flagOn;
  mark(form);
  const body = JSON.stringify({ item: form.dataset.item, on });
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": words.csrf };
  for (let wait = 1000; wait < 64000; wait *= 2) {
    try {
      await fetch(words.flagUrl, { method: "POST", headers, body });
      return;
    } catch { await new Promise((done) => { setTimeout(done, wait); }); }
    if ((button.value === "off") !== on) return;
  }
}

for (const form of forms) {
  queue.know(form.dataset.item, Number(form.dataset.seq));
  form.querySelector(".question-stem").tabIndex = -1;
  const waiting = queue.pending(form.dataset.item);
  if (waiting) fill(form.dataset.item, waiting.letters);
  form.addEventListener("change", () => { queue.put(form.dataset.item, lettersOf(form)); mark(form); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    const n = Number(form.dataset.question);
    if (button?.hasAttribute("data-flag")) flag(button, form);
    else if (button?.value === "previous") turn(n - 1);
    else if (button?.value === "submit" || n === forms.length) document.querySelector("[data-hand-in]").click();
    else turn(n + 1);
  });
}

document.querySelector(".number-grid")?.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-n]");
  if (!cell || !forms.length) return;
  event.preventDefault();
  turn(cell.dataset.n);
});

handIn.addEventListener("submit", async (event) => {
  if (queue.empty) return;
  event.preventDefault();
  if (await queue.flush(HAND_IN_WITHIN_MS)) handIn.submit();
});
document.addEventListener("countdown:end", finish);
document.addEventListener("countdown:warn", (event) => say(event.detail));
document.addEventListener("visibilitychange", () => { if (!document.hidden && !over) sync(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
queue.wake();
