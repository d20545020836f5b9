"""Glossaries as Excel workbooks; needs openpyxl (the extra `review`)."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from batchtx.errors import GlossaryError

_MAX_COLUMNS = 64


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first worksheet with something in it: rows as text, numbered as Excel numbers them."""

    title: str
    rows: tuple[tuple[int, list[str]], ...]
    notes: tuple[str, ...] = ()


def read_sheet(data: bytes, name: str) -> Sheet:
    """The first worksheet of a workbook that is not empty; formulas count as what they last gave.

    Raises:
        GlossaryError: it is no workbook, all its sheets are empty, or openpyxl is missing.
    """
    openpyxl = _openpyxl(name)
    try:
        with warnings.catch_warnings(action="ignore"):  # about features that glossaries do not need
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [_sheet(sheet) for sheet in book.worksheets]
            book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        raise GlossaryError(name, f"is not a readable XLSX file ({error}); save it as CSV") from error
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise GlossaryError(name, "has no sheet with anything in it")
    others = ", ".join(sheet.title for sheet in filled[1:])
    notes = (f"{name}: the sheets {others} are not read; move the terms to the first",) if others else ()
    return Sheet(filled[0].title, filled[0].rows, notes)


def write_sheet(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one worksheet with a frozen header; every cell is text, none a formula."""
    openpyxl = _openpyxl(path.name)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("glossary")
    sheet.freeze_panes = "A2"
    for cells in (header, *rows):
        sheet.append([_text_cell(sheet, cell) for cell in cells])
    book.save(path)


def _text_cell(sheet: Any, value: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"  # "=…" would be stored as a formula
    return cell


def _sheet(sheet: Any) -> Sheet:
    rows = []
    sheet.reset_dimensions()  # a wrong size in the file would give a million empty rows
    for number, values in enumerate(sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True), 1):
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append((number, cells))
    return Sheet(str(sheet.title), tuple(rows))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
    return str(value).strip().strip("\ufeff")


def _openpyxl(name: str) -> Any:
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise GlossaryError(
            name, "XLSX files need openpyxl: pip install 'batchtx[review]', or save it as CSV"
        ) from error
    return openpyxl
