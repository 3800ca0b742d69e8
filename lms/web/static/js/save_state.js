// Says where the answer is. The script of the sitting calls show("saved", "10:42"), show("saving"), show("not-sent"), show("idle").

const TEXT = { saved: "saved", saving: "saving", "not-sent": "notSent" };

/** Set every save state of the page; time: when it was saved, as the server says it. */
export function show(state, time = "") {
  for (const node of document.querySelectorAll("[data-save-state]")) {
    if (node.dataset.state === state && state !== "saved") continue;
    node.dataset.state = state;
    node.querySelector("[data-save-text]").textContent = TEXT[state] ? node.dataset[TEXT[state]].replace("{time}", time) : "";
  }
}

/** Mark a cell of the number grid as answered or flagged without a reload. */
export function markCell(n, { answered, flagged }) {
  const cell = document.querySelector(`.number-grid [data-n="${CSS.escape(String(n))}"]`);
  if (!cell) return;
  if (answered !== undefined) cell.classList.toggle("is-answered", answered);
  if (flagged !== undefined) cell.classList.toggle("is-flagged", flagged);
  const words = cell.closest(".number-grid").dataset;
  const said = [cell.classList.contains("is-answered") ? words.answered : words.empty];
  if (cell.classList.contains("is-flagged")) said.push(words.flagged);
  cell.querySelector("[data-cell-words]").textContent = `, ${said.join(", ")}`;
}
