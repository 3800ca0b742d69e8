// Shows kept courses without a network. It stores nothing by itself: js/kept.js fills one cache a course ("vean-kept:<lang>:<slug>:<version>"),
// and nothing but pages below /offline/, static files and pictures of content ever stands there. Whatever else a page asks goes to the network.
// PREFIX is only for courses; what is kept of a sitting has a cache and a store of its own (sitting_worker.js, sitting_store.js).
const PREFIX = "vean-kept:";
const OWNER = "vean-kept-owner";
const BASE = new URL("./", self.location.href).pathname;
importScripts(`${BASE}static/js/sitting_store.js`, `${BASE}static/js/sitting_worker.js`);

const ROUTES = [
  { fits: (request, path) => request.method === "POST" && request.mode === "navigate" && /\/sign-out(-everywhere)?$/.test(path), answer: signOut },
  { fits: (request, path) => request.method === "POST" && request.mode === "navigate" && path.endsWith("/sign-in"), answer: signIn },
  { fits: (request, path) => request.method === "GET" && path.startsWith("offline/") && !/^offline\/(owner$|[a-z]+\/list\/)/.test(path), answer: keptFirst },
  { fits: (request, path) => request.method === "GET" && /^(static|content\/blob)\//.test(path), answer: keptFirst },
  { fits: (request, path) => request.method === "GET" && request.mode === "navigate" && /^sittings\/\d+$/.test(path), answer: paperFirst },
  { fits: (request) => request.method === "GET" && request.mode === "navigate", answer: networkFirst },
];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin || !url.pathname.startsWith(BASE)) return;
  if (event.request.headers.has("X-Keep")) return; // kept.js fetches a newer copy: an older one is no answer
  const path = event.request.method === "POST" ? url.pathname : url.pathname.slice(BASE.length);
  const route = ROUTES.find((each) => each.fits(event.request, path));
  if (route) event.respondWith(route.answer(event, path));
});

/** A message of the site (lms/people/notices): shown as it came; a press on it opens the page that it leads to. */
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  const shown = { body: said.body || "", tag: said.tag, data: { url: said.url || BASE }, icon: `${BASE}static/img/logo-180.png` };
  event.waitUntil(self.registration.showNotification(said.title || "Vệ An", shown));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.href);
  if (url.origin === self.location.origin) event.waitUntil(self.clients.openWindow(url.href));
});

async function keptCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

async function findKept(request) {
  for (const cacheName of [...(await keptCaches()), PAPERS]) {
    const found = await caches.match(request, { cacheName, ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

async function keptFirst(event, path) {
  return (await findKept(event.request)) ?? fetch(event.request).catch(() => (event.request.mode === "navigate" ? instead(path) : Response.error()));
}

async function networkFirst(event, path) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(sendWaiting().catch(() => {}));
    return answer;
  } catch {
    return instead(path);
  }
}

/** Without a network: the kept copy of the lesson or course that was asked for, else the list of what is kept. */
async function instead(path) {
  const asked = /^courses\/[^/]+(\/[^/]+)?$/.test(path) ? path : null;
  let list = null;
  for (const name of await keptCaches()) {
    const lang = name.split(":")[1];
    const cache = await caches.open(name);
    if (asked && (await cache.match(`${BASE}offline/${lang}/${asked}`))) return Response.redirect(`${BASE}offline/${lang}/${asked}`);
    list ??= (await cache.match(`${BASE}offline/${lang}`)) && `${BASE}offline/${lang}`;
  }
  return list ? Response.redirect(list) : Response.error();
}

/** After a sign-in the copies stay only if they are the same person's. */
async function signIn(event) {
  const answer = await fetch(event.request);
  if (answer.type === "opaqueredirect" || answer.redirected) event.waitUntil(checkOwner());
  return answer;
}

async function checkOwner() {
  const kept = await (await caches.open(OWNER)).match(`${BASE}offline/owner`);
  const answer = await fetch(`${BASE}offline/owner`);
  const now = answer.ok ? (await answer.json()).owner : "";
  if (now) await forgetSittings(now);
  if (now && now !== (kept && (await kept.json()).owner)) await clear();
}

async function clear() {
  for (const name of [...(await keptCaches()), OWNER]) await caches.delete(name);
}
