// Answers on their way: each change is kept on this phone until the server has acknowledged it, and sent again until then.
//
// For each item there is at most one save under way (`head`, sent with its own id and the sequence it replaces, the same at each retry)
// and the newest change after it (`next`). The server's word is final: 409 shows what is stored there.

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
  /** on: {state(word, at), moved(item, answer), late(words), refused(item, words), signedOut(), elsewhere(words), left(ms), notices(list)} */
  constructor({ attempt, url, csrf, on }) {
    Object.assign(this, { url, csrf, on, key: `sitting-${attempt}`, items: new Map(), seqs: new Map(), failures: 0, busy: false, timer: null, waiters: [] });
    this.restore();
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.wake(); });
    addEventListener("beforeunload", (event) => { if (this.items.size && this.failures) event.preventDefault(); });
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
    this.keep();
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
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf };
    return fetch(this.url, { method: "POST", headers, body: JSON.stringify(save), signal: stop.signal, redirect: "error" }).finally(() => clearTimeout(wait));
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
    this.keep();
  }

  stored(item, kept, body) {
    this.seqs.set(item, body.seq);
    const newer = kept.next;
    const overtaken = body.save_id !== kept.head.save_id;
    if (newer && !overtaken) this.items.set(item, { head: { ...newer, seen: body.seq } });
    else this.items.delete(item);
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
    this.timer = setTimeout(() => this.wake(), wait * (0.75 + Math.random() / 2));
  }

  keep() {
    try {
      if (this.empty) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify([...this.items]));
    } catch { /* no room or not allowed: the answers are kept in memory */ }
  }

  restore() {
    try {
      this.items = new Map(JSON.parse(localStorage.getItem(this.key) ?? "[]"));
    } catch { this.items = new Map(); }
  }
}
