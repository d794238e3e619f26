// The chronology of a return: a line more, a line less, and undo.
import { Tending, built } from "./tending.js";

class Chronology {
  constructor(list, form) {
    this.list = list;
    this.tending = form.macaTending ??= new Tending(form);
    this.template = list.parentElement.querySelector("template[data-maca-line]");
    this.add = list.parentElement.querySelector("[data-maca-add-line]");
    this.add.hidden = false;
    this.add.addEventListener("click", () => this.begin());
    list.addEventListener("click", (event) => this.clicked(event));
    for (const line of list.querySelectorAll("[data-maca-new]")) {
      if (list.children.length > 1 && this.isEmpty(line)) {
        line.remove(); // the button begins one when it is wanted
      }
    }
    this.renumber();
  }

  isEmpty(line) {
    return [...line.querySelectorAll("input, textarea")].every((field) => !field.value.trim());
  }

  begin() {
    const last = this.list.lastElementChild;
    const line = last && this.isEmpty(last) ? last : built(this.template, crypto.randomUUID());
    this.list.append(line);
    this.renumber();
    line.querySelector("input").focus();
  }

  renumber() {
    [...this.list.children].forEach((line, at) => {
      for (const words of line.querySelectorAll(".govuk-visually-hidden")) {
        words.textContent = words.textContent.replace(/line \d+/, `line ${at + 1}`);
      }
    });
  }

  clicked(event) {
    // Other buttons in a line are about its words: what screening found, or two versions of them.
    const button = event.target.closest('button[value^="entry:remove:"]');
    if (button) {
      event.preventDefault();
      this.remove(button.closest("[data-maca-entry]"));
    }
  }

  async remove(line) {
    const id = line.dataset.macaEntry;
    const next = line.nextElementSibling;
    const isBlank = line.dataset.macaNew !== undefined && this.isEmpty(line);
    const isUnsaved = line.dataset.macaNew !== undefined && (await this.tending.flush()).includes(false);
    this.tending.gone(line);
    line.remove();
    this.renumber();
    (next ?? this.list.lastElementChild)?.querySelector("input")?.focus();
    if (!this.list.contains(document.activeElement)) {
      this.add.focus();
    }
    if (isBlank) {
      return;
    }
    const back = () => {
      this.list.insertBefore(line, next?.isConnected ? next : null);
      this.renumber();
      line.querySelector("input").focus();
    };
    if (isUnsaved) {
      this.tending.offerUndo("The line was removed.", back);
      return;
    }
    delete line.dataset.macaNew;
    this.tending.then(async () => {
      const answer = await this.tending.ask(`entry:remove:${id}`);
      if (answer.refused) {
        back();
        this.tending.say(answer.words);
      }
    });
    this.tending.offerUndo("The line was removed.", () =>
      this.tending.then(async () => {
        const answer = await this.tending.ask(`undo:entry:${id}`);
        if (!answer.refused) {
          back();
        }
        this.tending.say(answer.words);
      }),
    );
  }
}

for (const list of document.querySelectorAll("[data-maca-chronology]")) {
  const form = list.closest("form[data-maca-tend]");
  if (form) {
    new Chronology(list, form);
  }
}
