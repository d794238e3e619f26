// A question that follows another's answer stays out of sight until that answer is given.
// The server ignores what a hidden question says, so nothing has to be cleared here.

export function followUps(scope) {
  for (const field of scope.querySelectorAll("[data-maca-follows]")) {
    const form = field.closest("form");
    const name = field.dataset.macaFollows;
    const answers = new Set(field.dataset.macaAnswers.split("|"));
    if (!form || !form.elements[name]) {
      continue;
    }
    field.classList.add("maca-follow");
    const show = () => {
      field.hidden = !given(form, name).some((answer) => answers.has(answer));
    };
    form.addEventListener("change", show);
    show();
  }
}

// The other way round: part of a page is left out once an answer makes it pointless.
export function leftOut(scope) {
  for (const part of scope.querySelectorAll("[data-maca-unless]")) {
    const form = part.closest("form");
    const answers = new Set(part.dataset.macaAnswers.split("|"));
    const show = () => {
      part.hidden = given(form, part.dataset.macaUnless).some((answer) =>
        answers.has(answer),
      );
    };
    form.addEventListener("change", show);
    show();
  }
}

function given(form, name) {
  return new FormData(form).getAll(name).map(String);
}
