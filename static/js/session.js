// Says in time that one is about to be signed out, and lets one sign in again beside the page.
// Other scripts hear of it: "maca:signed-in" on the document once saving can go on.

const WARNING = 120; // seconds before the end
const LONGEST_WAIT = 2 ** 31 - 1;
const DIALOGS = ["ending", "over", "other"];
const WRITTEN_IN =
  "textarea, input:not([type=checkbox], [type=radio], [type=file], [type=submit], [type=button])";

const place = document.querySelector("[data-maca-session]");
const dialog = (name) => place.querySelector(`[data-maca-session-${name}]`);
const whole = { writer: place?.dataset.macaWho, token: "" };
let ends = 0;
let timer = 0;

export const writer = () => whole.writer;

export function token() {
  return (
    whole.token ||
    document.querySelector("[name=csrfmiddlewaretoken]")?.value ||
    ""
  );
}

export function session() {
  if (!place || place.dataset.macaBegun) {
    return;
  }
  place.dataset.macaBegun = "yes";
  dialog("stay").addEventListener("click", stay);
  dialog("close").addEventListener("click", () => shut("over"));
  dialog("go-on").addEventListener("click", goOn);
  for (const link of place.querySelectorAll("[data-maca-session-in]")) {
    link.addEventListener("click", openWindow);
  }
  new BroadcastChannel("maca-session").addEventListener("message", check);
  document.addEventListener("keydown", stepIn);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (secondsLeft() < WARNING || anyOpen())) {
      check();
    }
  });
  endsIn(Number(place.dataset.macaSession));
}

// What every answer of the server says about the session, told here.
export function endsIn(seconds) {
  ends = Date.now() + seconds * 1000;
  clearTimeout(timer);
  if (seconds > WARNING) {
    shut("ending");
    timer = setTimeout(check, Math.min((seconds - WARNING) * 1000, LONGEST_WAIT));
  } else {
    warn();
  }
}

// Another tab may have prolonged the session, or somebody else signed in: the server knows.
export async function check() {
  let answer;
  try {
    const response = await fetch(place.dataset.macaCheck, {
      headers: { Accept: "application/json" },
    });
    answer = await response.json();
  } catch {
    clearTimeout(timer);
    timer = setTimeout(check, 10_000);
    return null;
  }
  renew(answer.csrf);
  if (answer.who === null) {
    signedOut();
  } else if (answer.who !== whole.writer) {
    otherPerson(answer.name);
    whole.other = answer.who;
  } else {
    closeAll();
    endsIn(answer.ends_in);
    document.dispatchEvent(new CustomEvent("maca:signed-in"));
  }
  return answer;
}

export function signedOut() {
  clearTimeout(timer);
  show("over");
}

function otherPerson(name) {
  clearTimeout(timer);
  place.querySelector("[data-maca-session-now]").textContent = name;
  show("other");
}

// They were asked, and answer for the words from here on.
function goOn() {
  whole.writer = whole.other;
  check();
}

function renew(csrf) {
  whole.token = csrf;
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    input.value = csrf;
  }
  document.body.setAttribute(
    "hx-headers",
    JSON.stringify({ "X-CSRFToken": csrf }),
  );
}

async function stay() {
  try {
    const response = await fetch(place.dataset.macaStay, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
    });
    if (response.ok) {
      endsIn((await response.json()).ends_in);
      return;
    }
  } catch {
    // No connection: asking again finds out what is left.
  }
  check();
}

function warn() {
  const left = Math.max(0, secondsLeft());
  if (left === 0) {
    check();
    return;
  }
  show("ending");
  const minutes = Math.ceil(left / 60);
  dialog("left").textContent =
    left > 60 ? `${minutes} minutes` : left > 20 ? "one minute" : "a few seconds";
  clearTimeout(timer);
  timer = setTimeout(warn, 1000);
}

function secondsLeft() {
  return Math.ceil((ends - Date.now()) / 1000);
}

function openWindow(event) {
  const opened = window.open(
    event.currentTarget.href,
    "maca-sign-in",
    "popup,width=560,height=720",
  );
  if (opened) {
    event.preventDefault();
  }
}

function show(name) {
  DIALOGS.filter((each) => each !== name).forEach(shut);
  if (!dialog(name).open) {
    open(dialog(name));
  }
}

// A dialog takes the keyboard, and with it the words of whoever is just writing. To them it is shown
// at the edge of the page and said aloud; Escape leads into it.
function open(box) {
  if (!document.activeElement?.matches(WRITTEN_IN)) {
    box.showModal();
    return;
  }
  box.setAttribute("open", "");
  const title = box.querySelector(".maca-dialog__title").textContent;
  said().textContent = `${title}. Press Escape to answer.`;
}

function stepIn(event) {
  const aside = DIALOGS.find((name) => dialog(name).matches("[open]:not(:modal)"));
  if (aside && event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    shut(aside);
    dialog(aside).showModal();
  }
}

function closeAll() {
  DIALOGS.forEach(shut);
}

function shut(name) {
  dialog(name).close();
  said().textContent = "";
}

function said() {
  return place.querySelector("[data-maca-session-said]");
}

function anyOpen() {
  return ["over", "other"].some((each) => dialog(each).open);
}
