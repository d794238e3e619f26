// On a phone the filters of a list wait behind one line, so that the list itself comes first.

const NARROW = "(max-width: 40em)";

export function filters(scope) {
  if (!window.matchMedia(NARROW).matches) {
    return;
  }
  for (const form of scope.querySelectorAll("form.maca-filters")) {
    const fold = document.createElement("details");
    fold.className = "govuk-details maca-filters__fold";
    const line = document.createElement("summary");
    line.className = "govuk-details__summary";
    const words = document.createElement("span");
    words.className = "govuk-details__summary-text";
    words.textContent = form.getAttribute("aria-label");
    line.append(words);
    form.replaceWith(fold);
    fold.append(line, form);
    // What narrows the list now is seen: the link that takes it away stands in the form.
    fold.open = form.querySelector("a, .govuk-error-message") !== null;
  }
}
