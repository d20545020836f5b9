"""A sheet that a person corrected goes back into the documents, however a spreadsheet saved it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command import environment, run

TEXT = "甲方应付款。乙方应交货。\n\n　　=1+1的结果是二。\n重复的一行。\n重复的一行。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    lines = [{"id": 1, "text": "请保存文件。"}, {"id": 2, "text": "请删除文件。"}]
    (tmp_path / "b.jsonl").write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8"
    )
    run("translate", "a.txt", "b.jsonl", "-o", "out", "--engine", "pseudo", cwd=tmp_path)
    return tmp_path


def read(sheet: Path) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(sheet: Path, rows: list[dict[str, str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> None:
    with sheet.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def correct(rows: list[dict[str, str]], **corrections: str) -> None:
    for row in rows:
        for source, correction in corrections.items():
            if row["source"].startswith(source):
                row["correction"] = correction


def test_a_sheet_corrects_the_documents_of_its_own_run(folder: Path) -> None:
    run("translate", "a.txt", "-o", "other", "--engine", "pseudo", cwd=folder)
    before = (folder / "other" / "a.txt").read_bytes()
    sheet = folder / "out" / "review.csv"
    rows = read(sheet)
    correct(rows, 甲方="Party A shall pay.")
    write(sheet, rows)
    run("apply", "out/review.csv", cwd=folder)
    assert "Party A shall pay." in (folder / "out" / "a.txt").read_text(encoding="utf-8")
    assert (folder / "other" / "a.txt").read_bytes() == before


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ";"), ("utf-16", "\t"), ("utf-8", ";")]
)
def test_corrections_reach_the_documents(folder: Path, encoding: str, delimiter: str) -> None:
    sheet = folder / "out" / "review.csv"
    rows = read(sheet)
    correct(rows, 甲方="Party A shall pay, “now”.", 请保存="Save the file;\nplease.")
    write(folder / "back.csv", rows[::-1], encoding, delimiter)
    run("apply", "back.csv", cwd=folder)
    assert "Party A shall pay, “now”. " in (folder / "out" / "a.txt").read_text(encoding="utf-8")
    (first, _) = (folder / "out" / "b.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == {"id": 1, "text": "Save the file;\nplease."}


def test_cells_that_look_like_formulas_survive(folder: Path) -> None:
    rows = read(folder / "out" / "review.csv")
    (formula,) = [row for row in rows if "1+1" in row["source"]]
    assert formula["source"].startswith("'=")
    formula["correction"] = "'=1+1 is two."
    write(folder / "back.csv", rows)
    run("apply", "back.csv", cwd=folder)
    assert "　　=1+1 is two.\n" in (folder / "out" / "a.txt").read_text(encoding="utf-8")


def test_rows_may_be_missing_and_equal_sources_follow(folder: Path) -> None:
    rows = [row for row in read(folder / "out" / "review.csv") if row["source"].startswith("重复")][:1]
    rows[0]["correction"] = "The same line."
    write(folder / "back.csv", rows)
    run("apply", "back.csv", cwd=folder)
    assert (folder / "out" / "a.txt").read_text(encoding="utf-8").endswith("The same line.\nThe same line.\n")


def test_two_places_with_one_source_may_differ(folder: Path) -> None:
    run(
        "translate",
        "a.txt",
        "b.jsonl",
        "-o",
        "out",
        "--engine",
        "pseudo",
        "--sheet-repeats",
        "all",
        cwd=folder,
    )
    rows = read(folder / "out" / "review.csv")
    repeated = sorted((row for row in rows if row["source"].startswith("重复")), key=lambda row: row["id"])
    repeated[0]["correction"], repeated[1]["correction"] = "One.", "Two."
    write(folder / "back.csv", rows)
    run("apply", "back.csv", cwd=folder)
    assert (folder / "out" / "a.txt").read_text(encoding="utf-8").endswith("One.\nTwo.\n")


def test_a_stale_row_is_refused_by_number_and_the_others_remembered(folder: Path) -> None:
    before = (folder / "out" / "a.txt").read_text(encoding="utf-8")
    rows = read(folder / "out" / "review.csv")
    correct(rows, 甲方="Party A pays.", 乙方="Party B delivers.")
    write(folder / "back.csv", rows)
    (folder / "a.txt").write_text(TEXT.replace("乙方应", "乙方不应"), encoding="utf-8")
    done = run("apply", "back.csv", cwd=folder, code=1)
    number = next(n for n, row in enumerate(rows, 2) if row["source"].startswith("乙方"))
    assert f"row {number}: the source has changed since the sheet was written" in done.stderr.decode("utf-8")
    assert (folder / "out" / "a.txt").read_text(encoding="utf-8") == before, (
        "no Chinese in a finished document"
    )
    run("translate", "a.txt", "b.jsonl", "-o", "out", "--engine", "pseudo", cwd=folder)
    written = (folder / "out" / "a.txt").read_text(encoding="utf-8")
    assert "Party A pays." in written
    assert "Party B delivers." not in written


def test_what_apply_could_not_translate_is_translated_by_the_next_run(folder: Path) -> None:
    sheet = folder / "out" / "review.csv"
    rows = read(sheet)
    correct(rows, 请保存="Save the file.", 甲方="A pays.")
    rows.append({**dict.fromkeys(rows[0], ""), "correction": "added"})
    write(sheet, rows)
    (folder / "a.txt").write_text("全新的一行。\n" + TEXT, encoding="utf-8")
    done = run("apply", "out/review.csv", cwd=folder, code=1)
    assert "rows cannot be added" in done.stderr.decode()
    out = folder / "out" / "a.txt"
    assert "全新的一行。" not in out.read_text(encoding="utf-8")
    assert "A pays." not in out.read_text(encoding="utf-8")
    run("translate", "a.txt", "b.jsonl", "-o", "out", "--engine", "pseudo", cwd=folder)
    assert "全新的一行。" not in out.read_text(encoding="utf-8")


def test_strict_refuses_the_whole_sheet(folder: Path) -> None:
    before = (folder / "out" / "a.txt").read_bytes()
    rows = read(folder / "out" / "review.csv")
    correct(rows, 甲方="Party A pays.", 乙方="⟦9⟧ delivers.")
    write(folder / "back.csv", rows)
    done = run("apply", "back.csv", "--strict", cwd=folder, code=3)
    assert "nothing was written: 1 rows refused (--strict)" in done.stderr.decode("utf-8")
    assert "there is no ⟦9⟧ in the source" in done.stderr.decode("utf-8")
    assert (folder / "out" / "a.txt").read_bytes() == before


def test_later_runs_use_corrections_in_other_documents_too(folder: Path) -> None:
    rows = read(folder / "out" / "review.csv")
    correct(rows, 甲方="Party A shall pay.")
    write(folder / "back.csv", rows)
    run("apply", "back.csv", cwd=folder)
    (folder / "c.txt").write_text("甲方应付款。\n", encoding="utf-8")
    run("translate", "c.txt", cwd=folder)
    assert (folder / "c.en.txt").read_text(encoding="utf-8") == "Party A shall pay.\n"


def test_applying_needs_neither_engine_nor_a_complete_memory(folder: Path) -> None:
    import sqlite3

    with sqlite3.connect(folder / ".batchtx" / "memory.sqlite") as connection:
        connection.execute("DELETE FROM segments")
    before = (folder / "out" / "a.txt").read_text(encoding="utf-8")
    rows = read(folder / "out" / "review.csv")
    correct(rows, 乙方="Party B delivers.")
    write(folder / "back.csv", rows)
    run("apply", "back.csv", cwd=folder)
    after = (folder / "out" / "a.txt").read_text(encoding="utf-8")
    assert "Party B delivers." in after
    assert after.splitlines()[2:] == before.splitlines()[2:]


def test_the_memory_of_the_settings_is_found(folder: Path) -> None:
    (folder / "batchtx.toml").write_text('memory = "tm.sqlite"\n', encoding="utf-8")
    run("translate", "a.txt", "-o", "new.txt", "--engine", "pseudo", cwd=folder)
    rows = read(folder / "new.txt.review.csv")
    correct(rows, 甲方="Party A pays.")
    write(folder / "back.csv", rows)
    run("apply", "back.csv", cwd=folder)
    assert (folder / "new.txt").read_text(encoding="utf-8").startswith("Party A pays. ")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".docx", ".xliff"])
def test_no_engine_is_loaded(folder: Path, suffix: str) -> None:
    sheet = folder / f"sheet{suffix}"
    run("translate", "a.txt", "-o", "new.txt", "--engine", "pseudo", "--sheet", sheet, cwd=folder)
    script = (
        f"import sys; sys.argv = ['batchtx', 'apply', {str(sheet)!r}]\n"
        "from batchtx.cli import main\n"
        "try: main()\n"
        "finally: print([m for m in ('ctranslate2', 'sentencepiece', 'torch') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\r\n1,2\r\n", "no header row"),
        (b"PK\x03\x04", "save it as CSV"),
        (b"", "no header row"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "old Office"),
        (b"<html></html>", "no XLIFF"),
    ],
)
def test_what_is_no_sheet_is_told(folder: Path, content: bytes, message: str) -> None:
    (folder / "x.csv").write_bytes(content)
    done = run("apply", "x.csv", cwd=folder, code=3)
    assert message in done.stderr.decode("utf-8")
    assert "Traceback" not in done.stderr.decode("utf-8")
