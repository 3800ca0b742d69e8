// A ranking that keeps itself up to date: it asks again from time to time, and the server says 304 while nothing has changed.

/** Ask for the live part of this page; put it in place if it is new. */
async function ask(node, state) {
  const address = new URL(location.href);
  address.searchParams.set("part", "1");
  const headers = state.tag ? { "If-None-Match": state.tag } : {};
  const answer = await fetch(address, { headers, credentials: "same-origin", redirect: "error" });
  if (answer.status !== 200) return;
  state.tag = answer.headers.get("ETag");
  const html = await answer.text();
  if (html === state.html || node.contains(document.activeElement)) return;
  state.html = html;
  node.innerHTML = html;
}

for (const node of document.querySelectorAll("[data-live]")) {
  const state = { tag: null, html: null };
  const every = Number(node.dataset.every) * 1000;
  setInterval(() => {
    if (document.visibilityState === "visible") ask(node, state).catch(() => {});
  }, every);
}
