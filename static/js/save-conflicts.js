// Two versions of the same words, side by side where they belong; the writer chooses or merges.

import { groupOf, put } from "./save-fields.js";

export class Conflicts {
  constructor(saving) {
    this.saving = saving;
    this.panels = new Map(); // key → its panel
  }

  get size() {
    return this.panels.size;
  }

  has(key) {
    return this.panels.has(key);
  }

  focusFirst() {
    const [panel] = this.panels.values();
    panel?.focus();
    if (!panel) {
      const line = this.saving.form.querySelector("[data-maca-save-error]");
      const group = line?.closest(".govuk-form-group, .maca-pointbox__point");
      group?.querySelector("input, textarea, select")?.focus({ preventScroll: true });
      line?.scrollIntoView({ block: "center" });
    }
  }

  open(conflict, mark) {
    this.panels.get(conflict.key)?.remove();
    const panel = this.draw(conflict, mark);
    this.panels.set(conflict.key, panel);
    const group = groupOf(this.saving.form, conflict.names[0]);
    (group || this.saving.form).prepend(panel);
  }

  draw(conflict, mark) {
    const panel = document.importNode(
      document.getElementById("maca-conflict").content,
      true,
    ).firstElementChild;
    const fill = (part, text) => {
      panel.querySelector(`[data-part="${part}"]`).textContent = text;
    };
    panel.setAttribute("aria-label", `Two versions: ${conflict.label}`);
    fill("who", conflict.by || "Somebody else");
    fill("what", conflict.gone ? "took this out" : "changed this");
    fill("mine", conflict.mine || "Nothing");
    fill("theirs", conflict.theirs || "Nothing");
    const both = panel.querySelector('[data-do="both"]');
    both.hidden = !conflict.mergeable;
    panel.addEventListener("click", (event) => {
      const wish = event.target.closest("[data-do]")?.dataset.do;
      if (wish) {
        this.settle(wish, conflict, mark);
      }
    });
    return panel;
  }

  settle(wish, conflict, mark) {
    const { saving } = this;
    const { key, names, fields } = conflict;
    const before = new Map(names.map((name) => [name, saving.values().get(name)]));
    this.panels.get(key).remove();
    this.panels.delete(key);
    saving.learn({ [key]: mark });
    if (wish === "theirs") {
      saving.accept(key, fields, mark);
      this.offerBack(conflict, before);
    } else if (wish === "both") {
      const [name] = names;
      put(saving.form, name, `${fields[name]}\n\n${before.get(name)}`);
    }
    const [box] = saving.form.querySelectorAll(`[name="${CSS.escape(names[0])}"]`);
    box?.focus();
    saving.soon(0);
  }

  // Whoever took the other's words by mistake has their own back with one press.
  offerBack(conflict, before) {
    const line = document.createElement("p");
    line.className = "maca-conflict__back";
    line.textContent = "You took the other version. ";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "maca-tool";
    button.textContent = "Put mine back";
    button.addEventListener("click", () => {
      for (const [name, value] of before) {
        put(this.saving.form, name, value);
      }
      line.remove();
    });
    line.append(button);
    groupOf(this.saving.form, conflict.names[0])?.append(line);
  }
}
