// Courses on the phone: the box on a course's page (keep, bring up to date, remove) and the list of what is kept.
// The worker (service_worker.js) only shows what this file has put into a course's own cache.
const PREFIX = "vean-kept:";
const OWNER = "vean-kept-owner";
const META = "/vean-kept-about";

const nameOf = (about) => `${PREFIX}${about.lang}:${about.slug}:${about.version}`;

/** Complete copies, each as what the server said of it. */
export async function listKept() {
  const found = [];
  for (const name of await names()) {
    const meta = await (await caches.open(name)).match(META);
    if (meta) found.push({ ...(await meta.json()), name });
  }
  return found.sort((a, b) => a.title.localeCompare(b.title));
}

async function names() {
  return (await caches.keys()).filter((each) => each.startsWith(PREFIX));
}

/** Fetch a course into a cache of its own, one at a time over all windows. */
export function keep(about, onProgress) {
  const work = () => fetchCourse(about, onProgress);
  return navigator.locks ? navigator.locks.request("vean-kept", work) : work();
}

/** What an older copy has under the same address and cannot change is taken from there; the older copy goes when the new one is whole. */
async function fetchCourse(about, onProgress) {
  const whole = await listKept();
  for (const name of await names()) if (!whole.some((each) => each.name === name)) await caches.delete(name); // broken off
  await makeRoom(about);
  const name = nameOf(about);
  const old = whole.filter((each) => each.slug === about.slug && each.lang === about.lang);
  try {
    const cache = await caches.open(name);
    const wanted = [...about.files, ...about.pages];
    let bytes = 0;
    for (const [n, address] of wanted.entries()) {
      const answer = (await fromOld(old, address)) ?? (await fetchWhole(address));
      bytes += (await answer.clone().blob()).size;
      await cache.put(address, answer);
      onProgress(n + 1, wanted.length, bytes);
    }
    await (await caches.open(OWNER)).put(about.ownerUrl, json({ owner: about.owner }));
    await cache.put(META, json({ slug: about.slug, lang: about.lang, title: about.title, version: about.version, on: about.on, bytes, open: about.pages[1] }));
    for (const each of old) if (each.name !== name) await caches.delete(each.name);
    return bytes;
  } catch (error) {
    if (!old.some((each) => each.name === name)) await caches.delete(name);
    throw error;
  }
}

function json(value) {
  return new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });
}

async function makeRoom(about) {
  const room = await navigator.storage?.estimate?.();
  if (room?.quota && room.quota - room.usage < about.bytes * 2) throw new DOMException("no room", "QuotaExceededError");
  navigator.storage?.persist?.();
}

async function fromOld(old, address) {
  if (!address.includes("?v=") && !address.includes("/blob/")) return null;
  for (const each of old) {
    const found = await (await caches.open(each.name)).match(address, { ignoreVary: true });
    if (found) return found;
  }
  return null;
}

async function fetchWhole(address) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-cache", headers: { "X-Keep": "1" } });
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

const megabytes = (bytes, lang) => (bytes / 1e6).toLocaleString(lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** The box of a course: data-* hold its words and addresses. */
async function courseBox(box) {
  const words = box.dataset;
  const say = box.querySelector("[data-say]");
  const bar = box.querySelector("progress");
  const [keepButton, removeButton] = box.querySelectorAll("button");
  const mine = async () => (await listKept()).find((each) => each.slug === words.slug && each.lang === words.lang);
  const ask = async () => {
    const answer = await fetch(words.list, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return { ...(await answer.json()), ownerUrl: words.owner };
  };
  const told = (kept) => words.kept.replace("{mb}", megabytes(kept.bytes, words.lang)).replace("{at}", kept.on);
  const draw = async (about) => {
    const kept = await mine();
    box.querySelector("[data-open]").hidden = !kept;
    removeButton.hidden = !kept;
    keepButton.hidden = Boolean(kept);
    say.textContent = kept ? told(kept) : words.size.replace("{mb}", megabytes(about.bytes, words.lang));
  };
  const fetchAll = async (about) => {
    keepButton.disabled = true;
    bar.hidden = false;
    try {
      await navigator.serviceWorker.register(words.worker);
      await navigator.serviceWorker.ready;
      await keep(about, (n, all, bytes) => {
        bar.max = all;
        bar.value = n;
        say.textContent = words.progress.replace("{n}", n).replace("{all}", all).replace("{mb}", megabytes(bytes, words.lang));
      });
      await draw(about);
    } catch (error) {
      say.textContent = error.name === "QuotaExceededError" ? words.full : words.failed;
    } finally {
      keepButton.disabled = false;
      bar.hidden = true;
    }
  };
  let about = await ask();
  box.hidden = false;
  await draw(about);
  keepButton.addEventListener("click", async () => {
    try { about = await ask(); } catch { say.textContent = words.failed; return; }
    await fetchAll(about);
  });
  removeButton.addEventListener("click", async () => {
    await caches.delete((await mine()).name);
    await draw(about);
    keepButton.focus();
  });
  const kept = await mine();
  if (kept && kept.version !== about.version) await fetchAll(about);
}

/** The page of what is kept, which must work without a network. */
async function keptList(list) {
  const words = list.dataset;
  const say = document.querySelector("[data-kept-say]");
  const all = await listKept();
  list.replaceChildren(...all.map((each) => {
    const row = document.createElement("li");
    row.className = "card";
    row.lang = each.lang === "zh" ? "zh-Hans" : each.lang;
    const title = document.createElement("h2");
    title.className = "card-title";
    title.textContent = each.title;
    const size = document.createElement("p");
    size.className = "hint";
    size.lang = document.documentElement.lang;
    size.textContent = words.size.replace("{mb}", megabytes(each.bytes, words.lang)).replace("{at}", each.on);
    const open = document.createElement("a");
    open.className = "btn btn--primary";
    open.href = each.open;
    open.textContent = words.open;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn btn--secondary";
    remove.textContent = words.remove;
    remove.addEventListener("click", async () => {
      await caches.delete(each.name);
      await keptList(list);
      say.textContent = words.removed;
    });
    const buttons = document.createElement("p");
    buttons.className = "btn-row";
    buttons.lang = document.documentElement.lang;
    buttons.append(open, remove);
    row.append(title, size, buttons);
    return row;
  }));
  document.querySelector("[data-kept-none]").hidden = all.length > 0;
  document.querySelector("[data-offline-now]").hidden = navigator.onLine;
}

if ("caches" in window && "serviceWorker" in navigator) {
  const box = document.querySelector("[data-keep]");
  if (box) courseBox(box).catch(() => {});
  const list = document.querySelector("[data-kept-list]");
  if (list) keptList(list);
}
