"""Review sheets of every format, as people and their programs give them back."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from batchtx.memory.store import Store
from batchtx.review.formats import SHEET_FORMATS
from tests.helpers.command import run
from tests.helpers.sheets import correct, needs_libreoffice, through_libreoffice

TEXT = "甲方应付款。乙方应交货。\n\n　　=1+1的结果是二。\n重复的一行。\n重复的一行。\n"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    lines = [{"id": 1, "text": "请保存文件。"}, {"id": 2, "text": "请删除文件。"}]
    (tmp_path / "b.jsonl").write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8"
    )
    return tmp_path


def translated(documents: Path, suffix: str, *options: str) -> Path:
    """The sheet of a run, in the format of the suffix."""
    sheet = documents / f"sheet{suffix}"
    command = ("translate", "a.txt", "b.jsonl", "-o", "out", "--engine", "pseudo", "-j", "1")
    run(*command, "--sheet", sheet, "--sheet-repeats", "all", *options, cwd=documents)
    return sheet


def read(sheet: Path) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(sheet: Path, rows: list[dict[str, str]]) -> None:
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("suffix", list(SHEET_FORMATS))
def test_any_format_brings_corrections_back(documents: Path, suffix: str) -> None:
    sheet = translated(documents, suffix)
    correct(sheet, {"甲方": 'Party A shall pay, "now" & <here>.', "请保存": "Save the file;\nplease."})
    done = run("apply", sheet, cwd=documents)
    assert "2 applied, 0 refused, 5 rows without change" in done.stderr.decode()
    assert 'Party A shall pay, "now" & <here>. ' in (documents / "out" / "a.txt").read_text(encoding="utf-8")
    (first, _) = (documents / "out" / "b.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == {"id": 1, "text": "Save the file;\nplease."}


def test_a_sheet_applied_twice_changes_nothing_more(documents: Path) -> None:
    sheet = translated(documents, ".xlsx")
    correct(sheet, {"甲方": "Party A shall pay."})
    run("apply", sheet, cwd=documents)
    done = run("apply", sheet, cwd=documents)
    assert "0 applied, 0 refused" in done.stderr.decode()


def test_a_formula_in_a_workbook_is_the_text_that_was_typed(documents: Path) -> None:
    sheet = translated(documents, ".xlsx")
    correct(sheet, {"'=1+1": "=1+1 is two."})
    done = run("apply", sheet, cwd=documents)
    assert "row" in done.stderr.decode()
    assert "a formula to the spreadsheet; the text of the formula is used" in done.stderr.decode()
    assert "　　=1+1 is two.\n" in (documents / "out" / "a.txt").read_text(encoding="utf-8")


def test_columns_may_move_and_the_header_may_change_its_case(documents: Path) -> None:
    sheet = translated(documents, ".csv")
    correct(sheet, {"甲方": "Party A shall pay."})
    rows = read(sheet)
    moved = [{"My notes": "x", **{name.upper(): row[name] for name in reversed(row)}} for row in rows]
    write(documents / "back.csv", moved)
    text = (documents / "back.csv").read_text(encoding="utf-8-sig")
    (documents / "back.csv").write_text(f"A title above the table\n{text}", encoding="utf-8")
    run("apply", "back.csv", cwd=documents)
    assert (documents / "out" / "a.txt").read_text(encoding="utf-8").startswith("Party A shall pay. ")


def test_sheets_of_several_reviewers_come_back_together(documents: Path) -> None:
    sheet = translated(documents, ".xlsx", "--sheet-max-rows", "3")
    parts = [documents / f"sheet-{number}.xlsx" for number in (1, 2, 3)]
    assert not sheet.exists()
    assert all(part.exists() for part in parts)
    for number, part in enumerate(parts):
        correct(part, {"甲方": "Party A pays.", "乙方": "Party B delivers.", "请": "Please."})
        correct(part, {"": f"Reviewer {number}"}, "reviewer")
    run("apply", *parts, "--reviewer", "nobody", cwd=documents)
    assert (
        (documents / "out" / "a.txt")
        .read_text(encoding="utf-8")
        .startswith("Party A pays. Party B delivers.\n")
    )
    with Store(documents / ".batchtx" / "memory.sqlite") as store:
        kept = list(store.corrections())
    assert {correction.reviewer for correction in kept} <= {"Reviewer 0", "Reviewer 1", "Reviewer 2"}
    assert len({correction.reviewer for correction in kept}) > 1


def test_two_corrections_of_one_segment_are_refused_by_number(documents: Path) -> None:
    one = translated(documents, ".csv")
    two = documents / "two.xlsx"
    shutil.copy(translated(documents, ".xlsx"), two)
    correct(one, {"甲方": "Party A pays.", "乙方": "Party B delivers."})
    correct(two, {"甲方": "A shall pay.", "乙方": "Party B delivers."})
    done = run("apply", one, two, cwd=documents, code=1)
    number = next(n for n, row in enumerate(read(one), 2) if row["source"].startswith("甲方"))
    assert f"{one}, row {number}: {two}, row {number} has another correction" in done.stderr.decode()
    assert "1 applied, 1 refused" in done.stderr.decode()


def test_a_smaller_run_removes_sheets_that_nobody_touched(documents: Path) -> None:
    translated(documents, ".csv", "--sheet-max-rows", "2")
    parts = [documents / f"sheet-{number}.csv" for number in (1, 2, 3, 4)]
    correct(parts[3], {"": "Kept."})
    smaller = translated(documents, ".csv", "--sheet-max-rows", "4")
    assert [part.exists() for part in parts] == [True, True, False, True]
    translated(documents, ".csv")
    assert [part.exists() for part in (smaller, *parts)] == [True, False, False, False, True]


def test_a_sheet_for_each_document(documents: Path) -> None:
    sheet = translated(documents, ".csv", "--sheet-per", "document")
    assert not sheet.exists()
    for name in ("a.txt", "b.jsonl"):
        assert {row["document"] for row in read(documents / f"sheet.{name}.csv")} == {name}


def test_only_flagged_segments_when_asked(documents: Path) -> None:
    every = read(translated(documents, ".csv"))
    flagged = [row["id"] for row in every if row["flags"]]
    assert 0 < len(flagged) < len(every)
    listed = read(translated(documents, ".csv", "--sheet-rows", "flagged"))
    assert [row["id"] for row in listed] == flagged


def test_an_approved_translation_becomes_the_reviewers_own(documents: Path) -> None:
    sheet = translated(documents, ".xlsx")
    before = (documents / "out" / "a.txt").read_bytes()
    correct(sheet, {"甲方": "Approved"}, "status")
    done = run("apply", sheet, "--reviewer", "Li", cwd=documents)
    assert "1 applied" in done.stderr.decode()
    assert (documents / "out" / "a.txt").read_bytes() == before
    with Store(documents / ".batchtx" / "memory.sqlite") as store:
        (correction, *_) = store.corrections()
    assert (correction.reviewer, correction.target) == ("Li", correction.machine)


def test_the_machines_version_is_kept_through_two_corrections(documents: Path) -> None:
    sheet = translated(documents, ".csv")
    machine = next(row["translation"] for row in read(sheet) if row["source"].startswith("甲方"))
    for text in ("Party A pays.", "Party A shall pay."):
        correct(sheet, {"甲方": text})
        run("apply", sheet, "--reviewer", "Li", cwd=documents)
        sheet = translated(documents, ".csv")
    with Store(documents / ".batchtx" / "memory.sqlite") as store:
        kept = [correction for correction in store.corrections() if correction.source.startswith("甲方")]
    assert {(c.target, c.machine, c.reviewer) for c in kept} == {("Party A shall pay.", machine, "Li")}


def test_the_report_names_what_was_changed_and_refused(documents: Path) -> None:
    sheet = translated(documents, ".csv")
    correct(sheet, {"甲方": "Party A pays.", "乙方": "⟦9⟧ delivers."})
    rows = read(sheet)
    run("apply", sheet, "--report", "r/apply.json", "--reviewer", "Li", cwd=documents, code=1)
    facts = json.loads((documents / "r" / "apply.json").read_text(encoding="utf-8"))
    (changed,), (refused,) = facts["changed"], facts["refused"]
    assert (changed["target"], changed["reviewer"], changed["document"]) == ("Party A pays.", "Li", "a.txt")
    assert changed["machine"] == next(row["translation"] for row in rows if row["source"].startswith("甲方"))
    assert refused["reason"] == "there is no ⟦9⟧ in the source"
    assert refused["row"] == next(n for n, row in enumerate(rows, 2) if row["source"].startswith("乙方"))
    assert (facts["unchanged"], facts["held_back"], facts["exit_code"]) == (len(rows) - 2, False, 1)
    run("apply", sheet, "--strict", "--report", "strict.json", cwd=documents, code=3)
    assert json.loads((documents / "strict.json").read_text(encoding="utf-8"))["held_back"] is True


@pytest.mark.parametrize("name", ["review.ods", "review"])
def test_an_unknown_kind_of_sheet_is_told_before_anything_is_translated(documents: Path, name: str) -> None:
    done = run(
        "translate", "a.txt", "-o", "new.txt", "--engine", "pseudo", "--sheet", name, cwd=documents, code=2
    )
    assert f"{name}: a review sheet ends in .csv, .tsv, .xlsx" in done.stderr.decode()
    assert not (documents / "new.txt").exists()


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_corrections_made_in_libreoffice_reach_the_documents(documents: Path, suffix: str) -> None:
    """CSV → XLSX → corrected → CSV with semicolons; XLSX → corrected → saved again."""
    sheet = translated(documents, suffix)
    book = through_libreoffice(sheet, "xlsx", documents / "1")
    correct(book, {"甲方": "Party A shall pay, “now”;\nand all.", "'=1+1": "'=1+1 is two."})
    kind = "xlsx" if suffix == ".xlsx" else "csv:Text - txt - csv (StarCalc):59,34,76"
    back = through_libreoffice(book, kind, documents / "2")
    done = run("apply", back, cwd=documents)
    assert "2 applied, 0 refused, 5 rows without change" in done.stderr.decode()
    written = (documents / "out" / "a.txt").read_text(encoding="utf-8")
    assert "Party A shall pay, “now”;" in written
    assert "　　=1+1 is two.\n" in written
