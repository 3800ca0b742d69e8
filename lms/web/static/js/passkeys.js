// Passkeys: the browser's part of making one and of signing in with one. Without them, or without a script, the password does.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function send(box, url, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": box.dataset.csrf };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error || box.dataset.failed);
  return said;
}

function known(list) {
  return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
}

async function make(box) {
  const asked = await send(box, box.dataset.optionsUrl, {});
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const made = await navigator.credentials.create({
    publicKey: { ...asked, challenge: bytes(asked.challenge), user, excludeCredentials: known(asked.excludeCredentials) },
  });
  const { attestationObject, clientDataJSON } = made.response;
  const response = { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) };
  const credential = { id: made.id, rawId: text(made.rawId), type: made.type, response };
  return send(box, box.dataset.makeUrl, { credential, name: box.querySelector("[data-passkey-name]").value });
}

async function sign(box) {
  const asked = await send(box, box.dataset.optionsUrl, {});
  const made = await navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = made.response;
  const response = { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature) };
  if (userHandle) response.userHandle = text(userHandle);
  return send(box, box.dataset.signUrl, { credential: { id: made.id, rawId: text(made.rawId), type: made.type, response } });
}

const box = document.querySelector("[data-passkey]");
if (box && window.PublicKeyCredential) {
  box.hidden = false;
  const say = box.querySelector("[data-passkey-say]");
  for (const [selector, act] of [["[data-passkey-make]", make], ["[data-passkey-sign]", sign]]) {
    box.querySelector(selector)?.addEventListener("click", async ({ currentTarget: button }) => {
      button.disabled = true;
      say.textContent = "";
      try {
        const { next } = await act(box);
        window.location.assign(next);
      } catch (failed) {
        say.textContent = failed.name === "NotAllowedError" || !failed.message ? box.dataset.failed : failed.message;
        button.disabled = false;
      }
    });
  }
}
