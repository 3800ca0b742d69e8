// An ordering with a script: buttons and a grip move the rows; the places without a script stay as fields that nobody sees, and are what is read.

/** Set up the ordering of a form. */
export function order(form) {
  const list = form.querySelector("[data-order]");
  const say = form.querySelector("[data-order-say]");
  const rows = () => [...list.children];
  const placeOf = (row) => row.querySelector("select");
  const nameOf = (row) => row.querySelector(".order-text").textContent.trim();

  list.classList.add("order--live");
  for (const row of rows()) {
    placeOf(row).hidden = true;
    for (const part of row.querySelectorAll("[data-grip], [data-moves]")) part.hidden = false;
  }
  ends();
  form.addEventListener("answer:filled", () => {
    const sorted = rows().sort((a, b) => (Number(placeOf(a).value) || Infinity) - (Number(placeOf(b).value) || Infinity));
    if (sorted.some((row, n) => row !== list.children[n])) list.append(...sorted);
    ends();
  });

  function ends() {
    list.classList.toggle("is-ordered", rows().every((row) => placeOf(row).value));
    rows().forEach((row, n, all) => {
      const [up, down] = row.querySelectorAll("[data-step]");
      up.disabled = n === 0;
      down.disabled = n === all.length - 1;
    });
  }

  /** The rows stand where they shall: that is the answer now. */
  function moved(row) {
    rows().forEach((each, n) => { placeOf(each).value = String(n + 1); });
    ends();
    say.textContent = list.dataset.moved.replace("{text}", nameOf(row)).replace("{n}", rows().indexOf(row) + 1).replace("{total}", rows().length);
    placeOf(row).dispatchEvent(new Event("change", { bubbles: true }));
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const row = button.closest("li");
    if (button.dataset.step === "1") row.nextElementSibling?.after(row);
    else row.previousElementSibling?.before(row);
    moved(row);
    (button.disabled ? row.querySelector("[data-step]:not(:disabled)") : button).focus();
  });

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    const row = grip.closest("li");
    const before = rows();
    row.classList.add("is-dragged");
    const move = ({ clientY }) => {
      const other = rows().find((each) => each !== row && clientY > each.getBoundingClientRect().top && clientY < each.getBoundingClientRect().bottom);
      if (!other) return;
      if (other.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING) other.before(row);
      else other.after(row);
    };
    const stop = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", stop);
      removeEventListener("pointercancel", stop);
      row.classList.remove("is-dragged");
      if (before.some((each, n) => each !== list.children[n])) moved(row);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", stop);
    addEventListener("pointercancel", stop);
  });
}
