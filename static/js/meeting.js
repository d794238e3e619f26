// The meeting's board: Enter adds what was typed, and a box empties once its words are saved.

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-maca-say]");
  if (!form || event.key !== "Enter" || event.shiftKey || event.isComposing) {
    return;
  }
  event.preventDefault();
  if (event.target.value.trim()) {
    form.requestSubmit();
  }
});

document.addEventListener("maca:added", (event) => {
  const form = event.target.closest?.("[data-maca-say]");
  if (form) {
    form.reset();
    form.elements.text.focus();
  }
});
