"""The command line in Chinese: what people read is Chinese, what programs read is as it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.helpers.command import run
from tests.helpers.sheets import correct
from tests.helpers.texts import text

ZH = {"LANG": "zh_CN.UTF-8", "LC_ALL": "", "LANGUAGE": ""}
EN = {"LANG": "C.UTF-8", "LC_ALL": "", "LANGUAGE": ""}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(text(4) + "甲方于周一付款。\n", encoding="utf-8")
    return tmp_path


def heads(path: Path) -> list[str]:
    return next(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_the_summary_and_errors_are_chinese(folder: Path) -> None:
    said = run("translate", "a.txt", "--engine", "pseudo", cwd=folder, **ZH).stderr.decode()
    assert "文档       1 已写出" in said
    assert "机器翻译" in said
    assert "documents" not in said
    wrong = run("translate", "b.txt", cwd=folder, code=2, **ZH).stderr.decode()
    assert wrong == "batchtx: b.txt：没有这个文件或文件夹\n"
    misspelt = run("translat", cwd=folder, code=2, **ZH).stderr.decode()
    assert "错误：没有命令“translat”。 您是不是要用“translate”？" in misspelt
    said = run("translate", "a.txt", "--dry-run", cwd=folder, **ZH).stdout.decode()
    assert "合计：1 个文档" in said


@pytest.mark.parametrize("variables", [EN, {**ZH, "LC_ALL": "C"}, {**ZH, "LANG": "de_DE.UTF-8"}])
def test_other_languages_are_english(folder: Path, variables: dict[str, str]) -> None:
    said = run("translate", "a.txt", "--engine", "pseudo", cwd=folder, **variables).stderr.decode()
    assert "documents  1 written" in said


def test_what_programs_read_is_the_same_in_every_language(folder: Path) -> None:
    found = []
    for name, variables in (("zh", ZH), ("en", EN)):
        run(
            *("translate", "a.txt", "-o", f"{name}.txt", "--engine", "pseudo", "--force"),
            *("--memory", f"{name}.sqlite", "--report", f"{name}.json"),
            cwd=folder,
            **variables,
        )
        facts = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for key in ("started_at", "elapsed_s", "first_translation_s", "words_per_s", "peak_memory_bytes"):
            facts.pop(key)
        facts = json.loads(json.dumps(facts).replace(f"{name}.", ""))
        found.append((facts, (folder / f"{name}.txt").read_bytes()))
    assert found[0] == found[1]
    stats = [run("memory", "stats", "--json", "--memory", "zh.sqlite", cwd=folder, **one) for one in (ZH, EN)]
    assert stats[0].stdout == stats[1].stdout


def test_a_memory_of_a_chinese_run_tells_its_flags_in_english_later(folder: Path) -> None:
    run("translate", "a.txt", cwd=folder, **ZH)
    chinese = (folder / "a.en.txt.review.csv").read_text(encoding="utf-8-sig")
    run("translate", "a.txt", cwd=folder, **EN)
    english = (folder / "a.en.txt.review.csv").read_text(encoding="utf-8-sig")
    run("translate", "a.txt", "-o", "fresh.txt", "--memory", "fresh.sqlite", cwd=folder, **EN)
    fresh = (folder / "fresh.txt.review.csv").read_text(encoding="utf-8-sig")
    assert "第 1 行" in chinese
    assert "line 1" in english
    assert english.replace(",memory,", ",mt,") == fresh


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "docx", "xlf", "xliff"])
@pytest.mark.parametrize(("written", "applied"), [(ZH, EN), (EN, ZH), (ZH, ZH)], ids=["zh-en", "en-zh", "zh"])
def test_a_sheet_of_one_language_is_applied_in_another(
    folder: Path, suffix: str, written: dict[str, str], applied: dict[str, str]
) -> None:
    sheet = folder / f"review.{suffix}"
    run("translate", "a.txt", "--engine", "pseudo", "--sheet", sheet, cwd=folder, **written)
    correct(sheet, {"甲方于周一付款。": "Party A pays on Monday."})
    run("apply", sheet, cwd=folder, **applied)
    last = (folder / "a.en.txt").read_text(encoding="utf-8").splitlines()[-1]
    assert last == "Party A pays on Monday."


def test_a_chinese_sheet_has_chinese_heads_and_takes_chinese_decisions(folder: Path) -> None:
    run("translate", "a.txt", "--engine", "pseudo", cwd=folder, **ZH)
    sheet = folder / "a.en.txt.review.csv"
    assert heads(sheet)[:6] == ["编号", "文档", "位置", "原文", "译文", "修改"]
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    rows[0]["状态"] = "认可"
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    said = run("apply", sheet, cwd=folder, **EN).stderr.decode()
    assert "corrections  1 applied, 0 refused" in said


def test_a_report_page_is_chinese(folder: Path) -> None:
    run("translate", "a.txt", "--report", "run.html", cwd=folder, **ZH)
    page = (folder / "run.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "<h1>翻译报告</h1>" in page
    assert "Documents" not in page
