// What in a text may say who somebody is: beside its box, once it is saved. One rewords it, or says
// what it is, which is kept. Nothing here keeps words from being saved.

import { groupOf } from "./save-fields.js";
import { token, writer } from "./session.js";

export class Screening {
  constructor(saving) {
    this.saving = saving;
    this.address = saving.form.dataset.macaScreening;
    this.template = document.getElementById("maca-screened");
  }

  // What stands undecided as the page is opened, so that whoever goes on sees it where it stands.
  async opened() {
    const { form } = this.saving;
    const address = form.dataset.macaScreenedAt;
    const before = this.saving.values();
    if (!address || ![...form.querySelectorAll("textarea")].some((box) => box.value.trim())) {
      return;
    }
    // A numbered line's boxes are told by its number, which is this page's own.
    const lines = [...form.querySelectorAll('input[type="hidden"][name$="-pk"]')];
    const body = new URLSearchParams(lines.map((line) => [line.name, line.value]));
    body.set("writer", writer());
    let found;
    try {
      const response = await fetch(address, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        redirect: "error",
      });
      found = response.ok ? (await response.json()).screened : {};
    } catch {
      return;
    }
    if (found === null) {
      this.show(null);
      return;
    }
    // What is written meanwhile has an answer of its own.
    const now = this.saving.values();
    for (const [name, hits] of Object.entries(found)) {
      if (now.get(name) === before.get(name) && !this.saving.isDirty(name, now.get(name))) {
        this.fill(name, hits, false);
      }
    }
  }

  // What was found by box; null where nothing could be looked for.
  show(found) {
    const down = this.saving.form.querySelector("[data-maca-screening-down]");
    if (down && found !== undefined) {
      down.hidden = found !== null;
    }
    if (!this.template || !found) {
      return;
    }
    for (const [name, hits] of Object.entries(found)) {
      this.fill(name, hits);
    }
  }

  fill(name, hits, isAloud = true) {
    const group = groupOf(this.saving.form, name);
    const there = group?.querySelector(`[data-maca-screened="${CSS.escape(name)}"]`);
    if (!group || (!there && !hits.length)) {
      return;
    }
    const panel = there || this.begin(name, group);
    const list = panel.querySelector("ul");
    const before = list.textContent;
    list.replaceChildren(...distinct(hits).map((hit) => this.draw(hit, name)));
    if (!hits.length) {
      panel.remove();
    } else if (isAloud && list.textContent !== before) {
      panel.querySelector("[data-part=said]").textContent =
        `This may say who somebody is: ${distinct(hits).map((hit) => hit.words).join(", ")}`;
    }
  }

  begin(name, group) {
    const panel = document.importNode(this.template.content, true).firstElementChild;
    panel.dataset.macaScreened = name;
    group.append(panel);
    return panel;
  }

  draw(hit, name) {
    const line = document.importNode(
      this.template.content.querySelector("li"),
      true,
    );
    line.querySelector("[data-part=words]").textContent = hit.words;
    line.querySelector("[data-part=why]").textContent = hit.why;
    line.dataset.hit = keyOf(hit);
    line.querySelector("[data-part=certain]").hidden = !hit.certain;
    line.querySelector("[data-part=choices]").hidden = hit.certain;
    for (const button of line.querySelectorAll("[data-why]")) {
      button.setAttribute("aria-label", `${hit.words}: ${button.textContent.trim()}`);
      button.addEventListener("click", () => this.confirm(hit, button.dataset.why, name));
    }
    return line;
  }

  async confirm(hit, why, name) {
    const body = new URLSearchParams({ rule: hit.rule, words: hit.words, why, writer: writer() });
    let kept = false;
    try {
      const response = await fetch(this.address, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        redirect: "error",
      });
      kept = response.ok && (await response.json()).kept;
    } catch {
      kept = false;
    }
    const { form } = this.saving;
    const lines = form.querySelectorAll(`[data-hit="${CSS.escape(keyOf(hit))}"]`);
    if (!kept) {
      lines.forEach((line) => {
        line.querySelector("[data-part=failed]").hidden = false;
      });
      return;
    }
    const [box] = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    box?.focus();
    for (const line of lines) {
      const panel = line.closest("[data-maca-screened]");
      line.remove();
      if (!panel.querySelector("li")) {
        panel.remove();
      }
    }
  }
}

function keyOf(hit) {
  return `${hit.rule} ${hit.words.toLowerCase()}`;
}

// The same words twice in one box are looked at once.
function distinct(hits) {
  return [...new Map(hits.map((hit) => [keyOf(hit), hit])).values()];
}
