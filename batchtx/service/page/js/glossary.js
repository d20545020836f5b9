// Glossaries beside the panes: which are used, terms of one's own, and which terms the text has.

import { ask } from "./api.js";
import { $, keep, kept, make, tell } from "./dom.js";
import { openGlossary, startGlossaryDialog } from "./glossary-dialog.js";
import { focusLast, isFilled, newRow, showRows } from "./rows.js";
import { number, onLanguage, word } from "./words.js";

const OWN = "batchtx.terms";
const LEFT_OUT = "batchtx.glossaries";

let glossaries = [];
let editable = false;
let own = kept(sessionStorage, OWN) ?? [];
let leftOut = new Set(kept(sessionStorage, LEFT_OUT) ?? []);

/** What a request says of glossaries: names of those that are used, and terms of one's own. */
export function choice() {
  const found = {};
  const names = glossaries.map((one) => one.name);
  if (names.some((name) => leftOut.has(name))) {
    const used = names.filter((name) => !leftOut.has(name));
    found.glossary = used.length ? used : "";
  }
  const terms = own.filter(isFilled);
  if (terms.length) found.terms = terms;
  return found;
}

/** The same as fields of a form; terms as a table with its header. */
export function addChoice(form) {
  const { glossary, terms } = choice();
  if (glossary !== undefined) form.set("glossary", [glossary].flat().join(","));
  if (!terms) return;
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const lines = terms.map((row) => `${quoted(row.source)},${quoted(row.target)}`);
  form.set("terms", ["source,target", ...lines].join("\n"));
}

function showGlossaries() {
  $("glossaries-none").hidden = glossaries.length > 0;
  $("glossaries").replaceChildren(...glossaries.map(entry));
}

function entry({ name, rows }) {
  const box = make("input", { type: "checkbox", onchange: () => choose(name, box.checked) });
  box.checked = !leftOut.has(name);
  const action = editable ? "edit" : "view";
  const label = word(`glossary.${action}_label`, { name });
  return make(
    "li",
    {},
    make("label", {}, box, make("span", { class: "name" }, name)),
    make("span", { class: "hint" }, word("glossary.rows", { n: number(rows) })),
    make(
      "button",
      { type: "button", class: "quiet", "aria-label": label, onclick: () => openGlossary(name, editable) },
      word(`glossary.${action}`),
    ),
  );
}

function choose(name, used) {
  if (used) leftOut.delete(name);
  else leftOut.add(name);
  keep(sessionStorage, LEFT_OUT, [...leftOut]);
}

function showOwn() {
  const changed = () => keep(sessionStorage, OWN, own);
  showRows($("terms"), own, {
    columns: ["source", "target"],
    onChange: changed,
    onRemove: (row) => {
      own = own.filter((one) => one !== row);
      changed();
      showOwn();
      $("terms-add").focus();
    },
  });
}

function addOwn() {
  own.push(newRow());
  showOwn();
  focusLast($("terms"));
}

/** Lists the terms that stand in the text, with their translations. */
export function showFound(details) {
  const found = new Map();
  for (const sentence of details.sentences) {
    const missed = sentence.flags.filter((flag) => flag.check === "term_missed").flatMap((flag) => flag.source_spans);
    for (const term of sentence.terms) {
      const isMissed = missed.some(([start, end]) => start < term.end && term.start < end);
      const before = found.get(term.source);
      found.set(term.source, { targets: term.targets, isMissed: Boolean(before?.isMissed) || isMissed });
    }
  }
  $("found").hidden = !found.size;
  $("found-list").replaceChildren(
    ...[...found].map(([source, { targets, isMissed }]) =>
      make(
        "li",
        {},
        make("mark", { class: "term", lang: $("source").lang }, source),
        make("span", { lang: $("result").lang }, targets.join(" | ")),
        isMissed ? make("span", { class: "hint" }, word("found.missed")) : null,
      ),
    ),
  );
}

/** Reads the list of glossaries anew. */
export async function readGlossaries() {
  try {
    ({ glossaries, editable } = await ask("GET", "/glossaries"));
    tell($("terms-error"), "");
  } catch (error) {
    tell($("terms-error"), error.message);
  }
  showGlossaries();
}

export function startGlossary() {
  $("terms-add").addEventListener("click", addOwn);
  startGlossaryDialog(readGlossaries);
  onLanguage(() => {
    showGlossaries();
    showOwn();
  });
  return readGlossaries();
}
