// The two panes: source on the left, translation on the right, doubts below.

import { ask } from "./api.js";
import { $, characters, tell } from "./dom.js";
import { showDoubts } from "./doubts.js";
import { choice, showFound } from "./glossary.js";
import { fill, ranges } from "./marks.js";
import { number, onLanguage, word } from "./words.js";

let settings;
let running = null;
let shown = null;
let said = ["", {}];

function say(name, values = {}) {
  said = [name, values];
  $("said").textContent = name ? word(name, values) : "";
}

/** The layer below the source has the same text with marks; it also gives the source its height. */
function showSource(marked = []) {
  fill($("source-marks"), `${$("source").value}\n`, marked);
}

function showCount() {
  const n = characters($("source").value).length;
  const over = n - settings.charLimit;
  const values = { n: number(n), limit: number(settings.charLimit), over: number(over) };
  $("count").textContent = word(over > 0 ? "source.over" : "source.count", values);
  $("count").classList.toggle("over", over > 0);
  $("source").setAttribute("aria-invalid", over > 0 ? "true" : "false");
}

function changed() {
  showSource();
  showCount();
  $("clear-button").hidden = !$("source").value;
  if (shown) {
    $("result").classList.add("old");
    say("result.old");
  }
}

function showResult(target, details) {
  shown = { target, details };
  const sentences = details.sentences.map((one, index) => {
    const start = one.target_start;
    return { start, end: start + characters(one.target).length, number: index };
  });
  fill($("result"), target, ranges(details, "target"), sentences);
  showSource(ranges(details, "source"));
  $("result").classList.remove("old");
  $("result-empty").hidden = true;
  $("copy-button").hidden = !navigator.clipboard; // there is none where a page comes over bare http
  showScore(details);
  const n = showDoubts(details);
  showFound(details);
  say(n ? "result.doubted" : "result.clean", { n: number(n) });
}

/** The score of several sentences is that of the weakest, and is called so. */
function showScore({ score, sentences }) {
  $("score").hidden = score === null;
  if (score === null) return;
  $("score-meter").value = score;
  $("score-meter").setAttribute("low", "0.4");
  $("score-meter").setAttribute("high", "0.7");
  $("score-meter").setAttribute("optimum", "1");
  $("score-label").textContent = word(sentences.length > 1 ? "score.lowest" : "score.label");
  $("score-number").textContent = word("score.says", { percent: Math.round(score * 100) });
}

function showBusy(busy) {
  $("translate-button").textContent = word(busy ? "translate.stop" : "translate.go");
  $("result").setAttribute("aria-busy", String(busy));
  $("result").classList.toggle("busy", busy);
}

/** Translates the source; while that goes on, the same button stops it. */
export async function translate() {
  if (running) {
    running.abort();
    return;
  }
  const text = $("source").value;
  if (!text.trim()) {
    $("source").focus();
    return;
  }
  tell($("text-error"), "");
  running = new AbortController();
  showBusy(true);
  say("result.working");
  try {
    const answer = await ask("POST", "/translate", asked(text), { signal: running.signal });
    showResult(answer.translatedText, answer.details);
    if ($("source").value !== text) changed(); // somebody went on typing
  } catch (error) {
    if (error.name === "AbortError") say("result.stopped");
    else {
      say("");
      tell($("text-error"), error.message);
    }
  } finally {
    running = null;
    showBusy(false);
  }
}

function asked(text) {
  const { source, target } = settings.language;
  return { q: text, source: source.code, target: target.code, details: true, ...choice() };
}

async function copy() {
  await navigator.clipboard.writeText(shown.target);
  $("copy-button").textContent = word("result.copied");
  setTimeout(() => {
    $("copy-button").textContent = word("result.copy");
  }, 1500);
}

function clear() {
  $("source").value = "";
  $("source").focus();
  changed();
}

/** Puts text where the cursor is, as if it was typed. */
export function typeIn(text) {
  const source = $("source");
  source.setRangeText(text, source.selectionStart, source.selectionEnd, "end");
  source.focus();
  changed();
}

export function startText(given) {
  settings = given;
  $("source").lang = settings.language.source.code;
  $("result").lang = settings.language.target.code;
  $("source-marks").lang = settings.language.source.code;
  $("source").addEventListener("input", changed);
  $("source").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!running) translate();
    }
  });
  $("translate-button").addEventListener("click", translate);
  $("copy-button").addEventListener("click", copy);
  $("clear-button").addEventListener("click", clear);
  changed();
  onLanguage(() => {
    showCount();
    showBusy(Boolean(running));
    say(...said);
    if (!shown) return;
    showDoubts(shown.details);
    showFound(shown.details);
    showScore(shown.details);
  });
}
