// A form that a passkey answers: makes one, or asks one, and sends what it says.
// The library on the server speaks base64url where the browser speaks bytes.

function bytes(text) {
  const letters = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const withId = (each) => ({ ...each, id: bytes(each.id) });

function forBrowser({ publicKey }) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) {
    options.user = withId(options.user);
  }
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) {
      options[list] = options[list].map(withId);
    }
  }
  return { publicKey: options };
}

function forServer(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) {
      response[part] = text(credential.response[part]);
    }
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

const SAID = {
  InvalidStateError: "This device has a passkey for your account already.",
  NotAllowedError: "No passkey was used. Press the button again when you are ready.",
  SecurityError: "Passkeys do not work under this address.",
};

async function answer(form) {
  const options = forBrowser(JSON.parse(form.dataset.macaPasskeyOptions));
  const trouble = form.querySelector(".maca-passkey__trouble");
  trouble.hidden = true;
  try {
    const credential =
      form.dataset.macaPasskey === "create"
        ? await navigator.credentials.create(options)
        : await navigator.credentials.get(options);
    form.querySelector("[name$=credential]").value = forServer(credential);
    form.submit();
  } catch (error) {
    trouble.textContent = SAID[error.name] ?? "That did not work. Press the button again.";
    trouble.hidden = false;
  }
}

for (const form of document.querySelectorAll("[data-maca-passkey]")) {
  form.addEventListener("submit", (event) => {
    // Another way to answer stands in the same form, with a button of its own.
    const other = form.querySelector("[name=confirm-passkey]");
    if (!other || event.submitter === other) {
      event.preventDefault();
      answer(form);
    }
  });
}
