// One document: its card, its progress, and what can be done with it.

import { ask } from "./api.js";
import { make, tell } from "./dom.js";
import { watch } from "./watch.js";
import { number, word } from "./words.js";

const UNFINISHED = ["uploading", "queued", "translating"];

export class Job {
  constructor(given, settings, { onSettled, onGone, say }) {
    this.name = given.name;
    this.status = { state: "uploading", share: 0, seconds_left: null };
    this.settings = settings;
    Object.assign(this, { onSettled, onGone, say, applied: null, stop: null });
    this.facts = make("p", { class: "hint" });
    this.bar = make("progress", { max: 1 });
    this.left = make("span", { class: "number" });
    this.state = make("span", { class: "state" });
    this.actions = make("div", { class: "actions" });
    this.error = make("p", { class: "notice wrong", role: "alert", hidden: true });
    this.outcome = make("div", { class: "outcome", role: "status" });
    this.pick = make("input", { type: "file", hidden: true, tabindex: "-1", onchange: () => this.correct() });
    this.title = make("h3", {}, this.name);
    const head = make("div", { class: "job-head" }, this.title, this.state);
    this.line = make("div", { class: "job-line" }, this.bar, this.left);
    this.element = make("li", { class: "job" }, head, this.line, this.facts, this.outcome, this.error);
    this.element.append(this.actions, this.pick);
    this.show();
  }

  /** The service has taken the document: from now on it is watched. */
  begin(job) {
    this.id = job.id;
    this.key = job.key;
    if (job.state) this.status = job;
    this.onSettled();
    this.show();
    this.stop = watch(this.path(), this.key, (status) => this.changed(status));
  }

  /** The service has not taken it. */
  fail(message) {
    this.status = { ...this.status, state: "error" };
    tell(this.error, message);
    this.show();
  }

  path(rest = "") {
    return `/documents/${this.id}${rest}`;
  }

  link(rest) {
    return `${this.path(rest)}?key=${encodeURIComponent(this.key)}`;
  }

  changed(status) {
    const before = this.status.state;
    this.status = status;
    if (status.state === "removed") {
      this.onGone();
      return;
    }
    if (before !== status.state && !["queued", "uploading"].includes(status.state)) {
      this.say(word("job.is", { name: this.name, state: word(`job.${status.state}`) }));
    }
    this.show();
  }

  show() {
    const { state, share, seconds_left: left, report, error } = this.status;
    const unfinished = UNFINISHED.includes(state);
    const percent = Math.floor((share || 0) * 100);
    this.element.dataset.state = state;
    this.state.textContent = word(`job.${state}`);
    this.line.hidden = !unfinished;
    if (state === "translating") this.bar.value = share;
    else this.bar.removeAttribute("value");
    this.bar.setAttribute("aria-label", word("job.progress", { name: this.name }));
    const seconds = left === null || left === undefined ? "" : number(Math.max(1, Math.round(left)));
    this.left.textContent =
      state === "translating" ? word(seconds ? "job.left" : "job.share", { percent, seconds }) : "";
    this.facts.textContent = state === "done" && report ? facts(report) : error || "";
    this.showOutcome();
    this.showActions();
  }

  showOutcome() {
    if (!this.applied) return;
    const { applied, unchanged, refused } = this.applied;
    const values = { applied: number(applied), unchanged: number(unchanged), refused: number(refused.length) };
    const rows = refused.map((one) => make("li", { lang: "en" }, word("job.refused", one)));
    this.outcome.replaceChildren(
      make("p", {}, word("job.applied", values)),
      ...(rows.length ? [make("ul", {}, ...rows)] : []),
    );
  }

  /** Buttons are made anew only when the state or the language changed, or they would lose the focus. */
  showActions() {
    const wanted = `${this.status.state} ${document.documentElement.lang} ${this.id}`;
    if (this.actions.dataset.made === wanted) return;
    const hadFocus = this.actions.contains(document.activeElement);
    this.actions.dataset.made = wanted;
    const buttons = [];
    if (this.status.state === "done") {
      buttons.push(this.download("result", "primary"), this.download("sheet", "secondary"));
      buttons.push(this.button("correct", "secondary", () => this.pick.click()));
    }
    const cancels = UNFINISHED.includes(this.status.state);
    if (this.id) {
      buttons.push(cancels ? this.button("cancel", "secondary", () => this.cancel()) : null);
      buttons.push(cancels ? null : this.button("remove", "quiet", () => this.remove()));
    } else if (!cancels) buttons.push(this.button("remove", "quiet", () => this.onGone()));
    this.actions.replaceChildren(...buttons.filter(Boolean));
    if (hadFocus) this.actions.firstElementChild?.focus();
    this.pick.accept = this.settings.batchtx.sheets.join(",");
  }

  label(action) {
    return word("job.of", { action: word(`job.${action}`), name: this.name });
  }

  button(action, kind, onclick) {
    const attributes = { type: "button", class: `${kind} small`, "aria-label": this.label(action), onclick };
    return make("button", attributes, word(`job.${action}`));
  }

  download(what, kind) {
    const attributes = { class: `button ${kind} small`, href: this.link(`/${what}`), download: "" };
    return make("a", { ...attributes, "aria-label": this.label(what) }, word(`job.${what}`));
  }

  async correct() {
    const [file] = this.pick.files;
    if (!file) return;
    const form = new FormData();
    form.set("key", this.key);
    form.set("file", file, file.name);
    this.pick.value = "";
    await this.tried(async () => {
      this.applied = await ask("POST", this.path("/sheet"), form);
      this.showOutcome();
    });
  }

  cancel() {
    return this.tried(() => ask("POST", this.link("/cancel")));
  }

  remove() {
    return this.tried(async () => {
      try {
        await ask("DELETE", this.link(""));
      } catch (error) {
        if (error.status !== 404) throw error; // gone already
      }
      this.stop?.();
      this.onGone();
    });
  }

  async tried(action) {
    tell(this.error, "");
    try {
      await action();
    } catch (error) {
      tell(this.error, error.message);
    }
  }
}

function facts(report) {
  const flags = Object.entries(report.flags)
    .map(([severity, n]) => `${number(n)} ${word(`severity.${severity}`).toLowerCase()}`)
    .join(word("list.comma"));
  const seconds = number(Math.round(report.elapsed_s * 10) / 10);
  return word(flags ? "job.facts" : "job.clean", { words: number(report.words), seconds, flags });
}
