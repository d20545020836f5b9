"""CSV in the shapes that spreadsheets save it."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.errors import SheetError
from batchtx.review.formats import read_sheet
from tests.helpers.sheets import sheet_row, write

ROWS = [sheet_row("甲方“⟦1⟧应⟦/1⟧”付款；\n，", "Party A; shall,\tpay.\nNow.", n) for n in (1, 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@pytest.mark.parametrize("first", ["", "sep=;\n", "my title;;\n"])
def test_any_encoding_and_delimiter(tmp_path: Path, encoding: str, suffix: str, first: str) -> None:
    path = write(tmp_path / f"review{suffix}", ROWS)
    text = path.read_text(encoding="utf-8-sig")
    (tmp_path / "back.txt").write_text(first + text, encoding=encoding, newline="")
    rows = list(read_sheet(tmp_path / "back.txt"))
    assert [(row.id, row.source, row.translation) for row in rows] == [(r[0], r[3], r[4]) for r in ROWS]


def test_a_correction_longer_than_any_cell_is_read(tmp_path: Path) -> None:
    row = sheet_row("甲方。", "Party A.", correction="")
    row[5] = "=" + "long " * 8_000
    path = write(tmp_path / "review.csv", [row])
    (back,) = read_sheet(path)
    assert back.correction == row[5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,document,correction\n1,2,3\n", "no column source, translation, hash"),
        ("a,b\n1,2\n", "no header row"),
    ],
)
def test_what_lacks_columns_is_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SheetError, match=message):
        list(read_sheet(tmp_path / "x.csv"))
