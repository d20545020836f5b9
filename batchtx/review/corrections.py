"""Reads a review sheet back: whatever a spreadsheet made of it, and only what is certain."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from batchtx.errors import SheetError
from batchtx.review.cells import restore
from batchtx.review.sheet import COLUMNS

_NEEDED = ("id", "document", "source", "translation", "correction", "hash")
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it came back. `number` counts as spreadsheets do: the header is row 1."""

    number: int
    id: str
    document: str
    source: str
    translation: str
    correction: str
    hash: str
    comment: str = ""


def read_sheet(path: Path) -> Iterator[SheetRow]:
    """The rows of a sheet, in whatever order, encoding (UTF-8, UTF-16, GB18030) or delimiter
    (comma, semicolon, tab) it was saved.

    Raises:
        SheetError: it is no review sheet, or cannot be read.
    """
    text = _decode(path)
    delimiter = _delimiter(path, text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    csv.field_size_limit(1 << 30)
    header = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise SheetError(str(path), f"no column {', '.join(missing)}; is it a review sheet of batchtx?")
    places = {name: header.index(name) for name in COLUMNS if name in header}
    for number, cells in enumerate(reader, start=2):
        if not any(cells):
            continue
        row = {name: restore(cells[place]) if place < len(cells) else "" for name, place in places.items()}
        yield SheetRow(
            number=number,
            id=row["id"],
            document=row["document"],
            source=row["source"],
            translation=row["translation"],
            correction=row["correction"],
            hash=row["hash"].strip(),
            comment=row.get("comment", ""),
        )


def _decode(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SheetError(str(path), f"cannot be read: {error.strerror}") from None
    if data[:4] == b"PK\x03\x04":
        raise SheetError(str(path), "this is a spreadsheet file; save it as CSV (UTF-8) and apply that")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError(str(path), "neither UTF-8 nor GB18030; save it as CSV (UTF-8)")


def _delimiter(path: Path, text: str) -> str:
    header = text.split("\n", 1)[0]
    best = max(_DELIMITERS, key=header.count)
    if header.count(best) < len(_NEEDED) - 1:
        raise SheetError(str(path), "no header row with the columns of a review sheet")
    return best
