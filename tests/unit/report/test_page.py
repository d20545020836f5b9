"""The report page: one file, no network, hostile texts are only texts."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from batchtx.errors import BatchtxError
from batchtx.report.page import page
from batchtx.report.report import DocumentReport, DoubtfulRow, Report
from batchtx.report.save import save_report
from batchtx.review.sheet import COLUMNS

HOSTILE = (
    '<script>alert(1)</script>"><img src=x onerror=alert(2)>\0\u202eevil\u202c'
    " &lt; \ud800 ]]> </style></title>"
)


def row(words: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()), **cells: str) -> DoubtfulRow:
    return DoubtfulRow(dict.fromkeys(COLUMNS, "") | cells, *words)


def report(**changes: object) -> Report:
    made = Report("engine:x", elapsed_s=2.0)
    document = DocumentReport("a.docx", "a.en.docx", "written", n_words=100)
    document.origins = Counter(mt=8, failed=1)
    document.scores = Counter({3: 2, 19: 6})
    document.count_flags("numbers", "major", 2)
    made.documents = [document]
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_hostile_texts_become_no_markup() -> None:
    hostile = DocumentReport(HOSTILE, HOSTILE, "failed", error=HOSTILE, notes=[HOSTILE], problems=[HOSTILE])
    hostile.count_flags(HOSTILE, "minor", 1)
    text = page(
        report(
            signature=HOSTILE,
            notes=[HOSTILE],
            sheets=[HOSTILE],
            documents=[hostile],
            worst=[row(((HOSTILE,), (HOSTILE,)), **dict.fromkeys(COLUMNS, HOSTILE))],
        )
    )
    tree = html.document_fromstring(text)
    assert not tree.xpath("//script|//img|//a|//link|//iframe|//object")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert len(tree.xpath("//style")) == len(tree.xpath("//title[not(ancestor::*[name()='svg'])]")) == 1
    assert "\0" not in text
    assert "␛{0}" in text
    text.encode("utf-8")


def test_nothing_comes_from_the_network_and_nothing_runs() -> None:
    text = page(report())
    assert not re.findall(r"(?:src|href|url)\s*[=(]", text)
    assert "default-src 'none'" in text
    assert "@import" not in text


def test_shows_counts_documents_and_distributions() -> None:
    text = page(report())
    tree = html.document_fromstring(text)
    tiles = [tile.text_content() for tile in tree.xpath("//div[@class='tile']")]
    assert tiles[:3] == ["1documents", "9segments", "100source words"]
    assert tree.xpath("//tbody/tr")[0].text_content().startswith("a.docx→ a.en.docx")
    assert len(tree.xpath("//svg[contains(@aria-label, 'Estimated quality')]//rect")) == 20
    assert "numbers" in tree.xpath("//svg[@aria-label='Flags by check']")[0].text_content()


def test_marks_what_a_flag_points_at_where_it_points() -> None:
    worst = row(
        (("13",), ("300",)),
        source="共30元，见附件13。",
        translation="300 yuan, see Annex 30.",
        severity="major",
        flags="numbers: not in the target by value: 13; not in the source: 300; low_confidence: look",
    )
    tree = html.document_fromstring(page(report(worst=[worst])))
    assert [mark.text for mark in tree.xpath("//mark")] == ["13", "300"]
    assert tree.xpath("//article/@class") == ["major"]


def test_a_run_without_scores_or_flags_has_a_page_too() -> None:
    text = page(Report("engine:echo"))
    assert "Estimated quality" not in text
    assert html.document_fromstring(text) is not None


def test_is_chosen_by_the_files_name(tmp_path: Path) -> None:
    save_report(report(), tmp_path / "new" / "run.html")
    save_report(report(), tmp_path / "run.json")
    assert (tmp_path / "new" / "run.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "run.json").read_text(encoding="utf-8").startswith("{")


def test_says_so_when_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BatchtxError, match="the report cannot be written"):
        save_report(report(), tmp_path / "file" / "run.html")
