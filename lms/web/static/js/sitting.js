// The sitting and its hand-in page: answers are saved at once, the questions are turned without a reload, the server's clock rules.
import { show, markCell } from "./save_state.js";
import { Queue } from "./sitting_queue.js";
import { keepPaper } from "./sitting_kept.js";
import { Tabs } from "./sitting_tabs.js";
import { enhance, fill as put, isText, read } from "./sitting_answers.js";

const html = `<!doctype html>\n${document.documentElement.outerHTML}`; // before this script changes anything
const page = document.querySelector("[data-sitting]");
const words = page.dataset;
const cards = [...page.querySelectorAll("[data-question]")]; // what may be seen now; those that were checked are shown, not asked
const forms = cards.filter((card) => !("shown" in card.dataset));
const note = page.querySelector("[data-sitting-say]");
const handIn = document.querySelector("[data-submit-form]");
const goForm = document.querySelector("[data-go-form]");
const countdown = document.querySelector("[data-countdown]");
const HAND_IN_WITHIN_MS = 20000;
const TURN_WITHIN_MS = 3000;
const PAUSE_MS = 1000;
const last = new Map(); // by item the answer that is stored or on its way
const typing = new Map(); // by item the timer of a text that is being written
let over = false;

const formOf = (item) => forms.find((form) => form.dataset.item === item);
const say = (text) => { note.textContent = text; };
const going = () => document.dispatchEvent(new CustomEvent("sitting:going")); // a page of our own comes next

function fill(item, answer) {
  const form = formOf(item);
  if (!form) return;
  last.set(item, answer);
  put(form, answer);
  mark(form);
}

/** What has changed in a form since the last time goes on its way. */
function commit(form) {
  const item = form.dataset.item;
  clearTimeout(typing.get(item));
  typing.delete(item);
  const answer = read(form);
  mark(form);
  if (over || answer === last.get(item)) return;
  last.set(item, answer);
  queue.put(item, answer);
}

/** Texts that are still being written, before anything that leaves them. */
function commitAll() {
  for (const item of [...typing.keys()]) commit(formOf(item));
}

/** A text that another window has overtaken is shown once more, for copying. */
function keepText(form, answer) {
  const own = read(form);
  if (!isText(form) || !own || own === answer) return;
  form.querySelector("[data-kept]")?.remove();
  const node = document.createElement("p");
  node.dataset.kept = "";
  node.className = "kept";
  node.textContent = words.kept.replace("{text}", own);
  form.querySelector(".sitting-nav").before(node);
}

function mark(form) {
  const flagged = form.querySelector("[data-flag]").value === "off";
  const answered = read(form) !== "";
  markCell(form.dataset.question, { answered, flagged });
  const said = document.querySelector(`.number-grid [data-n="${form.dataset.question}"] [data-cell-words]`);
  if (said) said.textContent = `, ${answered ? words.answered : words.empty}${flagged ? `, ${words.flagged}` : ""}`;
  const bar = document.querySelector(".timer-progress");
  if (bar) bar.value = Number(words.elsewhere) + forms.filter((each) => read(each) !== "").length;
}

/** What the server says of questions that were corrected meanwhile; a new one is said aloud wherever one is. */
function notices(list) {
  document.querySelector("[data-notices-elsewhere]")?.replaceChildren();
  const told = new Map(list.map((one) => [one.item, one.text]));
  const fresh = [];
  for (const form of forms) {
    const node = form.querySelector("[data-notice]");
    const text = told.get(form.dataset.item) ?? "";
    if (node.textContent === text) continue;
    node.textContent = text;
    if (text) fresh.push(text);
  }
  if (fresh.length) say(fresh.join(" "));
}

const about = { attempt: words.sitting, url: words.saveUrl, csrf: words.csrf, owner: words.owner, page: words.pageUrl };
const queue = new Queue({
  about,
  on: {
    stored: (item, answer, seq) => tabs.tell(item, answer, seq),
    state: (word, at) => show(word, at),
    moved: (item, answer) => {
      if (formOf(item)) keepText(formOf(item), answer.answer);
      fill(item, answer.answer);
      say(`${formOf(item)?.dataset.question ?? ""} ${words.moved}`);
    },
    late: (text) => { say(text); finish(); },
    refused: (item, text) => { say(text); if (!formOf(item) || !isText(formOf(item))) sync(); },
    signedOut: () => say(words.signedOut),
    elsewhere: (text) => say(text),
    notices,
    left: (ms) => countdown?.dispatchEvent(new CustomEvent("countdown:left", { detail: ms })),
  },
});

/** Another tab's answer is shown here too, unless something newer is on its way from here. */
function take(item, answer, seq) {
  if (over || !formOf(item) || queue.pending(item) || typing.has(item) || queue.isOld(item, seq)) return;
  queue.know(item, seq);
  fill(item, answer);
}

const tabs = new Tabs(words.sitting, { other: () => say(words.twoTabs), saved: take });

/** What this phone knows beyond the page: the page may be a copy shown without a network, older than what was answered in it. */
function takeUp(known) {
  const now = Number(countdown?.dataset.now);
  const stale = known !== undefined && now <= known.shown;
  const left = stale ? known.left : [Number(countdown?.dataset.deadline) - now, Date.now()];
  self.sittingStore.keepAbout({ ...about, shown: stale ? known.shown : now, left }).catch(() => {});
  for (const row of queue.known.values()) if (row.seq > (queue.seqs.get(row.item) ?? 0)) take(row.item, row.answer, row.seq);
  for (const [item, kept] of queue.items) if (formOf(item)) fill(item, (kept.next ?? kept.head).answer ?? kept.head.letters);
  if (stale) {
    countdown.dispatchEvent(new CustomEvent("countdown:left", { detail: Math.max(0, left[0] - (Date.now() - left[1])) }));
    turn(new URLSearchParams(location.search).get("n"), false);
    sync();
  }
  queue.wake();
}

/** What is stored on the server, after sleep or in a second window; answers still on their way stay as they are here. */
async function sync() {
  commitAll();
  let state;
  try {
    const answer = await fetch(words.stateUrl, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return;
    state = await answer.json();
  } catch { return; }
  if (!state.open) { finish(); return; }
  if (state.elsewhere) { going(); location.reload(); return; }
  if (cards.length && (state.step !== Number(words.step) || state.checked !== Number(words.checked))) { going(); location.assign(words.pageUrl); return; }
  countdown?.dispatchEvent(new CustomEvent("countdown:left", { detail: state.left_ms }));
  notices(state.notices ?? []);
  for (const form of forms) {
    const stored = state.answers[form.dataset.item];
    if (queue.pending(form.dataset.item) || typing.has(form.dataset.item) || queue.isOld(form.dataset.item, stored?.seq ?? 0)) continue;
    queue.know(form.dataset.item, stored?.seq ?? 0);
    fill(form.dataset.item, stored?.answer ?? "");
  }
}

/** Time is over or the attempt was handed in elsewhere: what is still here is sent, late or not, then the result is shown. */
async function finish() {
  if (over) return;
  commitAll();
  over = true;
  for (const form of forms) for (const field of form.elements) field.disabled = true;
  if (!queue.empty) {
    say(words.over);
    if (!(await queue.flush(Number(words.grace) * 1000))) {
      say(words.waiting);
      await queue.flush(2 ** 31 - 1);
    }
  }
  try {
    const body = new FormData(handIn);
    body.append("auto", "1"); // by itself: a supervisor may have given more time meanwhile
    await fetch(handIn.action, { method: "POST", body, headers: { "X-CSRFToken": words.csrf }, redirect: "manual" });
  } catch { /* the server hands it in by itself */ }
  going();
  location.assign(words.resultUrl);
}

function turn(n, focus = true) {
  const target = cards.find((card) => card.dataset.question === String(n));
  if (!target) return;
  commitAll();
  for (const card of cards) card.hidden = card !== target;
  for (const cell of document.querySelectorAll(".number-grid [data-n]")) {
    if (cell.dataset.n === String(n)) cell.setAttribute("aria-current", "step");
    else cell.removeAttribute("aria-current");
  }
  const [seen, read] = document.querySelectorAll(".timer-n > span");
  seen.textContent = `${n}/${words.total}`;
  read.textContent = words.at.replace("{n}", n).replace("{total}", words.total);
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

/** Leaves a step for good, or has an answer checked: once what was answered has arrived, the server draws the next page. */
async function goOn(button, form) {
  commit(form);
  if (!(await queue.flush(HAND_IN_WITHIN_MS))) { say(words.unsent); return; }
  const said = { go: button.value, item: form.dataset.item, n: form.dataset.question };
  for (const [name, value] of Object.entries(said)) goForm.querySelector(`[name=${name}]`).value = value;
  goForm.submit();
}

for (const card of cards) card.querySelector(".question-stem").tabIndex = -1;
for (const form of forms) {
  queue.know(form.dataset.item, Number(form.dataset.seq));
  last.set(form.dataset.item, form.elements.was.value);
  enhance(form);
  commit(form); // what was changed before this script was here
  form.addEventListener("change", () => commit(form));
  form.addEventListener("input", () => {
    if (!isText(form)) return;
    clearTimeout(typing.get(form.dataset.item));
    typing.set(form.dataset.item, setTimeout(() => commit(form), PAUSE_MS));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    const n = Number(form.dataset.question);
    if (button?.hasAttribute("data-flag")) flag(button, form);
    else if (button?.value === "leave" || button?.value === "check") goOn(button, form);
    else if (button?.value === "previous") turn(n - 1);
    else if (button?.value === "submit" || n === Number(words.total)) document.querySelector("[data-hand-in]").click();
    else turn(n + 1);
  });
}

for (const grid of document.querySelectorAll(".number-grid")) {
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-n]");
    if (!cell || !cards.length) return;
    event.preventDefault();
    turn(cell.dataset.n);
  });
}

/** A link is followed once what was answered has arrived, so that the next page shows it. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  commitAll();
  if (queue.empty) return;
  event.preventDefault();
  await queue.flush(TURN_WITHIN_MS);
  going();
  location.assign(link.href);
});

handIn.addEventListener("submit", async (event) => {
  if (queue.empty) return;
  event.preventDefault();
  if (!(await queue.flush(HAND_IN_WITHIN_MS))) return;
  going();
  handIn.submit();
});
document.addEventListener("countdown:end", finish);
document.addEventListener("sitting:over", finish);
document.addEventListener("sitting:say", (event) => say(event.detail));
document.addEventListener("countdown:warn", (event) => say(event.detail));
document.addEventListener("visibilitychange", () => { if (document.hidden) commitAll(); else if (!over) sync(); });
addEventListener("pagehide", commitAll);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (cards.length && performance.getEntriesByType("navigation")[0]?.type !== "navigate") sync(); // the page may be older than what was saved from it
queue.restored.then(takeUp);
addEventListener("online", () => { if (!over) sync(); });
if (forms.length) keepPaper({ html, worker: words.worker });
