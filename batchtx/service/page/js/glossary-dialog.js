// A glossary in a dialog: find rows, change, add, remove, save where the service allows it.

import { ask } from "./api.js";
import { $, make, tell } from "./dom.js";
import { focusLast, newRow, showRows } from "./rows.js";
import { number, word } from "./words.js";

const MOST = 100;

let name = "";
let rows = [];
let editable = false;
let isChanged = false;
let onSaved = () => {};

/** Opens a glossary by its name. */
export async function openGlossary(wanted, mayEdit) {
  try {
    ({ rows } = await ask("GET", `/glossaries/${encodeURIComponent(wanted)}`));
  } catch (error) {
    tell($("terms-error"), error.message);
    return;
  }
  [name, editable, isChanged] = [wanted, mayEdit, false];
  $("glossary-dialog-title").textContent = name;
  $("glossary-dialog-hint").textContent = word(editable ? "glossary.editable" : "glossary.fixed");
  $("glossary-filter").value = "";
  for (const button of [$("glossary-add"), $("glossary-save")]) button.hidden = !editable;
  $("glossary-findings").replaceChildren();
  tell($("glossary-error"), "");
  show();
  $("glossary-dialog").showModal();
}

/** The rows that the filter lets through, with their numbers; the header of a file is row 1. */
function matching() {
  const wanted = $("glossary-filter").value.trim().toLowerCase();
  const all = rows.map((row, index) => [row, index + 2]);
  if (!wanted) return all;
  return all.filter(([row]) => `${row.source}\n${row.target}\n${row.note ?? ""}`.toLowerCase().includes(wanted));
}

function show(last = false) {
  const found = matching();
  const some = last ? found.slice(-MOST) : found.slice(0, MOST);
  showRows(
    $("glossary-rows"),
    some.map(([row]) => row),
    {
      columns: ["source", "target", "note"],
      numbers: some.map(([, n]) => n),
      readOnly: !editable,
      onChange: () => {
        isChanged = true;
      },
      onRemove: (row) => {
        rows = rows.filter((one) => one !== row);
        isChanged = true;
        show();
        $("glossary-filter").focus();
      },
    },
  );
  const values = { shown: number(some.length), n: number(found.length) };
  $("glossary-more").textContent = word(some.length < found.length ? "glossary.more" : "glossary.all", values);
}

function add() {
  $("glossary-filter").value = "";
  rows.push(newRow());
  isChanged = true;
  show(true);
  focusLast($("glossary-rows"));
}

async function save() {
  const filled = rows.filter((row) => row.source.trim() || row.target.trim());
  tell($("glossary-error"), "");
  try {
    const { findings } = await ask("PUT", `/glossaries/${encodeURIComponent(name)}`, { terms: filled });
    rows = filled;
    isChanged = false;
    showFindings(findings);
    show();
    $("glossary-more").textContent = word("glossary.saved");
    onSaved();
  } catch (error) {
    showFindings(error.body?.findings ?? []);
    tell($("glossary-error"), error.status === 422 ? word("glossary.not_saved") : error.message);
  }
}

function showFindings(findings) {
  const entry = ({ row, severity, message }) =>
    make("li", { class: severity, lang: "en" }, word("glossary.row", { row, message }));
  $("glossary-findings").replaceChildren(...findings.map(entry));
}

/** Asks before changes are lost; the browser's own question is in the way of nothing. */
function leave(event) {
  if (isChanged && !confirm(word("glossary.unsaved"))) event.preventDefault();
}

export function startGlossaryDialog(saved) {
  onSaved = saved;
  $("glossary-filter").addEventListener("input", () => show());
  $("glossary-filter").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  $("glossary-rows").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") event.preventDefault();
  });
  $("glossary-add").addEventListener("click", add);
  $("glossary-save").addEventListener("click", save);
  $("glossary-dialog").addEventListener("cancel", leave);
  $("glossary-dialog").querySelector("form").addEventListener("submit", leave);
}
