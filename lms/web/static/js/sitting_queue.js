// Answers on their way: each change is kept on this phone until the server has acknowledged it, and sent again until then.
//
// They wait in IndexedDB (sitting_store.js), where the worker finds them too; in localStorage where a browser refuses that. For each item there
// is at most one save under way (`head`, sent with its own id and the sequence it replaces, the same at each retry) and the newest change after
// it (`next`). The server's word is final: 409 shows what is stored there.

import "./sitting_store.js";
import { sendLater } from "./sitting_kept.js";

const store = self.sittingStore;
const BACK_OFF_MS = [1000, 2000, 4000, 8000, 15000, 30000];
const ANSWER_WITHIN_MS = 15000;

/** A random id; crypto.randomUUID needs https, a hall's own network has none. */
function newId() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = Array.from(b, (n) => n.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export class Queue {
  /**
   * about: {attempt, url, csrf, owner, page};
   * on: {state(word, at), moved(item, answer), late(words), refused(item, words), signedOut(), elsewhere(words), left(ms), notices(list), stored(item, answer, seq)}
   */
  constructor({ about, on }) {
    Object.assign(this, { about, on, items: new Map(), seqs: new Map(), failures: 0, busy: false, timer: null, waiters: [], writes: Promise.resolve() });
    this.key = `sitting-${about.attempt}`;
    this.durable = true;
    this.restored = this.restore();
    this.restored.then(() => { for (const item of this.restoredAside ?? []) this.keep(item); });
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.wake(); });
    addEventListener("beforeunload", (event) => { if (this.items.size && this.failures && !this.durable) event.preventDefault(); });
  }

  get empty() { return this.items.size === 0; }

  /** The latest answer of an item that the server has not acknowledged yet. */
  pending(item) { const kept = this.items.get(item); return kept?.next ?? kept?.head; }

  know(item, seq) { this.seqs.set(item, seq); }

  /** Whether what was asked a while ago is older than what has been acknowledged since. */
  isOld(item, seq) { return seq < (this.seqs.get(item) ?? 0); }

  /** An answer was changed. */
  put(item, answer) {
    const kept = this.items.get(item) ?? {};
    const change = { answer, save_id: newId(), client_at: Date.now() };
    if (kept.head) kept.next = change; else kept.head = { ...change, seen: this.seqs.get(item) ?? 0 };
    this.items.set(item, kept);
    this.keep(item);
    if (this.failures) this.wake(); else this.pump();
  }

  wake() {
    clearTimeout(this.timer);
    this.timer = null;
    this.pump();
  }

  /** Resolves with whether nothing is left, at the latest after so many milliseconds. */
  flush(within) {
    if (this.empty) return Promise.resolve(true);
    this.wake();
    return new Promise((done) => {
      const wait = setTimeout(() => done(this.empty), within);
      this.waiters.push(() => { clearTimeout(wait); done(true); });
    });
  }

  async pump() {
    if (this.busy || this.timer !== null || this.empty) return;
    this.busy = true;
    const [item, kept] = this.items.entries().next().value;
    if (!this.failures) this.on.state("saving");
    let answer = null, body = {};
    try {
      answer = await this.send({ item, ...kept.head });
      body = await answer.json();
    } catch {
      answer = answer?.ok ? null : answer;
    }
    this.busy = false;
    this.take(item, kept, answer, body);
    if (this.empty) for (const tell of this.waiters.splice(0)) tell();
    else this.pump();
  }

  send(save) {
    const stop = new AbortController();
    const wait = setTimeout(() => stop.abort(), ANSWER_WITHIN_MS);
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.about.csrf };
    return fetch(this.about.url, { method: "POST", headers, body: JSON.stringify(save), signal: stop.signal, redirect: "error" }).finally(() => clearTimeout(wait));
  }

  take(item, kept, answer, body) {
    const status = answer?.status ?? 0;
    if (status === 0 || status === 429 || status >= 500) return this.later();
    if (status === 423) {
      this.on.elsewhere(body.error);
      return this.later();
    }
    if (status === 400 || status === 401 || status === 403) {
      this.on.signedOut();
      return this.later();
    }
    this.failures = 0;
    if (body.left_ms !== undefined) this.on.left(body.left_ms);
    this.on.notices(body.notices ?? []);
    if (status === 200) this.stored(item, kept, body);
    else this.dropped(item, kept, status, body);
    this.keep(item, body.seq === undefined ? {} : { answer: body.answer, seq: body.seq });
  }

  stored(item, kept, body) {
    this.seqs.set(item, body.seq);
    const newer = kept.next;
    const overtaken = body.save_id !== kept.head.save_id;
    if (newer && !overtaken) this.items.set(item, { head: { ...newer, seen: body.seq } });
    else this.items.delete(item);
    if (!overtaken) this.on.stored(item, body.answer, body.seq);
    if (overtaken) this.on.moved(item, body);
    if (this.empty) this.on.state("saved", body.at);
  }

  dropped(item, kept, status, body) {
    this.items.delete(item);
    if (body.seq !== undefined) this.seqs.set(item, body.seq);
    if (body.late) this.on.late(body.error);
    else if (status === 409) this.on.moved(item, body);
    else this.on.refused(item, body.error ?? String(status));
    if (this.empty) this.on.state(body.at ? "saved" : "idle", body.at);
  }

  later() {
    const wait = BACK_OFF_MS[Math.min(this.failures, BACK_OFF_MS.length - 1)];
    this.failures += 1;
    this.on.state("not-sent");
    sendLater();
    this.timer = setTimeout(() => this.wake(), wait * (0.75 + Math.random() / 2));
  }

  /** What is known and what waits of an item, written one after the other; stored: the server's word, if it has just come. */
  keep(item, stored = {}) {
    const { head, next } = this.items.get(item) ?? {};
    this.writes = this.writes.then(() => this.restored).then(async () => {
      const old = this.known.get(item);
      const row = { ...old, ...stored, attempt: this.about.attempt, item, head, next };
      this.known.set(item, row);
      await store.keepAnswer(row);
    }).catch(() => this.keepAside());
  }

  /** Where the browser has no IndexedDB for us. */
  keepAside() {
    this.durable = false;
    try {
      if (this.empty) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify([...this.items]));
    } catch { /* no room or not allowed: the answers are kept in memory */ }
  }

  /** What this phone knows of the sitting: {about, answers}. Answers that wait from before go first; what was changed here meanwhile comes after them. */
  async restore() {
    this.known = new Map();
    let about;
    try {
      about = await store.about(this.about.attempt);
      for (const row of await store.answers(this.about.attempt)) this.known.set(row.item, row);
    } catch { this.durable = false; }
    const waiting = [...this.known.values()].filter((row) => row.head).map(({ item, head, next }) => [item, { head, next }]);
    const aside = this.aside();
    if (aside.length) this.restoredAside = aside.map(([item]) => item);
    for (const [item, kept] of [...waiting, ...aside]) {
      const here = this.items.get(item);
      if (here?.head?.save_id === kept.head?.save_id) continue;
      this.items.set(item, here ? { head: kept.head, next: here.next ?? here.head } : kept);
    }
    return about;
  }

  /** What was put aside in localStorage; from there it moves to where the worker finds it. */
  aside() {
    try {
      const found = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      if (this.durable) localStorage.removeItem(this.key);
      return found;
    } catch { return []; }
  }
}
