"""Glossaries as Excel workbooks; needs openpyxl (the extra `review`)."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from calendar import day_name, month_name
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from batchtx.errors import GlossaryError

_MAX_COLUMNS = 64
_MONTHS, _DAYS = tuple(month_name), tuple(day_name)
_PERCENT = re.compile(r"0(?:\.(0+))?%")
_DATE_PART = re.compile("[ymdhs]", re.IGNORECASE)
_DATE_TOKEN = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|y+|m+|d+|h+|s+|.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GlossarySheet:
    """The first worksheet with something in it: rows as text, numbered as Excel numbers them."""

    title: str
    rows: tuple[tuple[int, list[str]], ...]
    notes: tuple[str, ...] = ()


def read_sheet(data: bytes, name: str) -> GlossarySheet:
    """Returns the first worksheet of a workbook that is not empty; formulas count as what they last gave.

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
    notes = [f"{name}: the sheets {others} are not read; move the terms to the first"] if others else []
    notes += [f"{name}, {note}" for note in filled[0].notes]
    return GlossarySheet(filled[0].title, filled[0].rows, tuple(notes))


def write_sheet(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes one worksheet with a frozen header; every cell is text, none a formula."""
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


def _sheet(sheet: Any) -> GlossarySheet:
    rows = []
    sheet.reset_dimensions()  # a wrong size in the file would give a million empty rows
    notes: list[str] = []
    for number, found in enumerate(sheet.iter_rows(max_col=_MAX_COLUMNS), 1):
        cells = [_text(cell) for cell in found]
        for cell, text in zip(found, cells, strict=True):
            if isinstance(cell.value, datetime | date | time):
                notes.append(f"row {number}: {text} is a date to the spreadsheet, shown as it shows it")
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append((number, cells))
    return GlossarySheet(str(sheet.title), tuple(rows), tuple(notes))


def _text(cell: Any) -> str:
    """A cell as the spreadsheet shows it: TRUE, 5%, 2026-03-04."""
    value, shown_as = cell.value, str(getattr(cell, "number_format", "") or "")
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if percent := _PERCENT.fullmatch(shown_as):
            return f"{value * 100:.{len(percent[1] or '')}f}%"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return _date(value, shown_as)
    return str(value).strip().strip("\ufeff")


def _date(value: datetime | date | time, shown_as: str) -> str:
    """A date or time in the format of its cell, as far as that is one of letters for its parts."""
    if not _DATE_PART.search(shown_as) or isinstance(value, time):
        return value.isoformat()
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    parts: list[str] = []
    after_hour = False
    for match in _DATE_TOKEN.finditer(shown_as.partition(";")[0]):
        token = match[0]
        letter = token[0].lower()
        minutes = letter == "m" and after_hour and len(token) <= 2
        after_hour = letter == "h" or (after_hour and letter not in "ymd")
        parts.append(_part(token, moment, minutes=minutes))
    return "".join(parts).strip()


def _part(token: str, moment: datetime, *, minutes: bool) -> str:
    letter, length = token[0].lower(), len(token)
    if minutes:
        return f"{moment.minute:02}"
    if letter == "y":
        return f"{moment.year:04}" if length > 2 else f"{moment.year % 100:02}"
    if letter == "m":
        return (str(moment.month), f"{moment.month:02}", _MONTHS[moment.month][:3], _MONTHS[moment.month])[
            min(length, 4) - 1
        ]
    if letter == "d":
        return (str(moment.day), f"{moment.day:02}", *[_DAYS[moment.weekday()][:3], _DAYS[moment.weekday()]])[
            min(length, 4) - 1
        ]
    if letter in "hs":
        number = moment.hour if letter == "h" else moment.second
        return f"{number:0{min(length, 2)}}"
    if letter in '["':
        return "" if letter == "[" else token[1:-1]
    return token.removeprefix("\\")


def _openpyxl(name: str) -> Any:
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise GlossaryError(
            name, "XLSX files need openpyxl: pip install 'batchtx[review]', or save it as CSV"
        ) from error
    return openpyxl
