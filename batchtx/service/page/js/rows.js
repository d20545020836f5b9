// Rows of terms that can be edited: of a glossary, or of one's own.

import { make } from "./dom.js";
import { word } from "./words.js";

const NEW = { source: "", target: "" };

/** A row that has nothing in it yet. */
export const newRow = () => ({ ...NEW });

/** Whether a row says something. */
export const isFilled = (row) => Boolean(row.source.trim() && (row.target.trim() || row.dnt));

/**
 * Shows rows in a holder; cells write into their row and tell `onChange`. Columns that are not shown stay as they are.
 * `numbers` are the places of the rows among all, for people.
 */
export function showRows(holder, rows, { columns, onChange, onRemove, readOnly = false, numbers }) {
  const head = make("tr", {}, ...columns.map((name) => make("th", { scope: "col", class: name }, word(`terms.${name}`))));
  if (!readOnly) head.append(make("td", {}));
  const body = rows.map((row, index) => line(row, numbers?.[index] ?? index + 1));
  holder.replaceChildren(rows.length ? make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)) : "");

  function line(row, n) {
    const cells = columns.map((name) => make("td", { class: name }, cell(row, name, n)));
    if (!readOnly) cells.push(make("td", { class: "act" }, remove(row, n)));
    return make("tr", {}, ...cells);
  }

  function cell(row, name, n) {
    const input = make("input", {
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": word("terms.cell", { column: word(`terms.${name}`), n }),
      readonly: readOnly,
      oninput: () => {
        row[name] = input.value;
        onChange();
      },
    });
    input.value = row[name] ?? "";
    return input;
  }

  function remove(row, n) {
    const label = word("terms.remove", { n });
    return make("button", { type: "button", class: "quiet", "aria-label": label, onclick: () => onRemove(row) }, "×");
  }
}

/** Puts the cursor into the first cell of the last row. */
export function focusLast(holder) {
  holder.querySelector("tbody tr:last-child input")?.focus();
}
