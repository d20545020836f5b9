"""Rows as a spreadsheet holds them: cells that are safe and short enough, with a header; and back.

A text longer than a cell goes on in further rows, whose ids end in "[2 of 3]": each part is
corrected alone, and the parts without a correction keep their translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from batchtx.cells import CELL_LIMIT, cut, escape, guard, looks_converted, unescape, unguard
from batchtx.errors import SheetError
from batchtx.review.row import SheetRow
from batchtx.review.sheet import COLUMNS, LONG, NUMBERS, column_of, read_repeats, scope_of, status_of

NEEDED = ("id", "document", "source", "translation", "correction", "hash")
_HEADER_AMONG_FIRST = 20
_PART = re.compile(r" \[(\d+) of (\d+)\]$")
_CONVERTED = (
    "the spreadsheet took it for a number or a date; format the cell as text, or type it with an apostrophe "
    "in front"
)
_NO_SCOPE = "its scope is not understood; write here for this place alone, or leave it empty for all"
_ERROR = re.compile(r"#(NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!)|Err:\d{3}")


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one row. `fault` and `note` are about the correction (see SheetRow)."""

    number: int
    cells: Sequence[str]
    fault: str = ""
    note: str = ""


def to_cells(row: Sequence[str]) -> Iterator[list[str]]:
    """Yields one row of a sheet as one or more rows of cells."""
    named = {name: escape(cell) for name, cell in zip(COLUMNS, row, strict=True)}
    parts = {name: cut(named[name]) for name in LONG}
    n_parts = max(len(pieces) for pieces in parts.values())
    for place in range(n_parts):
        cells = {name: cell[: CELL_LIMIT - 1] for name, cell in named.items()}
        cells.update((name, pieces[place] if place < len(pieces) else "") for name, pieces in parts.items())
        if n_parts > 1:
            cells["id"] += f" [{place + 1} of {n_parts}]"
        yield [cells[name] if name in NUMBERS else guard(cells[name]) for name in COLUMNS]


def from_cells(sheet: str, table: Iterable[TableRow], *, untyped: bool = False) -> Iterator[SheetRow]:
    """Yields the rows of a table that has the header of a review sheet in one of its first rows.

    `untyped`: cells do not tell whether a person or the spreadsheet made a date or number of them.

    Raises:
        SheetError: it has none.
    """
    rows = iter(table)
    places = _header(sheet, rows)
    parts: dict[tuple[str, str], _Parts] = {}
    for row in rows:
        found = _row(sheet, places, row, untyped=untyped)
        if found is None:
            continue
        part = _PART.search(found.id)
        if part is None:
            yield replace(
                found,
                source=unescape(found.source),
                translation=unescape(found.translation),
                correction=unescape(found.correction),
            )
        else:
            key = found.document, found.id[: part.start()]
            parts.setdefault(key, _Parts(int(part[2]))).add(int(part[1]), found)
    for (_, row_id), long in parts.items():
        yield long.joined(row_id)


@dataclass(slots=True)
class _Parts:
    """The rows of one long text."""

    n_parts: int
    rows: dict[int, SheetRow] = field(default_factory=dict)

    def add(self, number: int, row: SheetRow) -> None:
        """Add a part; of one that stands twice, the row that says something counts."""
        earlier = self.rows.get(number)
        if earlier is not None and earlier.correction:
            if row.correction in ("", earlier.correction):
                return
            fault = f"part {number} stands twice, in row {earlier.number} too, with another correction"
            row = replace(row, fault=row.fault or fault)
        self.rows[number] = row

    def joined(self, row_id: str) -> SheetRow:
        """As one row; with a part missing, a correction cannot be put together."""
        rows = [self.rows[number] for number in sorted(self.rows)]
        missing = sorted(set(range(1, self.n_parts + 1)) - set(self.rows))
        corrected = any(row.correction for row in rows)
        decides = next((row for row in rows if row.status or row.correction), rows[0])
        correction = "".join(row.correction or row.translation for row in rows) if corrected else ""
        faults = [row.fault for row in rows if row.fault]
        if missing and corrected:
            faults.append(f"part {missing[0]} of {self.n_parts} of this text is missing from the sheet")
        return replace(
            rows[0],
            id=row_id,
            source=unescape("".join(row.source for row in rows)),
            translation="" if missing else unescape("".join(row.translation for row in rows)),
            correction=unescape(correction),
            status=decides.status,
            scope=next((row.scope for row in rows if row.scope), ""),
            fault="; ".join(faults),
        )


def _header(sheet: str, rows: Iterator[TableRow]) -> dict[str, int]:
    for row, _ in zip(rows, range(_HEADER_AMONG_FIRST), strict=False):
        names = [column_of(cell) for cell in row.cells]
        if "id" in names and "correction" in names:
            missing = [name for name in NEEDED if name not in names]
            if missing:
                raise SheetError(sheet, f"no column {', '.join(missing)}; is it a review sheet of batchtx?")
            return {name: names.index(name) for name in COLUMNS if name in names}
    raise SheetError(sheet, "no header row with the columns of a review sheet")


def _row(sheet: str, places: dict[str, int], row: TableRow, *, untyped: bool) -> SheetRow | None:
    """The row with guards taken off; escapes stay, since they may reach over two parts."""
    if not any(row.cells):
        return None
    cells = {
        name: unguard(row.cells[place]) if place < len(row.cells) else "" for name, place in places.items()
    }
    typed = row.cells[places["correction"]] if places["correction"] < len(row.cells) else ""
    converted = untyped and looks_converted(typed)
    repeats, in_several = read_repeats(cells.get("repeats", ""))
    scope = scope_of(cells.get("scope", ""))
    error = "the spreadsheet took it for a formula; write it with an apostrophe in front"
    return SheetRow(
        sheet=sheet,
        number=row.number,
        id=unescape(cells["id"]),
        document=unescape(cells["document"]),
        source=cells["source"],
        translation=cells["translation"],
        correction=cells["correction"],
        hash=cells["hash"].strip().removeprefix("h"),
        status=status_of(cells.get("status", "")),
        comment=unescape(cells.get("comment", "")),
        reviewer=unescape(cells.get("reviewer", "")).strip(),
        fault=row.fault
        or (_CONVERTED if converted else "")
        or (error if _ERROR.fullmatch(cells["correction"].strip()) else "")
        or (_NO_SCOPE if scope is None else ""),
        note=row.note,
        scope=scope or "",
        repeats=repeats,
        in_several=in_several,
    )
