"""Workbooks as Excel shows them to a reviewer, and what a person's typing became in them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from batchtx.review.formats import read_sheet
from batchtx.review.row import SheetRow
from batchtx.review.sheet import COLUMNS
from tests.helpers.sheets import sheet_row, write


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    rows = [sheet_row("甲方。", "Party A.", 1), sheet_row("长" * 300, "long " * 300, 2, severity="critical")]
    return write(tmp_path / "review.xlsx", rows)


def typed(sheet: Path, value: object, shown_as: str) -> SheetRow:
    """The first row after a person typed `value` and the spreadsheet gave it a format."""
    book = openpyxl.load_workbook(sheet)
    page = book.active
    assert page is not None
    cell = page.cell(2, COLUMNS.index("correction") + 1)
    cell.value, cell.number_format = value, shown_as
    book.save(sheet)
    return next(iter(read_sheet(sheet)))


def test_only_the_reviewers_columns_are_unlocked(sheet: Path) -> None:
    page = openpyxl.load_workbook(sheet).active
    assert page is not None
    unlocked = {page.cell(1, cell.column).value for cell in page[2] if not cell.protection.locked}
    assert unlocked == {"correction", "status", "scope", "comment", "reviewer"}
    assert page.protection.sheet
    assert not page.protection.password


def test_the_header_stays_and_filters_and_the_status_has_a_list(sheet: Path) -> None:
    page = openpyxl.load_workbook(sheet).active
    assert page is not None
    assert page.freeze_panes == "A2"
    assert str(page.auto_filter.ref).startswith("A1:")
    lists = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation}
    status, scope = (
        openpyxl.utils.get_column_letter(COLUMNS.index(name) + 1) for name in ("status", "scope")
    )
    assert lists == {
        f"{status}2:{status}3": '"approved,corrected,question"',
        f"{scope}2:{scope}3": '"all,here"',
    }


def test_rows_have_colours_by_severity_and_room_for_their_text(sheet: Path) -> None:
    page = openpyxl.load_workbook(sheet).active
    assert page is not None
    rules = [rule for rules in page.conditional_formatting for rule in rules.rules]
    assert {rule.formula[0].partition("=")[2] for rule in rules} == {'"critical"', '"major"', '"minor"'}
    assert page.row_dimensions[3].height > 10 * page.row_dimensions[2].height / 3
    assert page["D3"].alignment.wrap_text


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        (0.3, "0%", "30%"),
        (0.125, "0.0%", "12.5%"),
        (7, "General", "7"),
        (2.5, "@", "2.5"),
        (True, "General", "TRUE"),
        ("first_x000D_\nsecond", "@", "first\nsecond"),
    ],
)
def test_a_correction_is_read_as_it_was_typed(sheet: Path, value: object, shown_as: str, text: str) -> None:
    row = typed(sheet, value, shown_as)
    assert (row.correction, row.fault, row.note) == (text, "", "")


@pytest.mark.parametrize(
    ("value", "shown_as"),
    [
        (datetime(2026, 1, 20), "yyyy-mm-dd"),
        (1234.5, "#,##0.00"),
        ("#NAME?", "General"),
        ("Err:508", "General"),
    ],
)
def test_what_a_spreadsheet_made_of_a_text_is_a_fault(sheet: Path, value: object, shown_as: str) -> None:
    assert "the spreadsheet took it for a" in typed(sheet, value, shown_as).fault


def test_a_formula_is_never_computed(sheet: Path) -> None:
    row = typed(sheet, '=HYPERLINK("http://example.com","click")', "General")
    assert row.correction == '=HYPERLINK("http://example.com","click")'
    assert "the text of the formula is used" in row.note


def test_the_sheet_may_be_any_page_of_the_workbook(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    notes = book.create_sheet("notes", 0)
    notes.append(["my own notes"])
    book.save(sheet)
    assert [row.id for row in read_sheet(sheet)] == ["line 1/1", "line 2/1"]
