// Self-checks in lessons: what is chosen is marked at once, and the answer unfolds. Without JavaScript the answer is there to unfold.

function mark(check) {
  const key = new Set(check.dataset.selfCheck.split(" "));
  for (const input of check.querySelectorAll(".answer > input")) {
    const row = input.parentElement;
    row.classList.toggle("answer--right", input.checked && key.has(input.value));
    row.classList.toggle("answer--wrong", input.checked && !key.has(input.value));
  }
}

for (const check of document.querySelectorAll("[data-self-check]")) {
  const answer = check.querySelector("details");
  const single = check.querySelector('input[type="radio"]') !== null;
  check.addEventListener("change", () => {
    if (single) answer.open = true;
    if (answer.open) mark(check);
  });
  answer.addEventListener("toggle", () => { if (answer.open) mark(check); });
}
