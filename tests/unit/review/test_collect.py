"""What a run collects for its reviewer."""

from __future__ import annotations

import sys

import pytest

from batchtx.memory.keys import source_key
from batchtx.memory.store import Correction, Store
from batchtx.records import Flag, Segment, Translation
from batchtx.report.report import DocumentReport, Report
from batchtx.review.collect import Review
from batchtx.review.sheet import Choice

SOURCE = "甲方应在收到发票后三十日内付款。"


def segment(source: str = SOURCE) -> Segment:
    return Segment("a.txt", "line 1", "line 1", 0, source)


def report() -> Report:
    return Report("s", documents=[DocumentReport("a.txt", "a.en.txt")])


def with_correction(store: Store) -> None:
    entry = Correction(SOURCE, "Party A shall pay.", "", "li", "a.txt", 1.0)
    store.correct([(source_key(SOURCE), entry)])


def test_shows_similar_entries_beside_machine_translations_only() -> None:
    with Store(None) as store:
        with_correction(store)
        with Review(store, report()) as review:
            review.add(Translation(segment(SOURCE.replace("甲", "乙")), "x", "mt"))
            review.add(Translation(segment(), "Party A shall pay.", "human"))
            shown = [" %: " in str(row) for row in review.rows.ordered(Choice(), "document")]
    assert shown == [True, False]


def test_without_rapidfuzz_the_run_goes_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    made = report()
    with Store(None) as store:
        with_correction(store)
        with Review(store, made) as review:
            review.add(Translation(segment("乙方应付款。"), "x", "mt"))
    assert made.notes == ["no fuzzy matches: pip install 'batchtx[review]' (rapidfuzz)"]


def test_the_report_gets_the_worst_flagged_segments_once_each() -> None:
    made = report()
    flag = Flag("numbers", "look", "major")
    with Store(None) as store, Review(store, made) as review:
        for source, score in (("一二三", 0.5), ("一二三", 0.5), ("四五六", 0.1), ("七八九", 0.0)):
            flags = () if source == "七八九" else (flag,)
            review.add(Translation(segment(source), "x", "mt", score, flags))
        review.finish(n_worst=5)
    assert [row.cells["source"] for row in made.worst] == ["四五六", "一二三"]
