// On a phone the cases of a return scroll sideways: the one that is open is brought into sight.

export function caseStrip(scope) {
  const here = scope.querySelector(".maca-cases__list [aria-current]");
  const list = here?.closest(".maca-cases__list");
  if (list && list.scrollWidth > list.clientWidth) {
    list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  }
}
