// The result is shown, so the sitting is over: nothing of it stays on this phone but what still waits to be sent.
import "./sitting_store.js";

const store = self.sittingStore;
const [page, attempt] = location.pathname.match(/^(.*\/sittings\/(\d+))\/result$/)?.slice(1) ?? [];

async function forget() {
  if ((await store.answers(attempt)).some((row) => row.head)) return;
  await store.forget(attempt);
  if (!("caches" in window) || !(await caches.has("vean-sitting"))) return;
  if ((await store.abouts()).length) await (await caches.open("vean-sitting")).delete(page);
  else await caches.delete("vean-sitting");
}

if (attempt && "indexedDB" in window) forget().catch(() => {}); // not allowed here: then nothing was kept either
