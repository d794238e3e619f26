// Warns before a page is left with words that were typed and not saved.
// A form asks for it with data-maca-unsaved.

export function unsavedChanges(scope) {
  for (const form of scope.querySelectorAll("form[data-maca-unsaved]")) {
    watch(form);
  }
}

function watch(form) {
  let changed = form.querySelector(".govuk-error-message") !== null;
  const state = form.querySelector("[data-maca-unsaved-state]");
  const mark = (value) => {
    changed = value;
    if (state) {
      state.textContent = value ? "Changes not saved yet" : "";
    }
  };
  form.addEventListener("input", () => mark(true));
  form.addEventListener("submit", () => mark(false));
  form.addEventListener("htmx:afterOnLoad", () => mark(false));
  window.addEventListener("beforeunload", (event) => {
    if (changed && form.isConnected) {
      event.preventDefault();
    }
  });
}
