"""Sheets that the real LibreOffice opened and saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.review.formats import read_sheet
from batchtx.review.row import SheetRow
from tests.helpers.sheets import HOSTILE, needs_libreoffice, sheet_row, through_libreoffice, write

pytestmark = [needs_libreoffice, pytest.mark.slow]

CSV_IN_UTF8 = "csv:Text - txt - csv (StarCalc):44,34,76"
CSV_WITH_SEMICOLONS_IN_UTF8 = "csv:Text - txt - csv (StarCalc):59,34,76"
CSV_WITH_TABS_IN_UTF16 = "csv:Text - txt - csv (StarCalc):9,34,65535"
CSV_IN_GB18030 = "csv:Text - txt - csv (StarCalc):59,34,85"
LONG = "长" * 40_000 + "\0" + "=" * 30_000


def rows(*texts: str) -> list[list[str]]:
    return [sheet_row(text, f"{text} / {text}", number) for number, text in enumerate(texts, 1)]


def check(back: list[SheetRow], sent: list[list[str]]) -> None:
    found = {row.id: row for row in back}
    assert len(found) == len(sent)
    for cells in sent:
        row = found[cells[0]]
        assert (row.source, row.translation, row.correction) == (cells[3], cells[4], "")
        assert (row.document, f"h{row.hash}") == (cells[1], cells[-1])


@pytest.mark.parametrize("filter_", [CSV_IN_UTF8, CSV_WITH_SEMICOLONS_IN_UTF8])
def test_csv_to_xlsx_to_csv(tmp_path: Path, filter_: str) -> None:
    """Texts that stand alone in a cell and look like numbers become numbers there: not in here."""
    sent = rows(*(text for text in HOSTILE if text.strip() and not looks_like_a_number(text)), LONG)
    book = through_libreoffice(write(tmp_path / "review.csv", sent), "xlsx", tmp_path / "1")
    check(list(read_sheet(book)), sent)
    check(list(read_sheet(through_libreoffice(book, filter_, tmp_path / "2"))), sent)


def test_xlsx_saved_again(tmp_path: Path) -> None:
    sent = rows(*HOSTILE, LONG)
    check(
        list(read_sheet(through_libreoffice(write(tmp_path / "review.xlsx", sent), "xlsx", tmp_path / "1"))),
        sent,
    )


@pytest.mark.parametrize("filter_", [CSV_WITH_TABS_IN_UTF16, CSV_IN_GB18030, CSV_WITH_SEMICOLONS_IN_UTF8])
def test_xlsx_saved_as_csv(tmp_path: Path, filter_: str) -> None:
    sent = rows(*HOSTILE, LONG)
    check(
        list(read_sheet(through_libreoffice(write(tmp_path / "review.xlsx", sent), filter_, tmp_path / "1"))),
        sent,
    )


def test_docx_saved_again(tmp_path: Path) -> None:
    sent = rows(*HOSTILE)
    check(
        list(read_sheet(through_libreoffice(write(tmp_path / "review.docx", sent), "docx", tmp_path / "1"))),
        sent,
    )


def looks_like_a_number(text: str) -> bool:
    return text in ("30%", "2026-01-20", "007", "1E5", "TRUE")
