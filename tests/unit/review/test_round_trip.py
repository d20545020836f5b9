"""Whatever stands in a segment comes back from every kind of sheet exactly."""

from __future__ import annotations

import contextlib
import random
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from batchtx.cells import CELL_LIMIT
from batchtx.errors import SheetError
from batchtx.review.formats import SHEET_FORMATS, read_sheet
from batchtx.review.sheet import COLUMNS
from tests.helpers.sheets import HOSTILE, correct, sheet_row, write, written_and_read

SUFFIXES = list(SHEET_FORMATS)
SPREADSHEETS = [".csv", ".tsv", ".xlsx"]
TEXTS = st.one_of(
    st.text(), st.sampled_from(HOSTILE), st.text(alphabet="'=+-@\t\r\n⟦⟧/1␛{}x005F_␀,;\"", max_size=12)
)
SHOWN = TEXTS.map(lambda text: text.replace("⟦", "⟦⟦"))  # as show_codes gives a text without codes


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hostile_texts_come_back_exactly(tmp_path: Path, suffix: str) -> None:
    rows = [
        sheet_row(text, text[::-1], number) for number, text in enumerate(HOSTILE, 1) if "⟦1⟧" not in text
    ]
    back = {row.id: row for row in written_and_read(tmp_path, suffix, rows)}
    for row in rows:
        assert back[row[0]].source == row[3]
        assert back[row[0]].translation == row[4]
        assert back[row[0]].correction == ""
        assert back[row[0]].document == "docs/a.txt"


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=60, deadline=None)
@given(source=SHOWN, translation=SHOWN, document=st.text(min_size=1).filter(str.strip))
def test_any_text_comes_back_exactly(suffix: str, source: str, translation: str, document: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (row,) = written_and_read(
            Path(folder), suffix, [sheet_row(source, translation, document=document.strip())]
        )
    assert (row.source, row.translation, row.correction) == (source, translation, "")
    assert row.document == document.strip()
    assert row.fault == ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_inline_codes_come_back(tmp_path: Path, suffix: str) -> None:
    source = "⟦1⟧粗⟦2⟧链接⟦/2⟧⟦/1⟧，注⟦5⟧，⟦⟦1⟧半⟦/7⟧"
    target = "half⟦/7⟧ ⟦⟦1⟧, ⟦1⟧⟦2⟧link⟦/2⟧ bold⟦/1⟧, note⟦5⟧"
    (row,) = written_and_read(tmp_path, suffix, [sheet_row(source, target)])
    assert (row.source, row.translation, row.fault) == (source, target, "")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("text", ["字" * 40_000, "=" + "\0😀" * 20_000, "a line\n" * 6_000])
def test_a_text_longer_than_a_cell_comes_back(tmp_path: Path, suffix: str, text: str) -> None:
    (row,) = written_and_read(tmp_path, suffix, [sheet_row(text, text[::-1].strip("\n") + "!")])
    assert row.source == text
    assert row.translation == text[::-1].strip("\n") + "!"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_damaged_sheet_is_told(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"review{suffix}", [sheet_row(text, text) for text in HOSTILE])
    whole = path.read_bytes()
    chance = random.Random(6)
    for _ in range(40):
        damaged = bytearray(whole[: chance.randrange(len(whole) // 2, len(whole))])
        for _ in range(3):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        with contextlib.suppress(SheetError):
            list(read_sheet(path))


@pytest.mark.parametrize("suffix", SPREADSHEETS)
def test_no_cell_is_longer_than_excel_keeps(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"review{suffix}", [sheet_row("'=😀" * 20_000, "\0" * 40_000)])
    if suffix == ".xlsx":
        page = openpyxl.load_workbook(path).active
        assert page is not None
        cells = [str(value or "") for row in page.values for value in row]
    else:
        import csv

        csv.field_size_limit(1 << 30)
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t" if suffix == ".tsv" else ",")
            cells = [cell for row in reader for cell in row]
    assert max(len(cell.encode("utf-16-le")) // 2 for cell in cells) <= CELL_LIMIT


@pytest.mark.parametrize("suffix", SPREADSHEETS)
def test_a_part_of_a_long_text_is_corrected_alone(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"review{suffix}", [sheet_row("字" * 40_000, "a" * 40_000)])
    correct(path, {"line 1/1 [2 of 3]": "SECOND"})
    (row,) = read_sheet(path)
    assert row.id == "line 1/1"
    assert row.correction == "a" * (CELL_LIMIT - 1) + "SECOND" + "a" * (40_000 - 2 * (CELL_LIMIT - 1))


def test_a_part_that_stands_twice_with_two_corrections_has_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "review.csv", [sheet_row("字" * 40_000, "a" * 40_000)])
    _, _, untouched = path.read_text(encoding="utf-8-sig").partition("\n")
    correct(path, {"line 1/1 [2 of 3]": "SECOND"})
    with path.open("a", encoding="utf-8") as file:
        file.write(untouched)
    (row,) = read_sheet(path)
    assert (row.fault, "SECOND" in row.correction) == ("", True)
    with path.open("a", encoding="utf-8") as file:
        file.write(untouched.replace(",,", ",OTHER,", 1).replace(" [1 of", " [2 of"))
    (row,) = read_sheet(path)
    assert row.fault == "part 2 stands twice, in row 3 too, with another correction"


@pytest.mark.parametrize("suffix", SPREADSHEETS)
def test_a_correction_whose_other_part_was_deleted_has_a_fault(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"review{suffix}", [sheet_row("字" * 40_000, "a" * 40_000)])
    correct(path, {"line 1/1 [2 of 3]": "SECOND"}, delete="line 1/1 [3 of 3]")
    (row,) = read_sheet(path)
    assert row.fault == "part 3 of 3 of this text is missing from the sheet"


@pytest.mark.parametrize("suffix", SPREADSHEETS)
def test_nothing_in_a_spreadsheet_is_a_formula(tmp_path: Path, suffix: str) -> None:
    rows = [sheet_row(text, text, number) for number, text in enumerate(HOSTILE, 1)]
    path = write(tmp_path / f"review{suffix}", rows)
    if suffix == ".xlsx":
        page = openpyxl.load_workbook(path).active
        assert page is not None
        kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
        assert kinds == {"s", "n"}  # n: the score
        assert {cell.value for cell in page[get_column_letter(COLUMNS.index("score") + 1)][1:]} == {0.25}
    else:
        import csv

        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t" if suffix == ".tsv" else ",")
            cells = [cell for row in reader for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
