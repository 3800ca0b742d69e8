/* A shared device: whoever has not touched it for a while has gone, and the next person begins. The server holds the same rule for every request. */

const line = document.querySelector("[data-idle-s]");
let timer = 0;

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => line.querySelector("form").submit(), Number(line.dataset.idleS) * 1000);
}

for (const kind of ["pointerdown", "keydown", "scroll", "input"]) addEventListener(kind, wait, { passive: true, capture: true });
wait();
