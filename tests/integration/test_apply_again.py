"""A correction never puts Chinese back: whatever became of sheets, glossaries and memory meanwhile."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.helpers.command import run

SOURCES = (
    "甲方应付款。",
    "乙方应交货。",
    "合同自签字之日起生效。",
    "设备由甲方验收。",
    "型号 A-100",
    "双方另有约定的除外。",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("\n".join(SOURCES) + "\n", encoding="utf-8")
    (tmp_path / "terms.csv").write_text("甲方,Party A\n合同,contract\n设备,equipment\n", encoding="utf-8")
    run("translate", "a.txt", "-g", "terms.csv", "--engine", "pseudo", cwd=tmp_path)
    return tmp_path


def sheet_of(folder: Path, name: str, **corrections: str) -> Path:
    """A sheet elsewhere that has only the rows with corrections (sources by their first letters)."""
    with (folder / "a.en.txt.review.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = []
    for row in rows:
        wanted = [new for start, new in corrections.items() if row["source"].startswith(start)]
        kept += [{**row, "correction": wanted[0]}] if wanted else []
    path = folder / "elsewhere" / name
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    return path


def lines(folder: Path) -> list[str]:
    return (folder / "a.en.txt").read_text(encoding="utf-8").splitlines()


def changed(before: list[str], after: list[str]) -> dict[int, str]:
    return {n: new for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}


def test_one_sheet_after_the_other_changes_only_its_own_lines(folder: Path) -> None:
    before = lines(folder)
    run("apply", sheet_of(folder, "one.csv", 甲方="A pays."), cwd=folder)
    run("apply", sheet_of(folder, "two.csv", 乙方="B delivers."), cwd=folder)
    run("apply", sheet_of(folder, "three.csv", 设备="A accepts the equipment."), cwd=folder)
    assert changed(before, lines(folder)) == {0: "A pays.", 1: "B delivers.", 3: "A accepts the equipment."}


@pytest.mark.parametrize("rows", ["甲方,Side A\n合同,pact\n设备,device\n", "甲方,Party A\n", None])
def test_a_glossary_that_changed_or_went_does_not_matter(folder: Path, rows: str | None) -> None:
    before = lines(folder)
    glossary = folder / "terms.csv"
    glossary.unlink() if rows is None else glossary.write_text(rows, encoding="utf-8")
    run("apply", sheet_of(folder, "one.csv", 乙方="B delivers."), cwd=folder)
    assert changed(before, lines(folder)) == {1: "B delivers."}


def test_what_another_run_with_another_glossary_said_stays_there(folder: Path) -> None:
    before = lines(folder)
    (folder / "other.csv").write_text("甲方,Side A\n", encoding="utf-8")
    run("translate", "a.txt", "-g", "other.csv", "--engine", "pseudo", "-o", "other.txt", cwd=folder)
    beside = folder / "moved.csv"
    sheet_of(folder, "one.csv", 乙方="B delivers.").replace(beside)
    beside.replace(folder / "a.en.txt.review.csv")
    run("apply", "a.en.txt.review.csv", cwd=folder)
    assert changed(before, lines(folder)) == {1: "B delivers."}


def test_a_document_whose_translations_are_gone_is_left_as_it_was(folder: Path) -> None:
    before = lines(folder)
    run("memory", "prune", "--machine", cwd=folder)
    sheet = sheet_of(folder, "one.csv", 乙方="B delivers.")
    done = run("apply", sheet, "--report", "r.json", cwd=folder, code=1)
    said = done.stderr.decode("utf-8")
    assert lines(folder) == before
    assert "5 of its sentences" in said
    assert "row 2: remembered, but a.txt could not be written" in said
    assert "0 applied" in said
    report = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    assert report["exit_code"] == 1
    assert [one["id"] for one in report["waiting"]] == ["line 2/1"]
    assert {one["place"] for one in report["untranslated"]} == {
        "line 1",
        "line 3",
        "line 4",
        "line 5",
        "line 6",
    }
    run("translate", "a.txt", "-g", "terms.csv", "--engine", "pseudo", cwd=folder)
    assert changed(before, lines(folder)) == {1: "B delivers."}


@pytest.mark.parametrize("change", ["new", "other"])
def test_a_document_whose_source_says_more_now_stays_until_it_is_translated_again(
    folder: Path, change: str
) -> None:
    """A sentence that nobody translated would stand there in Chinese."""
    before = lines(folder)
    rest = SOURCES[2:] if change == "new" else SOURCES[3:]
    (folder / "a.txt").write_text("\n".join([*SOURCES[:2], "全新的一行。", *rest]) + "\n", encoding="utf-8")
    sheet = sheet_of(folder, "one.csv", 乙方="B delivers.")
    done = run("apply", sheet, "--report", "r.json", cwd=folder, code=1)
    assert "translate a.txt again" in done.stderr.decode("utf-8")
    assert lines(folder) == before
    report = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    assert [one["source"] for one in report["untranslated"]] == ["全新的一行。"]
    run("translate", "a.txt", "--engine", "pseudo", cwd=folder)
    assert lines(folder)[1] == "B delivers.", "the correction is remembered"
    assert "全新" not in "".join(lines(folder))


def test_a_memory_of_an_earlier_version_knows_runs_of_apply_from_others(folder: Path) -> None:
    before = lines(folder)
    with sqlite3.connect(folder / ".batchtx" / "memory.sqlite") as connection:
        (number, plan), *_ = connection.execute("SELECT id, plan FROM runs").fetchall()
        old = json.loads(plan)
        connection.execute("UPDATE runs SET plan = ? WHERE id = ?", (json.dumps(old), number))
        without = json.dumps({**old, "glossaries": [], "sheet": ""})
        connection.execute(
            "INSERT INTO runs (started_at, signature, plan) VALUES (1.0, ?, ?)", ("x", without)
        )
        connection.execute("DROP TABLE places")
        connection.execute("PRAGMA user_version = 1")
    run("apply", sheet_of(folder, "one.csv", 乙方="B delivers."), cwd=folder)
    assert changed(before, lines(folder)) == {1: "B delivers."}


def test_a_line_that_was_only_copied_can_be_corrected(folder: Path) -> None:
    (folder / "a.txt").write_text("A-100\n甲方应付款。\n", encoding="utf-8")
    run("translate", "a.txt", "--engine", "pseudo", "--sheet-rows", "all", cwd=folder)
    run("apply", sheet_of(folder, "one.csv", A="Model A-100"), cwd=folder)
    assert lines(folder)[0] == "Model A-100"


def test_every_correction_counted_as_applied_stands_in_the_document(folder: Path) -> None:
    words = {source[:3]: f"Correction {n}." for n, source in enumerate(SOURCES)}
    done = run("apply", sheet_of(folder, "all.csv", **words), cwd=folder)
    (count,) = re.findall(r"(\d+) applied", done.stderr.decode())
    assert [line for line in lines(folder) if line.startswith("Correction")] == list(words.values())
    assert int(count) == len(words)


def test_another_locale_finds_the_documents(tmp_path: Path) -> None:
    (tmp_path / "合同").mkdir()
    (tmp_path / "合同" / "文件.txt").write_text("甲方应付款。\n", encoding="utf-8")
    run("translate", "合同", "--engine", "pseudo", "-j", "1", cwd=tmp_path)
    with (tmp_path / "合同.en" / "review.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    with (tmp_path / "back.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow({**row, "correction": "Party A pays."})
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}  # names are ASCII bytes and others
    run("apply", "back.csv", cwd=tmp_path, **plain)
    assert (tmp_path / "合同.en" / "文件.txt").read_text(encoding="utf-8") == "Party A pays.\n"


def test_documents_of_one_name_stay_apart_in_another_folder(tmp_path: Path) -> None:
    for place in (tmp_path / "docs", tmp_path / "docs" / "s"):
        place.mkdir()
        (place / "a.txt").write_text(f"{place.name}\n甲方应付款。\n", encoding="utf-8")
    run("translate", "docs", "-o", "out", "--engine", "pseudo", cwd=tmp_path)
    with (tmp_path / "out" / "review.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{**row, "correction": "A pays."} for row in csv.DictReader(file) if "甲" in row["source"]]
    with (tmp_path / "x.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    run("apply", "x.csv", "-o", "fin", cwd=tmp_path)
    assert (tmp_path / "fin" / "a.txt").read_text(encoding="utf-8") == "docs\nA pays.\n"
    assert (tmp_path / "fin" / "s" / "a.txt").read_text(encoding="utf-8") == "s\nA pays.\n"
