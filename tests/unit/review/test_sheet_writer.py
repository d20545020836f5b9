"""Which files the sheets of a run become."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.config import RunConfig
from batchtx.memory.store import Store
from batchtx.records import Segment, Translation
from batchtx.report.report import DocumentReport, Report
from batchtx.review.formats import read_sheet
from batchtx.review.sheet import SheetRows
from batchtx.review.sheet_writer import SheetWriter

DOCUMENTS = ("a.txt", "sub/a.txt", "-")


def written(folder: Path, config: RunConfig, n_segments: int = 2) -> list[str]:
    """The names of the sheets of a run over `DOCUMENTS`, each with `n_segments`."""
    report = Report("signature")
    with SheetRows() as rows, Store(folder / "memory.sqlite") as store:
        for document in DOCUMENTS:
            for index in range(n_segments):
                segment = Segment(document, "line 1", "line 1", index, f"第{index}句。")
                rows.add(Translation(segment, f"Sentence {index}.", "mt"))
        SheetWriter(config, ("zh", "en"), store, report).write(rows)
    assert report.notes == []
    return [Path(path).name for path in report.sheets]


def test_documents_of_one_name_have_sheets_of_their_own(tmp_path: Path) -> None:
    names = written(tmp_path, RunConfig(sheet=tmp_path / "review.csv", sheet_per="document"))
    assert names == ["review.a.txt.csv", "review.a.txt.2.csv", "review.stdin.csv"]
    found = [{row.document for row in read_sheet(tmp_path / name)} for name in names]
    assert found == [{"a.txt"}, {"sub/a.txt"}, {"-"}]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".xlf", ".docx"])
def test_no_segment_is_lost_or_doubled_by_splitting(tmp_path: Path, suffix: str) -> None:
    names = written(
        tmp_path, RunConfig(sheet=tmp_path / f"review{suffix}", sheet_max_rows=4, sheet_repeats="all"), 3
    )
    assert names == [f"review-{number}{suffix}" for number in (1, 2, 3)]
    sizes = [[(row.document, row.id) for row in read_sheet(tmp_path / name)] for name in names]
    assert [len(rows) for rows in sizes] == [4, 4, 1]
    assert len({row for rows in sizes for row in rows}) == 9


def test_a_word_table_never_grows_beyond_what_word_opens(tmp_path: Path) -> None:
    names = written(tmp_path, RunConfig(sheet=tmp_path / "review.docx", sheet_max_rows=10_000), 700)
    assert names == ["review-1.docx", "review-2.docx"]


def test_a_sheet_that_cannot_be_written_is_told_and_shows_in_the_exit_code(tmp_path: Path) -> None:
    report = Report("signature", documents=[DocumentReport("a.txt", "a.en.txt", "written")])
    with SheetRows() as rows, Store(None) as store:
        rows.add(Translation(Segment("a.txt", "line 1", "line 1", 0, "第一句。"), "Sentence.", "mt"))
        config = RunConfig(sheet=tmp_path / f"{'n' * 252}.csv")
        SheetWriter(config, ("zh", "en"), store, report).write(rows)
    assert report.exit_code == 1
    (trouble,) = report.troubles
    assert "the review sheet could not be written" in trouble
    assert "too long" in trouble
