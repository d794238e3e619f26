// Says how many words are left. Only a count: too many words never lose what was typed.

export function wordCounts(scope) {
  for (const line of scope.querySelectorAll("[data-maca-words]")) {
    const area = document.getElementById(line.dataset.macaFor);
    if (area) {
      count(area, line, Number(line.dataset.macaWords));
    }
  }
}

function count(area, line, limit) {
  const show = () => {
    const left = limit - (area.value.match(/\S+/g) || []).length;
    line.textContent =
      left >= 0 ? `${words(left)} left` : `${words(-left)} too many`;
    line.classList.toggle("maca-word-count--over", left < 0);
  };
  area.addEventListener("input", show);
  show();
}

function words(number) {
  return `${number} ${number === 1 ? "word" : "words"}`;
}
