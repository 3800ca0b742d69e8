// Shows a page of `lms preview` anew when a file was saved. A paper that is being answered stays; the bar says that it is older than the files.
import { enhance } from "./sitting_answers.js";

const EVERY_MS = 600;
const bar = document.querySelector("[data-preview-stamp]");
const say = document.querySelector("[data-preview-say]");
const sitting = document.querySelector("[data-preview-sitting]");

for (const form of document.querySelectorAll("[data-preview-question]")) {
  enhance(form);
  if (form !== sitting) form.addEventListener("submit", (event) => event.preventDefault());
}

function tell(words) {
  if (say.textContent !== words) say.textContent = words;
}

async function look() {
  let words = "";
  try {
    const answer = await fetch(bar.dataset.previewUrl, { cache: "no-store" });
    const { stamp } = await answer.json();
    if (stamp !== bar.dataset.previewStamp) {
      if (!sitting) {
        location.reload();
        return;
      }
      words = say.dataset.changed;
    }
  } catch {
    words = say.dataset.away;
  }
  tell(words);
  setTimeout(look, EVERY_MS);
}

if (bar) look();
