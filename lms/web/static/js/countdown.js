// The time that is left by the server's clock. The phone's clock may be wrong or be set while the page is open, so only the steady
// performance.now() is used; it may stand still while the phone sleeps, so the page tells the server's time again: "countdown:left" (ms).

const WARNINGS = [[300, "warn5"], [60, "warn1"]];

/** 245 -> "4:05", 3845 -> "1:04:05", and past a day the pattern of the page. */
export function clock(seconds, days) {
  const two = (n) => String(n).padStart(2, "0");
  const h = Math.floor((seconds % 86400) / 3600), m = Math.floor((seconds % 3600) / 60), s = seconds % 60;
  const text = seconds >= 3600 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  return seconds >= 86400 ? days.replace("{days}", Math.floor(seconds / 86400)).replace("{clock}", text) : text;
}

function run(node) {
  const value = node.querySelector(".countdown-value");
  const say = node.querySelector("[data-countdown-say]");
  // The server wrote data-now while the page was on its way; counting from the first byte never gives extra time.
  let leftThen = Number(node.dataset.deadline) - Number(node.dataset.now);
  let then = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  let before = Infinity;
  const tick = () => {
    const left = Math.max(0, Math.ceil((leftThen - (performance.now() - then)) / 1000));
    if (left === before) return;
    for (const [limit, key] of WARNINGS) {
      if (left > limit || before <= limit || before === Infinity) continue;
      say.textContent = node.dataset[key];
      node.dispatchEvent(new CustomEvent("countdown:warn", { bubbles: true, detail: node.dataset[key] }));
    }
    before = left;
    node.classList.toggle("is-low", left <= 300 && left > 0 && node.closest(".bare-bar") !== null);
    node.classList.toggle("is-over", left === 0);
    value.textContent = left > 0 ? clock(left, node.dataset.days) : node.dataset.over;
    if (left === 0) {
      clearInterval(timer);
      node.dispatchEvent(new CustomEvent("countdown:end", { bubbles: true }));
    }
  };
  const timer = setInterval(tick, 250);
  document.addEventListener("visibilitychange", tick);
  node.addEventListener("countdown:left", (event) => {
    [leftThen, then] = [event.detail, performance.now()];
    tick();
  });
  tick();
}

/** Start every countdown of the page. */
export function start(root = document) {
  root.querySelectorAll("[data-countdown]").forEach(run);
}
