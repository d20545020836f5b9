"""Doubts that show only across the documents of a run."""

from __future__ import annotations

import pytest

from batchtx.records import Flag, Origin, Segment, Translation
from batchtx.review.consistency import Consistency
from batchtx.review.sheet import COLUMNS, Choice, SheetRows

Row = tuple[str, str, str, Origin]


def flagged(*rows: Row) -> dict[str, str]:
    """The flags of each row by document, after the run."""
    with SheetRows() as sheet, Consistency() as consistency:
        for document, source, target, origin in rows:
            flags = (Flag("numbers", "look", "major"),) if document == "flagged.txt" else ()
            segment = Segment(document, "line 1", "line 1", 0, source)
            translation = Translation(segment, target, origin, 0.9, flags)
            sheet.add(translation)
            consistency.add(translation)
        counts = consistency.flag_rows(sheet)
        named = [dict(zip(COLUMNS, cells, strict=True)) for cells in sheet.ordered(Choice(), "document")]
        assert sum(counts.values()) == sum("line 1" in row["flags"] for row in named)
        assert sheet.count(Choice("flagged")) == sum(bool(row["flags"]) for row in named)
    return {row["document"]: row["flags"] for row in named}


def test_one_source_in_two_ways_is_flagged_in_both_places() -> None:
    flags = flagged(("a.txt", "总则", "General", "mt"), ("b.txt", "总则", "General Rules", "mt"))
    assert flags == {
        "a.txt": "inconsistent: b.txt, line 1 has the same source and says: General Rules",
        "b.txt": "inconsistent: a.txt, line 1 has the same source and says: General",
    }


def test_two_sources_in_one_way_are_flagged_in_both_places() -> None:
    flags = flagged(
        ("a.txt", "甲方应付款。", "Party A shall pay.", "mt"),
        ("b.txt", "乙方应付款。", "Party A shall pay.", "mt"),
    )
    assert "reused: b.txt, line 1 says the same for another source: 乙方应付款。" in flags["a.txt"]
    assert "甲方应付款。" in flags["b.txt"]


@pytest.mark.parametrize(
    "rows",
    [
        [("a", "总则", "General", "mt"), ("b", "总则", "General", "repeat")],
        [("a", "总则", "General", "mt"), ("b", "总则", "GENERAL.", "mt")],  # a heading and a sentence
        [("a", "注意", "Note", "mt"), ("b", "备注", "Note", "mt")],  # short ones are rightly shared
        [("a", "Excel", "Excel", "copied"), ("b", "总则", "General", "mt")],
    ],
)
def test_what_is_right_is_not_flagged(rows: list[Row]) -> None:
    assert set(flagged(*rows).values()) == {""}


def test_a_persons_words_are_named_but_not_doubted() -> None:
    flags = flagged(("a", "总则", "General", "mt"), ("b", "总则", "Basics", "human"))
    assert "Basics" in flags["a"]
    assert flags["b"] == ""


def test_of_equal_rows_in_a_document_the_first_is_flagged() -> None:
    with SheetRows() as sheet, Consistency() as consistency:
        for number, target in enumerate(("Basics", "General", "General", "General")):
            translation = Translation(Segment("d", str(number), "p", 0, "总则"), target, "mt", 0.9)
            sheet.add(translation)
            consistency.add(translation)
        assert consistency.flag_rows(sheet) == {("d", "inconsistent"): 2}
        flags = [cells[COLUMNS.index("flags")] != "" for cells in sheet.ordered(Choice(), "document")]
    assert flags == [True, True, False, False]


def test_a_flag_joins_those_that_are_there() -> None:
    flags = flagged(("flagged.txt", "总则", "General", "mt"), ("b", "总则", "Basics", "mt"))
    assert flags["flagged.txt"].startswith("numbers: look; inconsistent: b, line 1")


def test_a_newly_flagged_row_moves_up() -> None:
    with SheetRows() as sheet, Consistency() as consistency:
        for source, target in (("甲", "A"), ("总则", "General"), ("总则", "Basics")):
            translation = Translation(Segment("d", source, "p", 0, source), target, "mt", 0.9)
            sheet.add(translation)
            consistency.add(translation)
        consistency.flag_rows(sheet)
        first = next(sheet.ordered(Choice(), "doubt"))
    assert first[COLUMNS.index("severity")] == "minor"
