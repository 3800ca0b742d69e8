// A picture with regions: a tap on one ticks its row in the list, which is the answer; the picture shows what is ticked.

/** Set up the picture of a form. */
export function spots(form) {
  const map = form.querySelector("[data-spots]");
  const boxOf = (spot) => form.querySelector(`input[name=answer][value="${CSS.escape(spot.dataset.spot)}"]`);
  const show = () => { for (const spot of map.children) spot.classList.toggle("is-on", boxOf(spot).checked); };
  map.classList.add("is-live");
  map.addEventListener("click", (event) => {
    const spot = event.target.closest("[data-spot]");
    if (!spot || boxOf(spot).disabled) return;
    boxOf(spot).checked = !boxOf(spot).checked;
    boxOf(spot).dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("change", show);
  form.addEventListener("answer:shown", show);
  show();
}
