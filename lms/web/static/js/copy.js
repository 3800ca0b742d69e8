// An address to be given on or entered elsewhere: a button copies it. Without JavaScript it stands there to be marked and copied by hand.

for (const input of document.querySelectorAll("input[data-copy]")) {
  input.addEventListener("focus", () => input.select());
  if (!navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--primary";
  button.textContent = input.dataset.copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(input.value);
    button.textContent = input.dataset.copied;
  });
  const row = document.createElement("div");
  row.className = "copy-row";
  input.replaceWith(row);
  row.append(input, button);
}
