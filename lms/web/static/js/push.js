// Messages to this browser: asked for by a press of a button, never by itself. The worker (service_worker.js) shows them.

const box = document.querySelector("[data-push]");
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function send(url, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": box.dataset.csrf };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error || box.dataset.failed);
  return said;
}

async function switchOn() {
  const worker = await navigator.serviceWorker.register(box.dataset.worker);
  await navigator.serviceWorker.ready;
  const key = bytes(box.dataset.key);
  const old = await worker.pushManager.getSubscription();
  if (old && old.options.applicationServerKey && text(old.options.applicationServerKey) !== box.dataset.key) await old.unsubscribe();
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  return send(box.dataset.keepUrl, { endpoint: made.endpoint, key: text(made.getKey("p256dh")), secret: text(made.getKey("auth")) });
}

async function switchOff() {
  const made = await subscription();
  const said = await send(box.dataset.leaveUrl, { endpoint: made ? made.endpoint : "" });
  if (made) await made.unsubscribe();
  return said;
}

async function subscription() {
  const worker = await navigator.serviceWorker.getRegistration(box.dataset.worker);
  return worker ? worker.pushManager.getSubscription() : null;
}

if (box && "serviceWorker" in navigator && "PushManager" in window) {
  const say = box.querySelector("[data-push-say]");
  const [on, off] = [box.querySelector("[data-push-on]"), box.querySelector("[data-push-off]")];
  box.querySelector("[data-push-not]").hidden = true;
  box.querySelector("[data-push-can]").hidden = false;
  const there = Boolean(await subscription().catch(() => null));
  [on.hidden, off.hidden] = [there, !there];
  for (const [button, act] of [[on, switchOn], [off, switchOff]]) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      say.textContent = "";
      try {
        const { next } = await act();
        window.location.assign(next);
      } catch (failed) {
        say.textContent = failed.name === "Error" && failed.message ? failed.message : box.dataset.failed;
        button.disabled = false;
      }
    });
  }
}
