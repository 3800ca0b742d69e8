// The worker's part in sittings: the paper is shown without a network to whom it was shown before, what waits is sent when the network is back
// (Background Sync, and any page that is opened), and nothing stays for the next person on this phone.
const PAPERS = "vean-sitting";
const TAG = "vean-answers";
const ANSWER_WITHIN_MS = 15000;

/** The network first; without one the paper as this phone last had it. What the network sends elsewhere (the result) ends the copy. */
async function paperFirst(event) {
  const path = new URL(event.request.url).pathname;
  try {
    const answer = await fetch(event.request);
    if (answer.status === 404 || answer.type === "opaqueredirect") event.waitUntil(forgetPaper(path));
    event.waitUntil(sendWaiting().catch(() => {}));
    return answer;
  } catch {
    return (await caches.match(path, { cacheName: PAPERS })) ?? instead("");
  }
}

async function forgetPaper(path) {
  if (await caches.has(PAPERS)) await (await caches.open(PAPERS)).delete(path);
}

/** Send what waits, one sitting after the other. Rejects where the network fails, so that Background Sync tries again. */
async function sendWaiting() {
  const work = async () => {
    for (const about of await sittingStore.abouts()) if (!(await isOpen(about))) await sendSitting(about);
  };
  await (navigator.locks ? navigator.locks.request(TAG, work) : work());
}

/** A page that shows the sitting sends by itself. */
async function isOpen(about) {
  const windows = await self.clients.matchAll({ type: "window" });
  return windows.some((each) => new URL(each.url).pathname === about.page);
}

async function sendSitting(about) {
  for (const row of await sittingStore.answers(about.attempt)) {
    while (row.head) {
      if (!(await sendOne(about, row))) return;
      await sittingStore.keepAnswer(row);
    }
  }
}

/** One save; false where only the person can help (signed out): it waits for the page. */
async function sendOne(about, row) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": about.csrf };
  const { seen, ...head } = row.head;
  const body = JSON.stringify({ item: row.item, ...head, seen });
  const answer = await fetch(about.url, { method: "POST", headers, body, redirect: "error", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (answer.status === 429 || answer.status >= 500) throw new Error(String(answer.status));
  if ([400, 401, 403].includes(answer.status)) return false;
  const said = await answer.json().catch(() => ({}));
  const stored = answer.status === 200 && said.save_id === row.head.save_id;
  row.head = stored && row.next ? { ...row.next, seen: said.seq } : undefined;
  row.next = undefined;
  if (said.seq !== undefined) [row.answer, row.seq] = [said.answer, said.seq];
  return true;
}

/** Papers and answers of anybody but this owner go; without an owner all of them. */
async function forgetSittings(owner = "") {
  const kept = new Set();
  for (const about of await sittingStore.abouts()) {
    if (owner && about.owner === owner) kept.add(about.page);
    else await sittingStore.forget(about.attempt);
  }
  if (!kept.size) { await caches.delete(PAPERS); return; }
  const papers = await caches.open(PAPERS);
  for (const request of await papers.keys()) {
    const path = new URL(request.url).pathname;
    if (/\/sittings\/\d+$/.test(path) && !kept.has(path)) await papers.delete(request);
  }
}

/** The papers go at once, whether or not the server hears of it; the answers once the person is signed out, for before that they can be sent. */
async function signOut(event) {
  event.waitUntil(clear());
  event.waitUntil(caches.delete(PAPERS));
  const answer = await fetch(event.request);
  event.waitUntil(forgetSittings());
  return answer;
}

self.addEventListener("sync", (event) => {
  if (event.tag === TAG) event.waitUntil(sendWaiting());
});
