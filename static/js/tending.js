// What the lists of a return's form share: to ask the server for one thing, to undo, to tell.
import { check, signedOut, token, writer } from "./session.js";

const RETRY = 4_000;
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

export class Tending {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.macaTend;
    this.queue = Promise.resolve();
    this.undoBar = form.querySelector("[data-maca-undo]");
    this.aloud = form.querySelector("[data-maca-tended]");
    this.undoBar?.querySelector("button").addEventListener("click", (event) => {
      event.preventDefault();
      this.undone();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.pending) {
        event.preventDefault();
      }
    });
  }

  // One after the other, in the order in which they were asked for.
  then(action) {
    this.pending = (this.pending || 0) + 1;
    this.queue = this.queue.then(action).finally(() => {
      this.pending -= 1;
    });
    return this.queue;
  }

  // What is typed has to be there before anything can be done to it.
  flush() {
    const waiting = [];
    const detail = { wait: (promise) => waiting.push(promise) };
    this.form.dispatchEvent(new CustomEvent("maca:flush", { detail }));
    return Promise.all(waiting);
  }

  // Boxes that left the page are not waited for any more.
  gone(...elements) {
    const names = elements
      .flatMap((each) => [...each.querySelectorAll("[name]")])
      .map((field) => field.name);
    this.form.dispatchEvent(new CustomEvent("maca:gone", { detail: { names } }));
  }

  async ask(what) {
    for (;;) {
      try {
        const response = await this.post(what);
        if (response.ok) {
          return await response.json();
        }
        if (response.status === 401) {
          signedOut();
        } else if (response.status === 403) {
          await check();
        } else {
          return { refused: true, words: "Not done: load the page again to see how it stands." };
        }
      } catch {
        this.say("Not done yet: there is no connection. It is tried again.");
      }
      await wait(RETRY);
    }
  }

  post(what) {
    return fetch(this.address, {
      method: "POST",
      body: new URLSearchParams({ do: what, writer: writer() }),
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      redirect: "error",
      signal: AbortSignal.timeout(20_000),
    });
  }

  say(words) {
    this.aloud.textContent = words;
  }

  offerUndo(words, undo) {
    this.undo = undo;
    this.undoBar.querySelector("p").textContent = words;
    this.undoBar.hidden = false;
    this.say(`${words} Undo is at the end of the page.`);
  }

  undone() {
    this.undoBar.hidden = true;
    const { undo } = this;
    this.undo = null;
    undo?.();
  }
}

export function built(template, id) {
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll(template.dataset.macaId, id);
  return holder.content.firstElementChild;
}

export function typed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
