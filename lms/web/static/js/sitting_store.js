// What this phone keeps of its owner's sittings: answers that wait to be sent and answers known to be stored. IndexedDB, for the page and for
// the worker alike (the one imports this file as a module, the other by importScripts).
//
// about:   one row a sitting {attempt, owner, url, csrf, page, shown, left}: where its answers go, and what the clock said
// answers: one row a question {attempt, item, answer, seq, head, next}: the last known answer, the save under way, the change after it
self.sittingStore = (() => {
  let opened = null;

  function open() {
    opened ??= new Promise((done, fail) => {
      const asked = indexedDB.open("vean-sitting", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("about", { keyPath: "attempt" });
        asked.result.createObjectStore("answers", { keyPath: ["attempt", "item"] });
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = asked.onblocked = () => fail(asked.error ?? new Error("blocked"));
    });
    return opened;
  }

  /** One transaction over both tables; resolves once it is durable, with what the last question gave. */
  async function act(mode, work) {
    const db = await open();
    return new Promise((done, fail) => {
      const transaction = db.transaction(["about", "answers"], mode, { durability: "strict" });
      const asked = work(transaction.objectStore("about"), transaction.objectStore("answers"));
      transaction.oncomplete = () => done(asked?.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error ?? new Error("aborted"));
    });
  }

  const rowsOf = (attempt) => IDBKeyRange.bound([attempt], [attempt, []]);

  return {
    about: (attempt) => act("readonly", (about) => about.get(attempt)),
    abouts: () => act("readonly", (about) => about.getAll()),
    answers: (attempt) => act("readonly", (_about, answers) => answers.getAll(rowsOf(attempt))),
    keepAbout: (row) => act("readwrite", (about) => about.put(row)),
    keepAnswer: (row) => act("readwrite", (_about, answers) => answers.put(row)),
    forget: (attempt) => act("readwrite", (about, answers) => { about.delete(attempt); answers.delete(rowsOf(attempt)); }),
    forgetAll: () => act("readwrite", (about, answers) => { about.clear(); answers.clear(); }),
  };
})();
