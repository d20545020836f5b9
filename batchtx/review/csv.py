"""Review sheets as CSV and TSV, however a spreadsheet saved them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from batchtx.errors import SheetError
from batchtx.review.row import SheetRow
from batchtx.review.sheet import Languages, column_of, heads
from batchtx.review.table import NEEDED, TableRow, from_cells, to_cells
from batchtx.text.fingerprint import source_hash

_DELIMITERS = (",", ";", "\t", "|")
_LARGEST_FIELD = 1 << 30


def write_csv(rows: Iterable[Sequence[str]], output: BinaryIO, languages: Languages) -> None:
    """Writes the sheet as CSV (RFC 4180, UTF-8 with a byte order mark, which Excel needs)."""
    _write(rows, output, ",")


def write_tsv(rows: Iterable[Sequence[str]], output: BinaryIO, languages: Languages) -> None:
    """Writes the sheet with tabs between the cells; those with tabs or line ends in them stand in quotes."""
    _write(rows, output, "\t")


def read_csv(sheet: str, data: bytes) -> Iterator[SheetRow]:
    """Yields the rows, whatever the encoding (UTF-8, UTF-16, GB18030) and the delimiter.

    Raises:
        SheetError: it is no review sheet, or in no encoding that is known.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    text = _unicode(data)
    yield from _legacy(sheet, data) if text is None else _parsed(sheet, text)


def _parsed(sheet: str, text: str) -> Iterator[SheetRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    yield from from_cells(sheet, _rows(sheet, reader), untyped=True)


def _write(rows: Iterable[Sequence[str]], output: BinaryIO, delimiter: str) -> None:
    text = io.TextIOWrapper(output, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(heads())
    for row in rows:
        writer.writerows(to_cells(row))
    text.flush()
    text.detach()


def _rows(sheet: str, reader: Iterator[list[str]]) -> Iterator[TableRow]:
    try:
        for number, cells in enumerate(reader, start=1):
            yield TableRow(number, cells)
    except csv.Error as error:
        raise SheetError(sheet, f"is no readable CSV ({error}); save it again as CSV (UTF-8)") from None


def _unicode(data: bytes) -> str | None:
    """The text when it is in an encoding of Unicode."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for mark, encoding in ((data[1:2], "utf-16-le"), (data[:1], "utf-16-be")):
        if mark == b"\0":
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _legacy(sheet: str, data: bytes) -> list[SheetRow]:
    """The rows of a sheet that a spreadsheet saved in the encoding of its Windows.

    GB18030 when Chinese sources come out that fit their hashes. A Western Windows has written a question
    mark for each Chinese character; then only what it has, its quotation marks and accents, is right.
    """
    rows = _rows_in(sheet, data, "gb18030")
    wide = [row for row in rows if not row.source.isascii()]
    marked = [row for row in wide if "⟦" in row.source]  # their hash is of the real codes
    if wide and (len(marked) == len(wide) or any(_fits(row) for row in wide)):
        return rows
    rows = _rows_in(sheet, data, "cp1252")
    lost = [row for row in rows if not _fits(row)]
    if lost and all(row.source.isascii() and "?" in row.source for row in lost):
        return rows
    raise SheetError(sheet, "neither UTF-8 nor GB18030: its sources do not come out; save it as CSV (UTF-8)")


def _rows_in(sheet: str, data: bytes, encoding: str) -> list[SheetRow]:
    """The rows in this encoding; none when the bytes do not fit it."""
    try:
        return list(_parsed(sheet, data.decode(encoding)))
    except UnicodeDecodeError:
        return []


def _fits(row: SheetRow) -> bool:
    return row.hash == source_hash(row.source)


def _delimiter(text: str) -> str:
    """The one that parts the header into the most known names."""
    lines = text.splitlines()[:20]

    def n_known(delimiter: str) -> int:
        return max((_n_needed(line.split(delimiter)) for line in lines), default=0)

    return max(_DELIMITERS, key=n_known)


def _n_needed(cells: Iterable[str]) -> int:
    return sum(column_of(cell.strip(' "\ufeff')) in NEEDED for cell in cells)
