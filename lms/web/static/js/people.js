// The print button of the slips: without JavaScript the browser's own does it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
