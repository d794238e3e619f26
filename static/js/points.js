// Points are written as a list is in a word processor: Enter begins the next one, Backspace at
// the beginning joins it to the one before, Alt and the arrows move it. Every step is undone.
import { Tending, built, typed } from "./tending.js";

const DONE_HERE = ["remove", "list", "up", "down"];
const BULLET = /^[\s•·–—*▪◦-]+/;

class Points {
  constructor(form) {
    this.form = form;
    document.addEventListener("click", (event) => this.shut(event.target));
    form.addEventListener("focusin", (event) => this.shut(event.target));
    form.addEventListener("keydown", (event) => this.escaped(event));
    this.tending = form.macaTending ??= new Tending(form);
    this.blocks = [...form.querySelectorAll("[data-maca-points]")];
    for (const block of this.blocks) {
      this.prepare(block);
    }
    form.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("paste", (event) => this.pasted(event));
    form.addEventListener("click", (event) => this.clicked(event));
    this.drags();
  }

  prepare(block) {
    block.querySelector("[data-maca-add-points]").hidden = true;
    const add = document.createElement("button");
    add.type = "button";
    add.className = "maca-tool maca-pointbox__more";
    add.dataset.macaAdd = "";
    add.textContent = "Add a point";
    add.append(hiddenWords(` to: ${block.dataset.macaHeading}`));
    block.querySelector(".maca-pointbox__keys").hidden = false;
    this.list(block).after(add);
    if (!this.points(block).length) {
      this.begin(block);
    }
    this.renumber(block);
  }

  // What "More" opened closes once one is elsewhere, or with Escape.
  shut(target) {
    for (const menu of this.form.querySelectorAll(".maca-more[open]")) {
      menu.open = menu.contains(target);
    }
  }

  escaped(event) {
    const menu = event.key === "Escape" && event.target.closest?.(".maca-more[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }

  list(block) {
    return block.querySelector(".maca-pointbox__list");
  }

  points(block) {
    return [...this.list(block).children];
  }

  blockOf(point) {
    return point.closest("[data-maca-points]");
  }

  box(point) {
    return point?.querySelector("textarea") ?? null;
  }

  begin(block, { text = "", before = null, id = crypto.randomUUID() } = {}) {
    const point = built(block.querySelector("template"), id);
    point.dataset.macaNew = "";
    this.box(point).value = text;
    this.list(block).insertBefore(point, before);
    this.follow(point);
    this.renumber(block);
    return point;
  }

  // A point that is not saved yet says behind which one it is to stand.
  follow(point) {
    const after = point.querySelector(`[name="after_${point.dataset.macaPoint}"]`);
    after.value = point.previousElementSibling?.dataset.macaPoint ?? "";
  }

  renumber(block) {
    const heading = block.dataset.macaHeading;
    const points = this.points(block);
    points.forEach((point, at) => {
      const number = at + 1;
      const label = point.querySelector("label");
      if (label) {
        label.textContent = `${heading}, point ${number}`;
      }
      for (const tool of point.querySelectorAll("[aria-label]")) {
        tool.ariaLabel = tool.ariaLabel.replace(/point \d+/, `point ${number}`);
      }
      for (const words of point.querySelectorAll(".maca-tools .govuk-visually-hidden")) {
        words.textContent = words.textContent.replace(/point \d+/, `point ${number}`);
      }
      point.querySelector('[value^="up:"]').disabled = at === 0;
      point.querySelector('[value^="down:"]').disabled = at === points.length - 1;
    });
  }

  pressed(event) {
    const point = event.target.closest?.("[data-maca-point]");
    const box = point && this.box(point);
    if (!box || event.target !== box || event.isComposing) {
      return;
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const atStart = box.selectionStart === 0 && box.selectionEnd === 0;
    if (step && event.altKey) {
      this.move(point, step);
    } else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) {
      this.split(point, box);
    } else if (event.key === "Backspace" && atStart) {
      if (!this.join(point, box)) {
        return;
      }
    } else {
      return;
    }
    event.preventDefault();
  }

  split(point, box) {
    const [before, after] = [
      box.value.slice(0, box.selectionStart).trimEnd(),
      box.value.slice(box.selectionEnd).trimStart(),
    ];
    if (!before) {
      return; // an empty point is there already
    }
    box.value = before;
    typed(box);
    const next = this.begin(this.blockOf(point), { text: after, before: point.nextElementSibling });
    this.focus(next, 0);
    typed(this.box(next));
  }

  join(point, box) {
    const previous = point.previousElementSibling;
    const target = this.box(previous);
    if (!box.value) {
      this.remove(point);
      return true;
    }
    if (!target || !point.querySelector(".maca-tools")) {
      return false;
    }
    const old = target.value;
    const at = old.trimEnd().length;
    const { value } = box;
    this.remove(point, "Two points became one.", () => {
      target.value = old;
      typed(target);
    });
    target.value = `${old.trimEnd()} ${value}`;
    typed(target);
    this.focus(previous, at + 1);
    return true;
  }

  pasted(event) {
    const point = event.target.closest?.("[data-maca-point]");
    const box = point && this.box(point);
    const lines = (event.clipboardData?.getData("text/plain") ?? "")
      .split(/\r?\n/)
      .map((line) => line.replace(BULLET, "").trim())
      .filter(Boolean);
    if (!box || event.target !== box || lines.length < 2) {
      return;
    }
    event.preventDefault();
    const rest = box.value.slice(box.selectionEnd);
    box.value = box.value.slice(0, box.selectionStart) + lines[0];
    typed(box);
    let last = point;
    for (const text of lines.slice(1)) {
      last = this.begin(this.blockOf(point), { text, before: last.nextElementSibling });
    }
    const end = this.box(last).value.length;
    this.box(last).value += rest;
    typed(this.box(last));
    this.focus(last, end);
    this.tending.say(`${lines.length} points.`);
  }

  clicked(event) {
    const button = event.target.closest?.("button");
    if (!button) {
      return;
    }
    if (button.dataset.macaAdd !== undefined) {
      this.focus(this.begin(button.closest("[data-maca-points]")));
      return;
    }
    const point = button.closest("[data-maca-point]");
    const [what, , , to] = button.value.split(":");
    if (!point || !this.blockOf(point) || !DONE_HERE.includes(what)) {
      return;
    }
    event.preventDefault();
    button.closest("details")?.removeAttribute("open");
    if (what === "remove") {
      this.remove(point);
    } else if (what === "list") {
      this.place(point, this.blocks.find((each) => each.dataset.macaPoints === to), null);
    } else {
      this.move(point, what === "up" ? -1 : 1, what);
    }
  }

  // Beyond the end of its list a point goes on into the next one.
  move(point, step, button = "") {
    const block = this.blockOf(point);
    const points = this.points(block);
    const at = points.indexOf(point) + step;
    if (at >= 0 && at < points.length) {
      const before = step < 0 ? points[at] : points[at].nextElementSibling;
      this.place(point, block, before, button);
      return;
    }
    const next = this.blocks[this.blocks.indexOf(block) + step];
    if (next) {
      this.place(point, next, step < 0 ? null : this.list(next).firstElementChild);
    }
  }

  // Where it stands at last is what the server is told, wherever else it was listed.
  place(point, block, before, button = "") {
    const from = this.blockOf(point);
    const kind = from.dataset.macaPoints;
    const box = this.box(point);
    const caret = box?.selectionStart ?? 0;
    const moved = from === block ? point : this.rebuilt(point, block);
    if (moved) {
      this.list(block).insertBefore(moved, before);
    }
    if (moved !== point) {
      point.remove();
    }
    this.renumber(from);
    this.renumber(block);
    const here = moved ?? this.points(block)[0];
    const at = this.points(block).indexOf(here);
    const tool = button && here.querySelector(`[value^="${button}:"]:not([disabled])`);
    if (tool) {
      tool.focus();
    } else {
      this.focus(here, caret);
    }
    this.tending.say(`${block.dataset.macaHeading}, ${at + 1} of ${this.points(block).length}`);
    this.tell(point, `list:${point.dataset.macaPoint}:${kind}:${block.dataset.macaPoints}:${at}`);
  }

  rebuilt(point, block) {
    const id = point.dataset.macaPoint;
    const copy = built(block.querySelector("template"), id);
    const words = this.box(point);
    if (words) {
      this.box(copy).value = words.value;
    } else {
      copy.querySelector("label").replaceWith(point.querySelector(".maca-pointbox__again"));
      this.box(copy).remove();
    }
    copy.prepend(...point.querySelectorAll(".maca-conflict"));
    copy.append(...point.querySelectorAll("[data-maca-screened]"));
    const themes = point.querySelector('[value^="point:"]').firstChild.textContent;
    copy.querySelector('[value^="point:"]').firstChild.textContent = themes;
    if (point.dataset.macaNew === undefined) {
      this.known(copy);
    } else {
      copy.dataset.macaNew = "";
    }
    return copy;
  }

  // It is on the server, which needs not be told any more where it is to begin.
  known(point) {
    delete point.dataset.macaNew;
    for (const name of ["kind", "after"]) {
      point.querySelector(`[name^="${name}_"]`)?.remove();
    }
  }

  async tell(point, what) {
    await this.tending.then(async () => {
      const current = this.form.querySelector(`[data-maca-point="${point.dataset.macaPoint}"]`);
      if (current?.dataset.macaNew !== undefined) {
        if (!this.box(current)?.value.trim()) {
          this.follow(current);
          return;
        }
        await this.tending.flush();
        this.known(current);
      }
      const answer = await this.tending.ask(what);
      if (answer.refused) {
        this.tending.say(answer.words);
      }
    });
  }

  async remove(point, words = "The point was removed.", also = null) {
    const block = this.blockOf(point);
    const [previous, next] = [point.previousElementSibling, point.nextElementSibling];
    const id = point.dataset.macaPoint;
    const isNew = point.dataset.macaNew !== undefined;
    const isEmpty = isNew && !this.box(point)?.value.trim();
    const take = () => {
      this.tending.gone(point);
      point.remove();
      this.renumber(block);
      if (!also) {
        this.focusOr(previous ?? next, block);
      }
    };
    if (isEmpty) {
      take();
      return;
    }
    const back = (text) => {
      this.list(block).insertBefore(point, next?.isConnected ? next : null);
      if (text && this.box(point)) {
        this.box(point).value = text;
      }
      this.renumber(block);
      also?.();
      this.focus(point);
    };
    if (isNew && (await this.tending.flush()).includes(false)) {
      take();
      this.tending.offerUndo(words, back);
      return;
    }
    this.known(point);
    take();
    this.tending.then(async () => {
      const answer = await this.tending.ask(`remove:${id}:${block.dataset.macaPoints}`);
      if (answer.refused) {
        back();
        this.tending.say(answer.words);
        this.tending.undoBar.hidden = true;
      }
    });
    this.tending.offerUndo(words, () =>
      this.tending.then(async () => {
        const answer = await this.tending.ask(`undo:point:${id}`);
        if (answer.refused) {
          this.tending.say(answer.words);
        } else {
          back(answer.text);
          this.tending.say("The point is back.");
        }
      }),
    );
  }

  focus(point, caret = null) {
    const box = this.box(point) ?? point.querySelector("button:not([disabled])");
    box.focus();
    if (caret !== null && box.setSelectionRange) {
      box.setSelectionRange(caret, caret);
    }
  }

  focusOr(point, block) {
    if (point) {
      this.focus(point, this.box(point)?.value.length ?? null);
    } else {
      block.querySelector("[data-maca-add]").focus();
    }
  }

  drags() {
    let dragged = null;
    this.form.addEventListener("dragstart", (event) => {
      const grip = event.target.closest?.("[data-maca-grip]");
      dragged = grip?.closest("[data-maca-point]") ?? null;
      if (dragged) {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setDragImage(dragged, 0, 0);
        dragged.classList.add("maca-pointbox__point--dragged");
      }
    });
    this.form.addEventListener("dragover", (event) => {
      if (dragged && event.target.closest?.("[data-maca-points]")) {
        event.preventDefault();
      }
    });
    this.form.addEventListener("drop", (event) => {
      const block = event.target.closest?.("[data-maca-points]");
      if (!dragged || !block) {
        return;
      }
      event.preventDefault();
      const below = this.points(block).find((each) => {
        const { top, height } = each.getBoundingClientRect();
        return each !== dragged && event.clientY < top + height / 2;
      });
      this.place(dragged, block, below ?? null);
    });
    this.form.addEventListener("dragend", () => {
      dragged?.classList.remove("maca-pointbox__point--dragged");
      dragged = null;
    });
  }
}

function hiddenWords(words) {
  const span = document.createElement("span");
  span.className = "govuk-visually-hidden";
  span.textContent = words;
  return span;
}

for (const form of document.querySelectorAll("form[data-maca-tend]")) {
  new Points(form);
}
