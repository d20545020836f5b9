"""Lint tells errors from warnings, within a file and between files."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.glossary.lint import lint, lint_entries, lint_files
from batchtx.glossary.table import Entry


def write(folder: Path, text: str, name: str = "g.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def found(*entries: Entry) -> list[tuple[str, str]]:
    return [(finding.kind, finding.severity) for finding in lint_entries(entries)]


def test_two_targets_in_one_file_are_an_error_and_in_two_files_a_warning(tmp_path: Path) -> None:
    one = write(tmp_path, "合同,contract\n公司,company\n公司,firm\n", "a.csv")
    two = write(tmp_path, "合同,agreement\n公司,company\n", "b.csv")
    findings = lint_files([one, two])
    assert [(f.file, f.row, f.kind, f.severity) for f in findings] == [
        ("a.csv", 3, "conflict", "error"),
        ("b.csv", 1, "overruled", "warning"),
    ]
    assert str(findings[1]) == "b.csv, row 1: overruled: 合同 is contract in a.csv, row 1, which wins"


def test_a_higher_priority_settles_a_conflict(tmp_path: Path) -> None:
    path = write(tmp_path, "source,target,priority\n合同,contract,\n合同,agreement,5\n")
    assert [(f.row, f.kind) for f in lint(path)] == [(2, "overruled")]


def test_a_way_back_is_a_cycle_and_a_way_on_is_a_chain() -> None:
    cycle = [Entry("API", ("interface",)), Entry("Interface", ("API",))]
    assert found(*cycle) == [("cycle", "error"), ("cycle", "error")]
    assert found(Entry("应用", ("app",)), Entry("App", ("application",))) == [("chain", "warning")]
    assert found(Entry("A股", ("A share",)), Entry("API", ("API",))) == []
    longer = [Entry("A1", ("B1",)), Entry("B1", ("C1",)), Entry("C1", ("A1",))]
    assert [kind for kind, _ in found(*longer)] == ["cycle"] * 3


def test_a_cycle_between_files_is_seen(tmp_path: Path) -> None:
    one = write(tmp_path, "接口,port\nAPI,interface\n", "a.csv")
    two = write(tmp_path, "端口,port\ninterface,API\n", "b.csv")
    assert [(f.file, f.row, f.kind) for f in lint_files([one, two])] == [
        ("a.csv", 2, "cycle"),
        ("b.csv", 2, "cycle"),
    ]


def test_an_entry_that_another_takes_in_any_case_is_shadowed() -> None:
    assert found(Entry("it", ("it",)), Entry("IT", ("IT",), case="keep")) == [("shadowed", "warning")]
    assert found(Entry("IT", ("IT",), case="keep"), Entry("it", ("it",))) == []


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("contr\u200bact", "invisible"),
        ("contract\ufffd", "damaged"),
        ("???", "damaged"),
        ("â€œdeal", "damaged"),
    ],
)
def test_damaged_and_invisible_characters_are_seen(target: str, kind: str) -> None:
    assert [k for k, _ in found(Entry("合同", (target,)))] == [kind]


def test_a_guessed_encoding_is_a_warning_about_the_file(tmp_path: Path) -> None:
    (finding,) = lint(write(tmp_path, "合同,contract\n", encoding="gb18030"))
    assert (finding.row, finding.kind, finding.severity) == (0, "encoding", "warning")


def test_a_file_that_cannot_be_read_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    bad = write(tmp_path, "合同,contract,,x\n公司\n", "bad.csv")
    bad.write_text("source,target\n合同,\n", encoding="utf-8")
    good = write(tmp_path, "人,person\n", "good.csv")
    findings = lint_files([bad, tmp_path / "none.csv", good])
    assert [(f.file, f.kind) for f in findings] == [
        ("bad.csv", "unreadable"),
        ("none.csv", "unreadable"),
        ("good.csv", "one_character"),
    ]
    assert str(findings[0]).startswith("bad.csv: unreadable: ")


def test_all_shipped_glossaries_fit_together() -> None:
    folder = Path(__file__).parents[3] / "glossaries"
    assert lint_files(sorted(folder.glob("*.csv"))) == []
