// The first step of a return: each answer is saved by itself, and the keyboard does it all.
import { check, endsIn, signedOut, token, writer } from "./session.js";

const QUIET = 700; // arrows pass over answers that are not meant
const RETRY = 4_000;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

class Knowing {
  constructor(form) {
    this.form = form;
    this.cases = [...form.querySelectorAll("[data-maca-known]")];
    this.waiting = new Set(); // cases whose answer the server does not have
    this.how = form.elements.how_checked;
    this.howSaved = this.how.defaultValue;
    this.saved = form.querySelector("[data-maca-known-saved]");
    form.addEventListener("change", (event) => this.changed(event.target));
    form.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("focusout", () => this.soon(0));
    document.addEventListener("maca:signed-in", () => this.soon(0));
    window.addEventListener("online", () => this.soon(0));
    window.addEventListener("beforeunload", (event) => {
      if (this.isUnsaved() && !this.leaving) {
        event.preventDefault();
      }
    });
    form.addEventListener("submit", () => {
      this.leaving = true;
    });
    form.querySelector("[data-maca-known-save]").hidden = true;
    for (const group of this.cases) {
      this.remember(group);
    }
  }

  radios(group) {
    return [...group.querySelectorAll("input[type=radio]")];
  }

  chosen(group) {
    return this.radios(group).find((radio) => radio.checked)?.value ?? "";
  }

  seen(group) {
    return group.querySelector("input[type=hidden]");
  }

  // What the browser put back after a reload is not what the server has.
  remember(group) {
    if (this.seen(group) && this.chosen(group) !== this.seen(group).value) {
      this.waiting.add(group);
      this.soon(0);
    }
  }

  changed(element) {
    const group = element.closest("[data-maca-known]");
    if (group) {
      this.waiting.add(group);
      this.tell(group, "");
      this.soon(QUIET);
    } else if (element === this.how) {
      this.soon(0);
    }
  }

  pressed(event) {
    const group = event.target.closest?.("[data-maca-known]");
    if (!group || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const radios = this.radios(group);
    const digit = Number.parseInt(event.key, 10);
    if (digit >= 1 && digit <= radios.length) {
      this.choose(group, radios[digit - 1]);
      this.go(group, 1);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.go(group, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.clear(group);
    } else {
      return;
    }
    event.preventDefault();
  }

  choose(group, radio) {
    if (!radio.disabled) {
      radio.checked = true;
      this.changed(radio);
    }
  }

  clear(group) {
    for (const radio of this.radios(group)) {
      if (!radio.disabled) {
        radio.checked = false;
        this.changed(radio);
      }
    }
  }

  go(group, step) {
    let at = this.cases.indexOf(group) + step;
    while (this.cases[at] && this.radios(this.cases[at])[0].disabled) {
      at += step;
    }
    const radios = this.cases[at] ? this.radios(this.cases[at]) : [];
    const target = radios.find((radio) => radio.checked) ?? radios[0];
    if (target) {
      target.focus();
      this.cases[at].scrollIntoView({ block: "nearest" });
    } else if (step > 0) {
      this.how.focus();
    }
  }

  isUnsaved() {
    return this.waiting.size > 0 || this.how.value.trim() !== this.howSaved.trim();
  }

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  async save() {
    if (this.saving || !this.isUnsaved()) {
      return;
    }
    this.saving = true;
    const sent = new Map([...this.waiting].map((group) => [group, this.chosen(group)]));
    const how = this.how.value;
    try {
      await this.exchange(sent, how);
    } finally {
      this.saving = false;
    }
  }

  body(sent, how) {
    const body = new URLSearchParams({ how_checked: how, writer: writer() });
    for (const [group, known] of sent) {
      const seen = this.seen(group);
      body.append(seen.name.replace("seen_", "known_"), known);
      body.append(seen.name, seen.value);
    }
    return body;
  }

  async exchange(sent, how) {
    this.say("Saving…");
    let response;
    try {
      response = await fetch(this.form.action, {
        method: "POST",
        body: this.body(sent, how),
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        redirect: "error",
        signal: AbortSignal.timeout(20_000),
      });
    } catch {
      this.failed("there is no connection");
      return;
    }
    if (response.ok) {
      this.took(await response.json(), sent, how);
    } else if (response.status === 401) {
      this.failed("you are signed out", false);
      signedOut();
    } else if (response.status === 403) {
      this.failed("it is being found out who is signed in", false);
      await check();
    } else if (response.status === 423) {
      this.failed("the return was handed in meanwhile", false);
    } else if (response.status === 422) {
      this.failed("something in it cannot be read", false);
    } else {
      this.failed("the server does not answer as it should");
    }
  }

  failed(why, again = true) {
    this.say(`Not saved: ${why}. It stays on this page${again ? ", and is tried again" : ""}.`, true);
    if (again) {
      this.soon(RETRY);
    }
  }

  took(answer, sent, how) {
    this.howSaved = how;
    endsIn(answer.session_ends_in);
    const rows = new Map(answer.rows.map((row) => [`case-${row.number}`, row]));
    for (const group of this.cases) {
      const row = rows.get(group.id);
      if (row) {
        this.show(group, row, sent);
      } else if (this.waiting.delete(group)) {
        this.tell(group, "This case was taken out of the sample meanwhile", true);
      }
    }
    this.tally(answer);
    this.say(`Saved ${clock.format(new Date())}`);
    if (this.isUnsaved()) {
      this.soon(QUIET);
    }
  }

  // Somebody else's answer stands, and is told; one's own that changed since is saved next.
  show(group, row, sent) {
    const isMine = sent.has(group) && !row.meanwhile;
    if (sent.has(group) && this.chosen(group) === sent.get(group)) {
      this.waiting.delete(group);
    }
    const seen = this.seen(group);
    if (!seen || this.waiting.has(group)) {
      if (seen && isMine) {
        seen.value = row.known;
      }
      return;
    }
    seen.value = row.known;
    for (const radio of this.radios(group)) {
      radio.checked = radio.value === row.known;
    }
    this.tell(
      group,
      row.meanwhile ? "Somebody else answered this meanwhile: theirs stands" : row.state,
      row.meanwhile,
    );
  }

  tell(group, words, isNews = false) {
    const line = group.parentElement.querySelector("[data-maca-known-state]");
    line.textContent = words;
    line.classList.toggle("maca-know__state--news", isNews);
  }

  tally({ tally, done, onward }) {
    for (const line of this.form.querySelectorAll("[data-maca-tally]")) {
      line.textContent = tally[line.dataset.macaTally];
    }
    this.form.querySelector("[data-maca-progress]").value = tally.answered;
    const panel = this.form.querySelector("[data-maca-known-done]");
    panel.hidden = !done;
    panel.querySelector("[data-maca-known-words]").textContent = onward.words;
    const link = panel.querySelector("[data-maca-known-on]");
    link.href = onward.url;
    link.textContent = onward.label;
    const rest = this.form.querySelector("[data-maca-known-rest]");
    if (rest) {
      rest.hidden = tally.left === 0;
      rest.textContent =
        tally.left === tally.total
          ? "None of them is known to us"
          : "All the rest are not known to us";
    }
    this.form.classList.toggle("maca-know--waiting", tally.waiting > 0);
    this.form.querySelector("[data-maca-known-waiting]").hidden = tally.waiting === 0;
  }

  say(text, bad = false) {
    if (this.saved.textContent !== text) {
      this.saved.textContent = text;
    }
    this.saved.classList.toggle("maca-know__saved--bad", bad);
  }
}

for (const form of document.querySelectorAll("[data-maca-knowing]")) {
  new Knowing(form);
}
