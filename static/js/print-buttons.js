// Printing needs a script, so the button only appears where one runs.

export function printButtons(scope) {
  for (const button of scope.querySelectorAll("[data-maca-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
