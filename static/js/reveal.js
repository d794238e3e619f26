// Who a child is leaves the page when its reader does: on going elsewhere, on coming back by the
// browser's own history, and after some minutes in the background or without a touch.

const region = document.querySelector("[data-maca-reveal]");
const gone = document.querySelector("[data-maca-reveal-gone]");
const PATIENCE = 5 * 60 * 1000;
const AWAY = 60 * 1000;
let idle = 0;
let away = 0;

function hide() {
  window.clearTimeout(idle);
  window.clearTimeout(away);
  if (!region.isConnected) {
    return;
  }
  const hadFocus = region.contains(document.activeElement);
  region.remove();
  gone.hidden = false;
  if (hadFocus) {
    gone.querySelector("a").focus();
  }
}

function wait() {
  window.clearTimeout(idle);
  idle = window.setTimeout(hide, PATIENCE);
}

function watch() {
  region.querySelector("[data-maca-reveal-title]").focus();
  region.querySelector("[data-maca-reveal-hide]").addEventListener("click", (event) => {
    event.preventDefault();
    hide();
    gone.querySelector("a").focus();
  });
  for (const name of ["pointermove", "keydown", "scroll"]) {
    window.addEventListener(name, wait, { passive: true });
  }
  document.addEventListener("visibilitychange", () => {
    window.clearTimeout(away);
    if (document.hidden) {
      away = window.setTimeout(hide, AWAY);
    }
  });
  window.addEventListener("pagehide", hide);
  wait();
}

if (region && gone) {
  watch();
}
