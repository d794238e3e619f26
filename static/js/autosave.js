// Saves a form as it is typed: what changed, in one small request, with the version it was based
// on. Whatever has no answer is sent again word for word until it has one, so that the server can
// tell the same words from a second change. Nothing is ever put into the browser's own storage.
//
// <form data-maca-autosave="address" data-maca-presence="address" data-maca-names="{name: key}">
// and somewhere in it [data-maca-save-state], [data-maca-save-said] and [data-maca-others].

import { Conflicts } from "./save-conflicts.js";
import { Company } from "./save-company.js";
import { Screening } from "./save-screening.js";
import { keyOf, companionsOf, initialValue, put } from "./save-fields.js";
import { check, endsIn, signedOut, token, writer } from "./session.js";

const QUIET = 2_000; // after the last keystroke
const LONGEST = 15_000; // while somebody types without a pause
const RETRY = [2_000, 4_000, 8_000, 15_000, 30_000];
const LARGEST = 2_000_000; // the server reads half a megabyte more, and no further
const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
});

export function autosave(scope) {
  for (const form of scope.querySelectorAll("form[data-maca-autosave]")) {
    new Saving(form);
  }
}

class Saving {
  constructor(form) {
    this.form = form;
    this.names = JSON.parse(form.dataset.macaNames || "{}");
    this.basis = JSON.parse(form.elements.basis.value || "{}");
    this.said = new Map(); // name → the value the server last took
    this.refused = new Map(); // name → a value that cannot be saved as it is
    this.flight = null; // what was sent and has no answer yet
    this.failures = 0;
    this.conflicts = new Conflicts(this);
    this.company = new Company(this);
    this.screening = new Screening(this);
    this.learnInitial(form.hasAttribute("data-maca-all-unsaved"));
    this.listen();
    this.company.begin();
    this.screening.opened();
    if (this.dirtyKeys().length) {
      this.soon(0); // the browser put back what was typed before a reload
    }
  }

  learnInitial(nothingSaved) {
    for (const element of this.form.elements) {
      if (this.key(element.name) && !this.said.has(element.name)) {
        const value = nothingSaved ? null : initialValue(this.form, element.name);
        this.said.set(element.name, value);
      }
    }
  }

  key(name) {
    return keyOf(this.form, name, this.names);
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.soon(0));
    form.addEventListener("focusout", () => this.soon(0));
    form.addEventListener("submit", (event) => this.submitted(event));
    form.querySelector("[data-maca-save-in]")?.addEventListener("click", check);
    form.addEventListener("maca:flush", ({ detail }) => detail.wait(this.flush()));
    form.addEventListener("maca:gone", ({ detail }) => this.forget(detail.names));
    document.addEventListener("maca:signed-in", () => this.again());
    window.addEventListener("online", () => this.again());
    window.addEventListener("offline", () => this.offline());
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && form.isConnected && this.isUnsaved()) {
        event.preventDefault();
      }
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) {
        this.soon(0);
      }
    });
  }

  typed() {
    if (!this.dirtyKeys().length) {
      this.settled();
      return;
    }
    this.since ??= Date.now();
    const left = LONGEST - (Date.now() - this.since);
    this.soon(Math.max(0, Math.min(QUIET, left)));
    if (!this.failures && !this.flight) {
      this.say("Not saved yet", "waiting");
    }
  }

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  // Boxes that were taken off the page.
  forget(names) {
    for (const name of names) {
      this.refused.delete(name);
      this.said.delete(name);
    }
    this.soon(0);
  }

  again() {
    if (this.isClosed) {
      return;
    }
    this.waits = false;
    this.offerSignIn(false);
    this.failures = 0;
    this.soon(0);
  }

  offerSignIn(offered) {
    const button = this.form.querySelector("[data-maca-save-in]");
    if (button) {
      button.hidden = !offered;
    }
  }

  values() {
    const data = new FormData(this.form);
    const values = new Map();
    for (const element of this.form.elements) {
      if (element.name && this.key(element.name)) {
        values.set(element.name, data.getAll(element.name).join("\n"));
      }
    }
    return values;
  }

  isDirty(name, value) {
    return value !== (this.said.get(name) ?? (this.said.has(name) ? null : ""));
  }

  // Keys of texts that the server does not have; those that wait for a choice are left out.
  dirtyKeys() {
    const keys = new Set();
    for (const [name, value] of this.values()) {
      const key = this.key(name);
      const hopeless = this.refused.has(name) && this.refused.get(name) === value;
      if (this.isDirty(name, value) && !hopeless && !this.conflicts.has(key)) {
        keys.add(key);
      }
    }
    return [...keys];
  }

  // Points and everything else go apart, so that each request stays small for the server too.
  batch() {
    const keys = this.dirtyKeys();
    const points = keys.filter((key) => key.startsWith("point:"));
    return points.length && points.length < keys.length
      ? keys.filter((key) => !key.startsWith("point:"))
      : keys;
  }

  isUnsaved() {
    return (
      this.flight !== null ||
      this.refused.size > 0 ||
      this.conflicts.size > 0 ||
      this.dirtyKeys().length > 0 ||
      this.othersChanged()
    );
  }

  // Boxes that go with the button only, such as one for several points at once.
  othersChanged() {
    return [...this.form.elements].some(
      (element) =>
        element.tagName === "TEXTAREA" &&
        !this.key(element.name) &&
        element.value !== element.defaultValue,
    );
  }

  prepare(keys) {
    const body = new URLSearchParams();
    const sent = new Map();
    const wanted = new Set(keys);
    for (const [name, value] of this.values()) {
      if (wanted.has(this.key(name))) {
        body.append(name, value);
        sent.set(name, value);
        for (const [other, said] of companionsOf(this.form, name)) {
          body.append(other, said);
        }
      }
    }
    const marks = keys
      .filter((key) => this.basis[key])
      .map((key) => [key, this.basis[key]]);
    body.append("basis", JSON.stringify(Object.fromEntries(marks)));
    return { keys, body, sent };
  }

  // Resolves once everything is saved, or it is plain that something is not.
  async flush() {
    do {
      await this.send();
    } while (!this.flight && !this.failures && this.dirtyKeys().length);
    return !this.flight && !this.refused.size && !this.conflicts.size;
  }

  send() {
    clearTimeout(this.timer);
    this.since = null;
    if (this.waits || this.isClosed) {
      return Promise.resolve();
    }
    this.sending ??= this.exchange().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async exchange() {
    if (!this.flight) {
      const keys = this.batch();
      if (!keys.length) {
        this.settled();
        return;
      }
      this.flight = this.prepare(keys);
    }
    if (String(this.flight.body).length > LARGEST) {
      this.tooMuch();
      return;
    }
    this.say("Saving…", "saving");
    let response;
    let answer;
    try {
      response = await this.post(this.flight.body);
      answer = await response.json().catch(() => null);
    } catch {
      this.failed("there is no connection");
      return;
    }
    await this.answered(response.status, answer);
  }

  post(body) {
    const whole = new URLSearchParams(body);
    whole.append("writer", writer());
    return fetch(this.form.dataset.macaAutosave, {
      method: "POST",
      body: whole,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      redirect: "error",
      signal: AbortSignal.timeout(20_000),
    });
  }

  async answered(status, answer) {
    if ([200, 409, 422].includes(status) && answer) {
      this.took(answer);
    } else if (status === 401) {
      this.stopped("you are signed out");
      this.offerSignIn(true);
      signedOut();
    } else if (status === 403) {
      await this.refusedAccess();
    } else if (status === 404) {
      this.closed("this page is gone, or no longer yours to write on");
    } else if (status === 400 || status === 413) {
      this.tooMuch();
    } else if (status === 423) {
      this.closed("this was handed in, finished or withdrawn meanwhile");
    } else {
      this.failed("the server does not answer as it should");
    }
  }

  // Sent again as it is, it would be refused again: the longest box waits until it is shorter, and
  // the others go without it.
  tooMuch() {
    const { sent } = this.flight;
    const [name, value] = [...sent].sort((one, other) => other[1].length - one[1].length)[0];
    this.flight = null;
    this.failures = 0;
    this.refused.set(name, value);
    this.showErrors(sent, {
      [name]: "Not saved: this is more than can be sent at once. Shorten it, or divide it.",
    });
    this.soon(0);
  }

  // The token may be an old one, or the person another: asking tells, and then it is sent again.
  async refusedAccess() {
    if (this.refusedOnce) {
      this.closed("you may not write here any more");
      return;
    }
    this.refusedOnce = true;
    this.stopped("it is being found out who is signed in");
    this.offerSignIn(true);
    await check();
  }

  took(answer) {
    const { sent } = this.flight;
    const conflicts = answer.conflicts || [];
    const errors = answer.errors || {};
    this.flight = null;
    this.failures = 0;
    this.refusedOnce = false;
    const open = new Set(conflicts.map((each) => each.key));
    for (const [name, value] of sent) {
      if (name in errors) {
        this.refused.set(name, value);
      } else if (!open.has(this.key(name))) {
        this.said.set(name, value);
        this.refused.delete(name);
      }
    }
    this.learn(answer.basis || {}, open);
    for (const [row, number] of Object.entries(answer.made || {})) {
      this.form.elements[`actions-${row}-pk`].value = number;
    }
    for (const conflict of conflicts) {
      this.conflicts.open(conflict, answer.basis[conflict.key]);
    }
    this.showErrors(sent, errors);
    this.screening.show(answer.screened);
    if (answer.others) {
      this.company.show(answer.others);
    }
    if (answer.session_ends_in) {
      endsIn(answer.session_ends_in);
    }
    this.savedAt = answer.saved_at ? new Date(answer.saved_at) : new Date();
    if ([...sent.keys()].some((name) => !this.refused.has(name))) {
      this.begun();
    }
    this.settled();
  }

  // The first thing saved begins the case, as the head of its page says from then on.
  begun() {
    const tag = document.getElementById("maca-begun");
    const head = document.querySelector(".maca-page-header__status");
    if (tag && head) {
      head.replaceChildren(tag.content.cloneNode(true));
      tag.remove();
    }
  }

  learn(marks, except = new Set()) {
    for (const [key, mark] of Object.entries(marks)) {
      if (!except.has(key)) {
        this.basis[key] = mark;
      }
    }
    this.form.elements.basis.value = JSON.stringify(this.basis);
  }

  // Somebody else's words, for a text that its reader has not touched.
  accept(key, fields, mark) {
    this.learn({ [key]: mark });
    for (const [name, value] of Object.entries(fields)) {
      this.said.set(name, value);
      put(this.form, name, value);
    }
  }

  isTouched(key) {
    return (
      this.conflicts.has(key) ||
      this.flight?.keys.includes(key) ||
      [...this.values()].some(
        ([name, value]) => this.key(name) === key && this.isDirty(name, value),
      )
    );
  }

  showErrors(sent, errors) {
    for (const name of sent.keys()) {
      const field = this.form.elements[name];
      const element = field instanceof RadioNodeList ? field[0] : field;
      const group = element?.closest(".govuk-form-group, .maca-pointbox__point");
      group?.querySelector("[data-maca-save-error]")?.remove();
      if (group && errors[name]) {
        const line = document.createElement("p");
        line.className = "govuk-error-message";
        line.dataset.macaSaveError = "";
        line.setAttribute("role", "status");
        line.textContent = errors[name];
        (field instanceof RadioNodeList ? group.firstElementChild : element).before(line);
      }
    }
  }

  settled() {
    if (this.flight || this.failures || this.isClosed) {
      return;
    }
    if (this.conflicts.size) {
      this.say("Not saved: somebody else changed the same words. Choose which stay.", "conflict");
    } else if (this.dirtyKeys().length) {
      this.soon(QUIET);
    } else if (this.refused.size) {
      this.say(`Not saved: ${this.wrong()}. Everything else is saved.`, "wrong");
    } else if (this.savedAt) {
      this.say(`Saved ${clock.format(this.savedAt)}`, "saved");
    }
  }

  // What cannot be saved as it stands, by the number of its question where it has one.
  wrong() {
    const numbers = [...this.form.querySelectorAll(".maca-question")]
      .filter((each) => each.querySelector("[data-maca-save-error]"))
      .map((each) => each.dataset.macaNumber);
    if (!numbers.length) {
      return "what is marked in red has to be put right";
    }
    const one = numbers.length === 1;
    return `${one ? "question" : "questions"} ${numbers.join(", ")} ${one ? "has" : "have"} to be put right`;
  }

  failed(why) {
    const wait = RETRY[Math.min(this.failures, RETRY.length - 1)];
    this.failures += 1;
    this.say(
      `Not saved: ${why}. It stays on this page, and is tried again.`,
      "failed",
    );
    this.soon(wait);
  }

  offline() {
    if (this.isUnsaved()) {
      this.failed("there is no connection");
    }
  }

  // Until somebody is signed in again.
  stopped(why) {
    this.failures += 1;
    this.waits = true;
    this.say(`Not saved: ${why}. It stays on this page.`, "failed");
  }

  closed(why) {
    this.isClosed = true;
    this.failures += 1;
    this.say(`Not saved: ${why}. Copy what you wrote before you leave.`, "failed");
  }

  // Aloud only when it turns: that nothing is saved any more, and that it is again.
  say(text, state) {
    for (const line of this.form.querySelectorAll("[data-maca-save-state]")) {
      line.textContent = text;
      line.dataset.state = state;
    }
    const bad = ["failed", "conflict", "wrong"].includes(state);
    const turned = bad ? text !== this.aloud : Boolean(this.aloud) && state === "saved";
    if (turned) {
      this.aloud = bad ? text : "";
      const said = this.form.querySelector("[data-maca-save-said]");
      if (said) {
        said.textContent = text;
      }
    }
  }

  // The button: what is typed is saved first, the same way, and only then the page goes on.
  async submitted(event) {
    if (this.leaving || this.isClosed || event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    const isSaved = await this.flush();
    // The browser takes no second submission while it is still asking about the first.
    await new Promise((resolve) => setTimeout(resolve));
    if (isSaved) {
      this.leaving = true;
      this.form.requestSubmit(submitter);
    } else {
      this.conflicts.focusFirst();
    }
  }
}
