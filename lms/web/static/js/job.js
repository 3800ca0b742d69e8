// Work that runs beside the page: its card is fetched anew until it is over, then the whole page. Without JavaScript the page is asked again by its link.

const LOOK_MS = 1000;
const SLOW_MS = 5000;

async function look(card, wait) {
  let next = wait;
  try {
    const answer = await fetch(card.dataset.jobUrl, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-job-url]");
      if (!fresh || !fresh.hasAttribute("data-job-runs")) {
        window.location.reload();
        return;
      }
      if (fresh.textContent !== card.textContent) {
        card.replaceWith(fresh);
        card = fresh;
      }
      next = LOOK_MS;
    } else {
      next = SLOW_MS;
    }
  } catch {
    next = SLOW_MS;
  }
  setTimeout(() => look(card, next), next);
}

const running = document.querySelector("[data-job-runs]");
if (running) setTimeout(() => look(running, LOOK_MS), LOOK_MS);
