// Terms in a lesson: their meaning beside the word on hover, focus or tap. Without JavaScript the word leads to the foot of the lesson.
const list = document.querySelector("[data-terms]");
let box = null;
let owner = null;
let waiting = 0;

function line(className, text) {
  const p = document.createElement("p");
  p.className = className;
  p.textContent = text;
  return p;
}

function row(id) {
  const made = document.createElement("p");
  made.className = "term-box-row";
  if (list.dataset.termsUrl) {
    const all = document.createElement("a");
    all.href = `${list.dataset.termsUrl}?term=${id}#term-${id}`;
    all.textContent = list.dataset.terms;
    made.append(all);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = list.dataset.termsClose;
  close.addEventListener("click", () => { const back = owner; hide(); back?.focus(); hide(); });
  made.append(close);
  return made;
}

function show(link) {
  clearTimeout(waiting);
  if (owner === link) return;
  hide();
  const id = link.hash.slice("#term-".length);
  const entry = document.getElementById(`term-${id}`);
  if (!entry) return;
  box = document.createElement("div");
  box.className = "term-box";
  box.append(line("term-box-word", entry.querySelector("dt").textContent), line("", entry.querySelector("dd").textContent), row(id));
  box.addEventListener("pointerenter", () => clearTimeout(waiting));
  box.addEventListener("pointerleave", soon);
  box.addEventListener("focusout", (event) => { if (!box?.contains(event.relatedTarget)) hide(); });
  // behind the word, so that the next Tab comes to it
  link.after(box);
  owner = link;
  place(link);
}

/** Below the word, above it where there is no room, never beyond the edges of the screen nor behind the bar at its foot. */
function place(link) {
  const word = link.getClientRects()[0];
  const left = Math.max(16, Math.min(word.left, document.documentElement.clientWidth - box.offsetWidth - 16));
  const below = word.bottom + 8 + box.offsetHeight < innerHeight - 72 || word.top < box.offsetHeight + 16;
  box.style.left = `${left}px`;
  box.style.top = `${below ? word.bottom + 6 : word.top - box.offsetHeight - 6}px`;
}

function hide() {
  clearTimeout(waiting);
  const old = box;
  box = null;
  owner = null;
  old?.remove();
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(hide, 250);
}

if (list) {
  for (const link of document.querySelectorAll("a.term")) {
    link.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(link); });
    link.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") soon(); });
    link.addEventListener("focus", () => { if (link.matches(":focus-visible")) show(link); });
    link.addEventListener("blur", (event) => { if (!box?.contains(event.relatedTarget)) soon(); });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link);
    });
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box) return;
    const back = owner;
    const inside = box.contains(document.activeElement);
    hide();
    if (inside) { back.focus(); hide(); }
  });
  addEventListener("scroll", () => {
    if (!box) return;
    const word = owner.getClientRects()[0];
    if (word.bottom < 0 || word.top > innerHeight) hide();
    else place(owner);
  }, { passive: true });
  document.addEventListener("pointerdown", (event) => {
    if (box && !box.contains(event.target) && event.target.closest("a.term") !== owner) hide();
  });
}
