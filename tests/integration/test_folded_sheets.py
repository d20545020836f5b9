"""Equal rows stand once in a sheet; what is decided there holds at all their places, or at one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.helpers.command import run
from tests.helpers.sheets import correct

HEADS = "合同编号\n金额\n"
FILES = {
    "a.txt": f"{HEADS}甲方应付款。\nA-100\n{HEADS}",
    "b.txt": f"{HEADS}乙方应交货。\n",
    "c.txt": "B-200\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def translated(folder: Path, *options: str, suffix: str = ".csv") -> Path:
    sheet = folder / f"sheet{suffix}"
    run("translate", *FILES, "-o", "out", "--engine", "pseudo", "--sheet", sheet, *options, cwd=folder)
    return sheet


def rows_of(sheet: Path) -> dict[str, dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return {row["source"]: row for row in csv.DictReader(file)}


def lines(folder: Path, name: str) -> list[str]:
    return (folder / "out" / name).read_text(encoding="utf-8").splitlines()


def test_equal_rows_stand_once_and_say_how_often(folder: Path) -> None:
    rows = rows_of(translated(folder))
    assert rows["金额"]["repeats"] == "×3 in several documents"
    assert rows["甲方应付款。"]["repeats"] == ""


def test_a_correction_goes_to_all_documents_that_have_the_row(folder: Path) -> None:
    sheet = translated(folder)
    untouched = (folder / "out" / "c.txt").stat().st_mtime_ns
    correct(sheet, {"金额": "Amount"})
    done = run("apply", sheet, cwd=folder).stderr.decode()
    assert "1 applied, 0 refused" in done
    assert [n for n, line in enumerate(lines(folder, "a.txt")) if line == "Amount"] == [1, 5]
    assert lines(folder, "b.txt")[1] == "Amount"
    assert (folder / "out" / "c.txt").stat().st_mtime_ns == untouched


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_correction_can_hold_at_its_own_place_alone(folder: Path, suffix: str) -> None:
    sheet = translated(folder, suffix=suffix)
    before = lines(folder, "b.txt")
    correct(sheet, {"金额": "Amount"})
    correct(sheet, {"金额": "here"}, "scope")
    run("apply", sheet, cwd=folder)
    assert lines(folder, "a.txt").count("Amount") == 1
    assert lines(folder, "b.txt") == before


def test_a_later_correction_of_the_row_replaces_those_of_single_places(folder: Path) -> None:
    each = translated(folder, "--sheet-repeats", "all")
    correct(each, {"金额": "Sum"})
    run("apply", each, cwd=folder)
    once = translated(folder)
    assert rows_of(once)["金额"]["translation"] == "Sum"
    correct(once, {"金额": "Amount"})
    run("apply", once, cwd=folder)
    assert lines(folder, "a.txt").count("Amount") == 2
    assert lines(folder, "b.txt")[1] == "Amount"


def test_a_place_that_says_something_else_keeps_it(folder: Path) -> None:
    sheet = translated(folder)
    correct(sheet, {"金额": "First"})
    correct(sheet, {"金额": "here"}, "scope")
    run("apply", sheet, cwd=folder)
    again = translated(folder, "--sheet-rows", "all")
    with again.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["repeats"] for row in rows if row["source"] == "金额") == [
        "",
        "×2 in several documents",
    ]
    for row in rows:
        if row["repeats"].startswith("×2") and row["source"] == "金额":
            row["correction"] = "Amount"
    with again.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    run("apply", again, cwd=folder)
    assert [line for line in lines(folder, "a.txt") if line in ("First", "Amount")] == ["First", "Amount"]
    assert lines(folder, "b.txt")[1] == "Amount"


def test_what_was_only_copied_is_left_out_unless_asked_for(folder: Path) -> None:
    assert "A-100" not in rows_of(translated(folder))
    assert "A-100" in rows_of(translated(folder, "--sheet-rows", "all"))


def test_a_sheet_can_be_limited_to_flags_of_a_severity(folder: Path) -> None:
    (folder / "a.txt").write_text("第3条共5页。\n没有问题。\n", encoding="utf-8")
    for least, allowed in (("flagged", {"minor", "major", "critical"}), ("major", {"major", "critical"})):
        sheet = translated(folder, "--sheet-rows", least, "--engine", "echo", "--force")
        found = {row["severity"] for row in rows_of(sheet).values()}
        assert found and found <= allowed


def test_labels_that_nobody_doubts_stand_together_at_the_end(folder: Path) -> None:
    sources = list(rows_of(translated(folder)))
    labels = [n for n, source in enumerate(sources) if source in HEADS.split()]
    assert labels == list(range(len(sources) - len(labels), len(sources)))


@pytest.mark.parametrize("suffix", [".xlf", ".xliff"])
def test_cat_tools_get_every_place(folder: Path, suffix: str) -> None:
    text = translated(folder, suffix=suffix).read_text(encoding="utf-8")
    assert text.count(">金额<") == 3


def test_a_table_in_word_has_each_row_once_a_document(folder: Path) -> None:
    sheet = translated(folder, suffix=".docx")
    correct(sheet, {"金额": "Amount"})
    run("apply", sheet, cwd=folder)
    assert lines(folder, "a.txt").count("Amount") == 2


@pytest.mark.parametrize("typed", ["here", " HERE ", "Here.", "ｈｅｒｅ", "仅此处"])
def test_the_scope_is_read_as_people_type_it(folder: Path, typed: str) -> None:
    sheet = translated(folder)
    before = lines(folder, "b.txt")
    correct(sheet, {"金额": "Amount"})
    correct(sheet, {"金额": typed}, "scope")
    run("apply", sheet, cwd=folder)
    assert lines(folder, "a.txt").count("Amount") == 1
    assert lines(folder, "b.txt") == before


def test_a_scope_that_nobody_understands_does_not_mean_all(folder: Path) -> None:
    sheet = translated(folder)
    correct(sheet, {"金额": "Amount"})
    correct(sheet, {"金额": "her"}, "scope")
    told = run("apply", sheet, cwd=folder, code=1).stderr.decode()
    assert "its scope is not understood" in told and "0 applied" in told
    assert "Amount" not in lines(folder, "a.txt") + lines(folder, "b.txt")


def test_a_chinese_sheet_says_where_a_decision_holds_in_chinese(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    sheet = translated(folder)
    monkeypatch.delenv("LANGUAGE")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = list(csv.reader(file))
    for row in rows:
        if row[heads.index("原文")] == "金额":
            assert row[heads.index("重复次数")].startswith("×3")
            row[heads.index("修改")], row[heads.index("适用范围")] = "Amount", "仅此处"
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    run("apply", sheet, cwd=folder)
    assert (lines(folder, "a.txt") + lines(folder, "b.txt")).count("Amount") == 1
