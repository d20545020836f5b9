"""Review sheets as Excel workbooks; needs openpyxl (the extra `review`)."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from batchtx.cells import display_width
from batchtx.errors import SheetError
from batchtx.records import Severity
from batchtx.review.package import DAMAGE
from batchtx.review.row import SheetRow
from batchtx.review.sheet import (
    COLUMNS,
    EDITABLE,
    NUMBERS,
    Languages,
    column_of,
    heads,
    scopes,
    statuses,
)
from batchtx.review.table import TableRow, from_cells, to_cells

_WIDTHS = {
    "id": 22,
    "document": 22,
    "place": 22,
    "source": 48,
    "translation": 48,
    "correction": 48,
    "status": 12,
    "scope": 8,
    "repeats": 10,
    "score": 8,
    "severity": 10,
    "flags": 40,
    "terms": 24,
    "match": 30,
    "comment": 28,
}
_OTHER_WIDTH = 13
_WRAPPED = ("source", "translation", "correction", "flags", "terms", "match", "comment")
_LINE_HEIGHT = 15.0
_MOST_LINES = 27
"""409 points is the highest row that Excel has."""

_COLOURS: dict[Severity, str] = {"critical": "F8CBAD", "major": "FFE699", "minor": "FFF7D6"}
_LOCKED_COLOUR = "F2F2F2"
_HEADER_COLOUR = "404040"
_LINE_COLOUR = "D0D0D0"
_PERCENT = re.compile(r"0(?:\.(0+))?%")
_PLAIN = ("General", "@", "0")
_MOST_COLUMNS = 200
_ROUNDED = 10**15


def write_xlsx(rows: Iterable[Sequence[str]], output: BinaryIO, languages: Languages) -> None:
    """Writes the sheet as a workbook: all cells text but scores, source columns locked (no password)."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("review")
    _lay_out(page)
    page.append([_header_cell(page, head) for head in heads()])
    number = 1
    styles = _styles(page)
    for row in rows:
        for cells in to_cells(row):
            number += 1
            page.row_dimensions[number].height = _height(cells)
            page.append([_cell(page, name, cell, styles) for name, cell in zip(COLUMNS, cells, strict=True)])
    _finish(page, number)
    book.save(output)


def read_xlsx(sheet: str, data: bytes) -> Iterator[SheetRow]:
    """Yields the rows of the first worksheet that is a review sheet; formulas count as the text they are.

    Raises:
        SheetError: it is no workbook, or has no such worksheet, or openpyxl is missing.
    """
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise SheetError(
            sheet, "XLSX needs openpyxl: pip install 'batchtx[review]', or save it as CSV"
        ) from None
    try:
        tables = [list(_rows(page)) for page in _pages(openpyxl, data)]
    except DAMAGE as error:
        raise SheetError(sheet, f"is not a readable XLSX file ({error}); save it as CSV") from error
    filled = [table for table in tables if table] or [[]]
    for place, table in enumerate(filled):
        try:
            yield from from_cells(sheet, table)
            return
        except SheetError:
            if place == len(filled) - 1:
                raise


def _lay_out(page: Any) -> None:
    """What must be told before the first row."""
    from openpyxl.utils import get_column_letter

    page.freeze_panes = "A2"
    for place, name in enumerate(COLUMNS, 1):
        page.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, _OTHER_WIDTH)
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _finish(page: Any, n_rows: int) -> None:
    """What stands behind the rows: filter, list of statuses, colours, protection."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letters = {name: get_column_letter(place) for place, name in enumerate(COLUMNS, 1)}
    last = max(2, n_rows)
    locked = " ".join(f"{letters[name]}2:{letters[name]}{last}" for name in COLUMNS if name not in EDITABLE)
    page.auto_filter.ref = f"A1:{letters[COLUMNS[-1]]}{last}"
    choices = DataValidation("list", formula1=f'"{",".join(statuses())}"', allow_blank=True)
    choices.add(f"{letters['status']}2:{letters['status']}{last}")
    places = DataValidation("list", formula1=f'"{",".join(scopes())}"', allow_blank=True)
    places.add(f"{letters['scope']}2:{letters['scope']}{last}")
    page.data_validations.append(choices)
    page.data_validations.append(places)
    for severity, colour in _COLOURS.items():
        fill = PatternFill("solid", bgColor=colour)
        rule = FormulaRule([f'${letters["severity"]}2="{severity}"'], fill=fill)
        page.conditional_formatting.add(locked, rule)
    page.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "formatCells", "autoFilter", "sort"):
        setattr(page.protection, allowed, False)  # False: not forbidden


def _styles(page: Any) -> dict[str, Any]:
    """One styled cell per column, whose style the others share."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side

    line = Side("thin", color=_LINE_COLOUR)
    styles = {}
    for name in COLUMNS:
        cell = WriteOnlyCell(page)
        cell.alignment = Alignment(wrap_text=name in _WRAPPED, vertical="top")
        cell.border = Border(line, line, line, line)
        cell.number_format = "0.00" if name in NUMBERS else "@"
        cell.protection = Protection(locked=name not in EDITABLE)
        if name not in EDITABLE:
            cell.fill = PatternFill("solid", fgColor=_LOCKED_COLOUR)
        styles[name] = cell._style
    return styles


def _height(cells: Sequence[str]) -> float:
    """Enough for the longest text: LibreOffice, unlike Excel, does not fit the rows of a new file."""
    texts = ((name, cell) for name, cell in zip(COLUMNS, cells, strict=True) if name in _WRAPPED)
    n_lines = max(
        sum(1 + display_width(line) // (_WIDTHS[name] - 2) for line in cell.split("\n"))
        for name, cell in texts
    )
    return _LINE_HEIGHT * min(n_lines, _MOST_LINES)


def _header_cell(page: Any, name: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cell = WriteOnlyCell(page, value=name)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_HEADER_COLOUR)
    return cell


def _cell(page: Any, name: str, text: str, styles: dict[str, Any]) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(page, value=float(text) if name in NUMBERS and text else text or None)
    if isinstance(cell.value, str):
        cell.data_type = "s"  # "=…" would be stored as a formula
    cell._style = styles[name]
    return cell


def _pages(openpyxl: Any, data: bytes) -> list[list[Any]]:
    """The rows of cells of each worksheet; ValueError for what openpyxl stumbles over in a damaged one."""
    try:
        with warnings.catch_warnings(action="ignore"):  # about features that a review does not need
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            pages = []
            for page in book.worksheets:
                page.reset_dimensions()  # a wrong size in the file would give a million empty rows
                pages.append(list(page.iter_rows(max_col=_MOST_COLUMNS)))
            book.close()
    except (TypeError, AttributeError) as error:  # openpyxl's own, over attributes that nobody expects
        raise ValueError(str(error)) from error
    return pages


def _rows(page: list[Any]) -> Iterator[TableRow]:
    correction = None
    for number, cells in enumerate(page, 1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if correction is None:
            correction = next((n for n, text in enumerate(texts) if column_of(text) == "correction"), None)
        cell = cells[correction] if correction is not None and correction < len(cells) else None
        if texts:
            yield TableRow(number, texts, fault=_fault(cell), note=_note(cell))


def _text(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return value.replace("_x000D_", "")  # Excel's way to write a carriage return
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, str(cell.number_format))
    return str(getattr(value, "text", value))  # an array formula, or a date


def _number(value: float, shown_as: str) -> str:
    """A number as the reviewer typed it, as far as its format tells."""
    percent = _PERCENT.fullmatch(shown_as)
    if percent:
        return f"{value * 100:.{len(percent[1] or '')}f}%"
    return str(int(value)) if float(value).is_integer() else repr(value)


def _fault(cell: Any) -> str:
    """Why a correction that became a number or a date cannot be read back; "" when it can."""
    if cell is None or cell.value is None or isinstance(cell.value, str | bool):
        return ""
    shown_as = str(cell.number_format)
    known = shown_as in _PLAIN or _PERCENT.fullmatch(shown_as)
    if isinstance(cell.value, int | float) and abs(cell.value) >= _ROUNDED:
        return "a spreadsheet keeps 15 digits of a number and has rounded this one; format the cell as text"
    if isinstance(cell.value, int | float) and known:
        return ""
    if getattr(cell.value, "text", None) is not None:
        return ""
    return f"the spreadsheet took it for a number or a date ({shown_as}); format the cell as text"


def _note(cell: Any) -> str:
    if cell is not None and cell.data_type == "f":
        return "its correction is a formula to the spreadsheet; the text of the formula is used"
    return ""
