"""Glossary files as rows of cells, whatever their format: CSV, TSV, TBX, XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from batchtx.errors import GlossaryError
from batchtx.files import OLD_OFFICE_MAGIC, ZIP_MAGIC

_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file that are neither empty nor comments, each with its number in the file.

    `layout` says for people how the file is built ("comma-separated"). `notes` tells what was left out.
    """

    rows: tuple[tuple[int, list[str]], ...]
    encoding: str
    layout: str
    notes: tuple[str, ...] = ()


def read_rows(path: str | Path) -> Rows:
    """Returns the rows of a glossary file; its bytes tell XLSX and TBX apart from CSV, not its name.

    Raises:
        GlossaryError: the file cannot be read, is empty, or is of no kind that glossaries come in.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise GlossaryError(str(path), f"cannot be read: {error.strerror or error}") from error
    return parse_rows(data, Path(path).name)


def parse_rows(data: bytes, name: str) -> Rows:
    """Returns the rows of the content of a glossary file, as `read_rows` gives them.

    Raises:
        GlossaryError: it is empty, or of no kind that glossaries come in.
    """
    if not data.strip():
        raise GlossaryError(name, "is empty")
    if data.startswith(ZIP_MAGIC):
        return _xlsx(data, name)
    if data.startswith(OLD_OFFICE_MAGIC):
        raise GlossaryError(name, "is an old spreadsheet (.xls) or has a password; save it as XLSX or CSV")
    if _looks_like_xml(data):
        return _tbx(data, name)
    return _separated(data, name)


def _separated(data: bytes, name: str) -> Rows:
    text, encoding = _decode(data, name)
    delimiter = _delimiter(text, name)
    rows = tuple(_separated_rows(text, delimiter, name))
    return _checked(Rows(rows, encoding, f"{_DELIMITERS[delimiter]}-separated"), name)


def _xlsx(data: bytes, name: str) -> Rows:
    from batchtx.glossary.xlsx import read_sheet

    sheet = read_sheet(data, name)
    rows = tuple((number, cells) for number, cells in sheet.rows if _counts(cells))
    return _checked(Rows(rows, "XLSX", f'sheet "{sheet.title}"', sheet.notes), name)


def _tbx(data: bytes, name: str) -> Rows:
    from batchtx.glossary.tbx import read_tbx

    found = read_tbx(data, name)
    return _checked(Rows(found.rows, f"TBX, {found.encoding}", found.root, found.notes), name)


def _checked(rows: Rows, name: str) -> Rows:
    if not rows.rows:
        raise GlossaryError(name, "is empty")
    return rows


def _looks_like_xml(data: bytes) -> bool:
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    wide = (b"<\0", b"\xff\xfe<\0", b"\xfe\xff\0<")
    return start.startswith((b"<?xml", b"<tbx", b"<martif", b"<!DOCTYPE", *wide))


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding, name), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(data, "gb18030", name), "gb18030"


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not {encoding}; save it as UTF-8"
        raise GlossaryError(name, message) from error
    if "\x00" in text:
        raise GlossaryError(name, "is a binary file, not CSV or TSV; save it as CSV in UTF-8")
    return text


def _delimiter(text: str, name: str) -> str:
    sample = [line for line in text.splitlines() if line.strip() and not line.startswith("#")][:50]
    if not sample:
        raise GlossaryError(name, "is empty")
    best = max(("\t", ",", ";"), key=lambda mark: sum(mark in line for line in sample))
    if sum(best in line for line in sample) * 2 < len(sample):
        message = "columns must be separated by comma, tab or semicolon"
        raise GlossaryError(name, f"no delimiter fits, and it is neither XLSX nor TBX: {message}")
    return best


def _separated_rows(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    width = 0
    try:
        for row, raw in enumerate(reader, 1):
            cells = [cell.strip().strip("\ufeff") for cell in raw]
            if not _counts(cells):
                continue
            width = width or max(len(cells), 2)
            if any(cells[width:]):
                raise GlossaryError(
                    name, f'{len(cells)} cells, expected {width}; put "…" around a cell with a separator', row
                )
            yield row, cells
    except csv.Error as error:
        raise GlossaryError(name, f"is not valid CSV: {error}", reader.line_num) from error


def _counts(cells: list[str]) -> bool:
    return any(cells) and not cells[0].startswith("#")
