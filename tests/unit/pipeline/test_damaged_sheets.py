"""What spreadsheets, CAT tools and their users do to a sheet never gets into a document unseen."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from batchtx.config import RunConfig
from batchtx.engines.spec import EngineSpec
from batchtx.errors import SheetError
from batchtx.executors.serial import SerialExecutor
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.glossary.table import Glossary
from batchtx.language.zh_en import PAIR
from batchtx.memory.store import Store
from batchtx.pipeline.apply import ApplyOptions, apply_sheets
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.run import Run, translate_documents
from batchtx.pipeline.scheduling import Workers
from batchtx.records import Translation
from batchtx.report.report import DocumentReport, Report
from batchtx.review.apply_report import Applied
from batchtx.review.formats import read_sheet
from batchtx.worker.worker import WorkSpec
from tests.fixtures_docx import body_of, package, paragraph

SOURCES = ("甲方的义务如下。", "三月四日到期。", "价格不超过五元吗？", "乙方应交货。")


class Silent:
    def translated(self, report: Report, translation: Translation, share: float) -> None: ...
    def document(self, report: DocumentReport) -> None: ...


class Desk:
    """A folder with a translated document, its memory and its sheet."""

    def __init__(self, folder: Path, suffix: str = ".csv", format_name: str = "docx") -> None:
        self.folder = folder
        self.sheet = folder / f"review{suffix}"
        self.output = folder / f"a.en.{format_name}"
        self.store = Store(folder / "memory.sqlite")
        source = folder / f"a.{format_name}"
        if format_name == "docx":
            source.write_bytes(package("".join(map(paragraph, SOURCES))))
        else:
            source.write_text("\n".join(SOURCES), encoding="utf-8")
        run = Run(
            RunConfig(sheet=self.sheet),
            FormatChoices(),
            PAIR,
            Workers(WorkSpec(EngineSpec("pseudo")), SerialExecutor()),
            Glossary(),
            "s",
            "s",
        )
        translate_documents(
            run, [Job(Source("a", path=source), format_name, self.output)], self.store, Silent()
        )

    def rows(self) -> list[dict[str, str]]:
        with self.sheet.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def edit(
        self, change: Callable[[dict[str, str]], object], encoding: str = "utf-8-sig", errors: str = "replace"
    ) -> None:
        rows = self.rows()
        for row in rows:
            change(row)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        self.sheet.write_bytes(text.getvalue().encode(encoding, errors))

    def apply(self) -> Applied:
        return apply_sheets([self.sheet], self.store, ApplyOptions(), Silent())

    @property
    def body(self) -> str:
        return body_of(self.output.read_bytes())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def correct(start: str, correction: str, status: str = "") -> Callable[[dict[str, str]], object]:
    def change(row: dict[str, str]) -> None:
        if row["source"].startswith(start):
            row["correction"], row["status"] = correction, status

    return change


def reasons(applied: Applied) -> str:
    return " | ".join(change.reason for change in applied.refused)


def test_a_sheet_of_a_western_windows_keeps_its_quotation_marks(desk: Desk) -> None:
    desk.edit(correct("甲方", "Party A’s obligations – “now”."), "cp1252")
    assert not desk.apply().refused
    assert "Party A’s obligations – “now”." in desk.body


def test_what_a_western_windows_has_lost_of_a_correction_is_refused(desk: Desk) -> None:
    desk.edit(correct("乙方", "Party B delivers ≤ 5 units’ worth."), "cp1252")
    assert "saved in another encoding" in reasons(desk.apply())


def test_a_question_that_the_source_asks_too_is_no_loss(desk: Desk) -> None:
    desk.edit(correct("价格", "Isn’t it at most five yuan?"), "cp1252")
    assert not desk.apply().refused


def test_a_sheet_without_chinese_and_without_accents_is_seen_too(desk: Desk) -> None:
    desk.edit(correct("甲方", "Obligations of the ? party."), "ascii")
    assert "saved in another encoding" in reasons(desk.apply())


@pytest.mark.parametrize("encoding", ["cp932", "cp949", "cp1251"])
def test_a_sheet_in_an_encoding_of_another_country_puts_no_mojibake_in(desk: Desk, encoding: str) -> None:
    before = desk.output.read_bytes()
    desk.edit(correct("甲方", "Party A’s."), encoding)
    try:
        applied = desk.apply()
    except SheetError as error:
        assert "save it as CSV (UTF-8)" in str(error)
        assert desk.output.read_bytes() == before
    else:
        assert applied.refused or "Party A’s." in desk.body


def test_approval_is_of_what_the_memory_knows(desk: Desk) -> None:
    before = desk.body

    def approve(row: dict[str, str]) -> None:
        row["status"] = "approved"
        if row["source"].startswith("三月"):
            row["translation"] = "4-Mar"

    desk.edit(approve)
    applied = desk.apply()
    assert len(applied.changed) == 3
    assert "approved, but a person or a spreadsheet has changed the translation" in reasons(applied)
    assert desk.body == before
    assert "4-Mar" not in {one.target for one in desk.store.corrections()}


def test_what_a_spreadsheet_made_of_a_translation_is_not_taken_for_the_machines(desk: Desk) -> None:
    (said,) = [row["translation"] for row in desk.rows() if row["source"].startswith("三月")]

    def change(row: dict[str, str]) -> None:
        if row["source"].startswith("三月"):
            row.update(translation="4-Mar", correction="Due on March 4.")

    desk.edit(change)
    desk.apply()
    (kept,) = list(desk.store.corrections())
    assert (kept.target, kept.machine) == ("Due on March 4.", said)


@pytest.mark.parametrize("typed", ["4-Mar", "Mar-26", "4-Mar-26", "4-Mar-2026", "1.23457E+18", "#####"])
def test_a_correction_that_a_spreadsheet_made_a_date_of_is_refused_in_csv_too(desk: Desk, typed: str) -> None:
    desk.edit(correct("三月", typed))
    assert "the spreadsheet took it for a number or a date" in reasons(desk.apply())
    desk.edit(correct("三月", f"'{typed}"))
    assert not desk.apply().refused
    assert f">{typed}<" in desk.body


def test_translations_changed_without_a_correction_are_told(desk: Desk) -> None:
    desk.edit(lambda row: row.update(translation=f"{row['translation']}!"))
    applied = desk.apply()
    (note,) = applied.notes
    assert note.startswith("4 rows have another translation than the memory")
    assert applied.exit_code == 0


@pytest.mark.parametrize(
    ("typed", "xml"),
    [
        ("One\x0bTwo.", "One</w:t><w:br/><w:t"),
        ("One\nTwo.", "One</w:t><w:br/><w:t"),
        ("One\u2028Two.", "One</w:t><w:br/><w:t"),
        ("One\tTwo.", "One</w:t><w:tab/><w:t"),
        ("One\x07Two.", "OneTwo."),
        ("One␛{7}Two␛{D800}.", "OneTwo."),
        ("One\ufffeTwo.", "OneTwo."),
    ],
)
def test_line_breaks_are_line_breaks_and_controls_are_left_out(desk: Desk, typed: str, xml: str) -> None:
    desk.edit(correct("甲方", typed))
    applied = desk.apply()
    assert applied.exit_code == 0
    assert xml in desk.body
    assert bool(applied.notes) == ("OneTwo" in xml)


def test_a_correction_of_nothing_but_controls_is_refused(desk: Desk) -> None:
    desk.edit(correct("甲方", "\x07\x08"))
    assert "nothing but control characters" in reasons(desk.apply())


@pytest.mark.parametrize("suffix", [".xlf", ".xliff"])
def test_search_and_replace_in_all_of_an_xliff_is_a_correction(tmp_path: Path, suffix: str) -> None:
    desk = Desk(tmp_path, suffix)
    (said,) = [row.translation for row in read_sheet(desk.sheet) if row.source.startswith("乙方")]
    text = desk.sheet.read_text(encoding="utf-8")
    assert text.count(said) == 2  # target and note
    desk.sheet.write_text(text.replace(said, "B delivers."), encoding="utf-8")
    applied = desk.apply()
    assert [change.target for change in applied.changed] == ["B delivers."]
    assert "B delivers." in desk.body
    assert [one.machine for one in desk.store.corrections()] == [said]


def test_a_number_that_a_workbook_has_rounded_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ".xlsx")
    book = openpyxl.load_workbook(desk.sheet)
    page = book.active
    assert page is not None
    columns = {str(cell.value): cell.column for cell in page[1]}
    for row, value in zip(range(2, 4), (1234567890123456789, 123456789012345), strict=True):
        page.cell(row, columns["correction"]).value = value
        page.cell(row, columns["correction"]).number_format = "0"
    book.save(desk.sheet)
    applied = desk.apply()
    assert "keeps 15 digits" in reasons(applied)
    assert [change.target for change in applied.changed] == ["123456789012345"]
