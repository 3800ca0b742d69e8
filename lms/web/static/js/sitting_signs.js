// A supervised sitting: once a minute the page says that it lives and which question is in view, and hears how long it has and what was decided.
// Where the exam says so (data-watch, and candidates were told), leaving the page and pasting are told too: facts by a steady clock, no verdicts.

const page = document.querySelector("[data-sitting][data-signs-url]");
const EVERY_MS = 60000;
const SOON_MS = 1500;
const KEY = `left-${page?.dataset.sitting}`;
let facts = [];
let leftAt = null;
let going = false; // a page of our own comes next: that is no leaving
let leaving = false; // and it is on its way
let told = Number(page?.dataset.told ?? 0);
let timer = null;
let busy = false;

/** A random id; crypto.randomUUID needs https, a hall's own network has none. */
function newId() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(b, (n) => n.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function note(kind, more = {}) {
  if (page.dataset.watch === undefined) return;
  facts.push({ id: newId(), kind, then: performance.now(), ...more });
}

function place() {
  return Number(document.querySelector("form.question:not([hidden])")?.dataset.question ?? 0);
}

/** Say it now; what could not be sent is said the next time. */
async function say() {
  clearTimeout(timer);
  timer = setTimeout(say, EVERY_MS * (0.9 + Math.random() / 5));
  if (busy) return;
  busy = true;
  const sent = facts.slice(0, 50);
  const body = JSON.stringify({
    place: place(),
    facts: sent.map(({ then, ...fact }) => ({ ...fact, ago_ms: Math.round(performance.now() - then) })),
  });
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": page.dataset.csrf };
  try {
    const answer = await fetch(page.dataset.signsUrl, { method: "POST", headers, body, keepalive: true, redirect: "error" });
    if (answer.ok) {
      facts = facts.filter((fact) => !sent.includes(fact));
      hear(await answer.json());
    }
  } catch { /* no network: said again in a minute */ }
  busy = false;
}

function hear(state) {
  if (!state.open) { document.dispatchEvent(new CustomEvent("sitting:over")); return; }
  document.querySelector("[data-countdown]")?.dispatchEvent(new CustomEvent("countdown:left", { detail: state.left_ms }));
  if (state.told.length > told) document.dispatchEvent(new CustomEvent("sitting:say", { detail: state.told.slice(told).join(" ") }));
  told = state.told.length;
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(say, SOON_MS);
}

function away() {
  if (going || leftAt !== null) return;
  leftAt = performance.now();
  note("left");
  try { sessionStorage.setItem(KEY, String(Date.now())); } catch { /* not allowed: only this page's own clock counts */ }
  say();
}

function back() {
  if (leftAt === null) return;
  note("back", { lasted_ms: Math.round(performance.now() - leftAt) });
  leftAt = null;
  forget();
  soon();
}

function forget() {
  try { sessionStorage.removeItem(KEY); } catch { /* nothing was kept */ }
}

/** The page was closed or loaded anew while it was left: it comes back now. */
function returned() {
  let since = null;
  try { since = sessionStorage.getItem(KEY); } catch { return; }
  if (since === null) return;
  forget();
  note("back", { lasted_ms: Math.max(0, Date.now() - Number(since)) });
  soon();
}

if (page) {
  document.addEventListener("click", (event) => { if (event.target.closest("a[href]")) going = true; }, true);
  document.addEventListener("submit", () => { going = true; }, true);
  document.addEventListener("click", () => setTimeout(() => { going = leaving; }, 3000));
  document.addEventListener("sitting:going", () => { going = true; leaving = true; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) away(); else back(); });
  addEventListener("blur", () => { if (!document.hidden) away(); });
  addEventListener("focus", back);
  document.addEventListener("paste", (event) => {
    if (!event.target.closest("form.question textarea, form.question input[type=text], form.question input:not([type])")) return;
    note("pasted", { chars: event.clipboardData?.getData("text").length ?? 0 });
    soon();
  });
  returned();
  say();
}
