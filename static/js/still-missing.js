// Says what is left before the case is complete, as it is filled in. The server has the last word.

const nothing = "Nothing left: you can complete this case.";

class Missing {
  constructor(form) {
    this.form = form;
    this.panel = document.querySelector("[data-maca-missing]");
    this.links = this.panel.querySelector("ol");
    this.words = this.panel.querySelector("p");
    this.bar = document.querySelector("[data-maca-sofar] progress");
    this.barWords = document.querySelector("[data-maca-sofar] .maca-progress__words");
    this.panel.hidden = false;
    for (const event of ["input", "change", "maca:gone"]) {
      form.addEventListener(event, () => this.soon());
    }
    new MutationObserver(() => this.soon()).observe(form, { childList: true, subtree: true });
    this.show();
  }

  soon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.show());
  }

  value(name) {
    return new FormData(this.form).getAll(name).join("").trim();
  }

  show() {
    const known = this.value("known");
    const questions = [...this.form.querySelectorAll(".maca-question")].filter(
      (each) => !each.closest("[hidden]"),
    );
    const wrong = questions.filter((each) => each.querySelector("[data-maca-save-error]"));
    const answered = questions.filter((each) => this.isAnswered(each) && !wrong.includes(each));
    const left = questions
      .filter((each) => each.dataset.macaRequired !== undefined || wrong.includes(each))
      .filter((each) => !answered.includes(each))
      .map((each) => [
        each.dataset.macaNumber,
        each.id,
        `Question ${each.dataset.macaNumber}${wrong.includes(each) ? ", not saved" : ""}`,
      ]);
    if (known === "" || known === "unsure") {
      left.unshift(["Known?", "id_known_field", "Is the family known to you?"]);
    }
    if (known === "no") {
      left.length = 0;
      if (!this.value("not_known_reason")) {
        left.push(["How?", "id_not_known_reason", "How you checked"]);
      }
    }
    this.draw(left);
    if (this.bar) {
      this.bar.max = questions.length || 1;
      this.bar.value = answered.length;
      this.barWords.textContent = `${answered.length} of ${questions.length} questions answered`;
    }
  }

  isAnswered(question) {
    const list = question.querySelector("[data-maca-points]");
    if (list) {
      const points = [...list.querySelectorAll("[data-maca-point]")];
      return points.some((each) => each.querySelector("textarea")?.value.trim() !== "");
    }
    const { macaAnswer } = question.dataset;
    return macaAnswer ? this.value(macaAnswer) !== "" : true;
  }

  draw(left) {
    const key = left.map(([, id]) => id).join();
    if (key === this.drawn) {
      return;
    }
    this.drawn = key;
    this.words.textContent = left.length ? "Left before it is complete" : nothing;
    this.links.replaceChildren(
      ...left.map(([short, id, label]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = `#${id}`;
        link.textContent = short;
        link.ariaLabel = label;
        item.append(link);
        return item;
      }),
    );
  }
}

const form = document.getElementById("return-form");
if (form && document.querySelector("[data-maca-missing]")) {
  new Missing(form);
}
