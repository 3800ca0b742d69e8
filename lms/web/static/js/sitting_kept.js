// Keeps the paper on this phone, so that a reload without a network shows it again: the page as the server sent it, and the files that it needs.
// The worker shows it (sitting_worker.js) and takes it away when the person signs out or another signs in.
const PAPERS = "vean-sitting";
const AFTER_MS = 2500;
const POLICY = "Content-Security-Policy";

/** html: the page as it was before any script changed it; worker: address of the service worker. */
export async function keepPaper({ html, worker }) {
  if (!("caches" in window) || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(worker);
    await new Promise((done) => { setTimeout(done, AFTER_MS); }); // what the person waits for comes first
    const papers = await caches.open(PAPERS);
    let policy = null;
    for (const address of needed()) {
      const known = await papers.match(address);
      const answer = known ?? await fetch(address, { cache: "force-cache" });
      policy ??= answer.headers.get(POLICY);
      if (!known && answer.ok) await papers.put(address, answer);
    }
    if (!policy) return; // a page without its policy is not kept
    const headers = { "Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", [POLICY]: policy };
    await papers.put(location.pathname, new Response(html, { headers }));
  } catch { /* no room or not allowed: the sitting goes on as long as the page is open */ }
}

/** Files and pictures that this page has loaded so far, and the pictures that it will. */
function needed() {
  const all = [...performance.getEntriesByType("resource").map((each) => each.name), ...[...document.images].map((each) => each.src)];
  return new Set(all.filter((each) => each.startsWith(`${location.origin}/`) && /\/(static|content\/blob)\//.test(each)));
}

/** Let the worker send what waits when the network is back, even if this page is closed by then; not every browser can. */
export async function sendLater() {
  try { await (await navigator.serviceWorker.ready).sync.register("vean-answers"); } catch { /* the page sends by itself, or the next one does */ }
}
