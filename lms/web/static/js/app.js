// What every page gains from JavaScript; nothing here is needed to use the site.

/** Menus close with Escape, by a click elsewhere, and when another opens. */
function menus() {
  const all = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of all()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** A form is sent once; a button with data-confirm asks first. */
function forms() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    const question = button?.dataset.confirm;
    const form = event.target;
    if (form.dataset.sent || (question && !window.confirm(question))) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented || form.hasAttribute("data-many")) return;
    form.dataset.sent = "1";
    button?.classList.add("is-busy");
    setTimeout(() => { release(form); }, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
}

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
}

/** Errors are where the reader starts. */
function errors() {
  document.querySelector("[data-focus]")?.focus();
}

/** A password can be looked at: on a phone nobody types it blind. */
function passwords() {
  for (const input of document.querySelectorAll("input[type=password][data-show]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--secondary";
    button.textContent = input.dataset.show;
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.textContent = hidden ? input.dataset.hide : input.dataset.show;
    });
    const row = document.createElement("div");
    row.className = "password";
    input.replaceWith(row);
    row.append(input, button);
  }
}

/** <button data-print hidden>: shown and working only with JavaScript. */
function printers() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

menus();
forms();
errors();
passwords();
printers();
if (document.querySelector("[data-countdown]")) import("./countdown.js").then((m) => m.start());
