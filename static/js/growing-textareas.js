// A text area grows with what is written in it, so that nobody reads through a letterbox.

export function growingTextareas(scope) {
  if (CSS.supports("field-sizing", "content")) {
    return; // the style sheet does it
  }
  for (const area of scope.querySelectorAll("textarea[data-maca-grow]")) {
    const grow = () => {
      area.rows = Math.max(Number(area.dataset.macaRows), linesIn(area));
    };
    area.dataset.macaRows = area.rows;
    area.addEventListener("input", grow);
    grow();
  }
}

function linesIn(area) {
  const perLine = Math.max(20, Math.floor(area.clientWidth / 9));
  return area.value
    .split("\n")
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 1);
}
