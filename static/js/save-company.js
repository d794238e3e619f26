// Who else is on this page, and what they changed that one has not touched oneself.

import { endsIn, token, writer } from "./session.js";
import { groupOf } from "./save-fields.js";

const EVERY = 20_000;

export class Company {
  constructor(saving) {
    this.saving = saving;
    this.address = saving.form.dataset.macaPresence;
    this.since = "";
  }

  begin() {
    if (!this.address) {
      return;
    }
    this.ask();
    setInterval(() => this.ask(), EVERY);
    document.addEventListener("visibilitychange", () => this.ask());
  }

  async ask() {
    if (document.hidden || this.saving.isClosed) {
      return;
    }
    let answer;
    try {
      const response = await fetch(this.address, {
        method: "POST",
        body: new URLSearchParams({ since: this.since, writer: writer() }),
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        redirect: "error",
      });
      if (!response.ok) {
        return;
      }
      answer = await response.json();
    } catch {
      return;
    }
    this.since = answer.now;
    this.show(answer.others);
    endsIn(answer.session_ends_in);
    answer.changed.forEach((change) => this.bring(change));
  }

  show(names) {
    const line = this.saving.form.querySelector("[data-maca-others]");
    if (!line) {
      return;
    }
    const text = names.length ? `Also here now: ${names.join(", ")}` : "";
    if (line.textContent !== text) {
      line.textContent = text;
    }
  }

  // Only what is newer than what the page has, and never over something one is writing.
  bring(change) {
    const { saving } = this;
    const known = saving.basis[change.key];
    const older = known && known[0] >= change.mark[0];
    if (older || known?.[1] === change.mark[1] || saving.isTouched(change.key)) {
      return;
    }
    const group = groupOf(saving.form, change.names[0]);
    if (!group || change.gone) {
      this.tell(change);
      return;
    }
    saving.accept(change.key, change.fields, change.mark);
    let note = group.querySelector("[data-maca-changed]");
    if (!note) {
      note = document.createElement("p");
      note.className = "maca-changed-by";
      note.dataset.macaChanged = "";
      group.append(note);
    }
    note.textContent = `${change.by} changed this at ${change.at}.`;
  }

  tell(change) {
    const line = this.saving.form.querySelector("[data-maca-others-did]");
    if (line) {
      line.hidden = false;
      line.querySelector("[data-part=who]").textContent = change.by;
    }
  }
}
