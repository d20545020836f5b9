"""A run tells what share of a document went to translation and why the rest stays, when somebody asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from batchtx.cli.translate import translate
from batchtx.formats import coverage, find_format
from batchtx.formats.audit import PartCoverage
from batchtx.formats.coverage import coverage_of
from batchtx.language.zh_en import PAIR
from batchtx.records import Unit
from batchtx.text.inline_codes import without_codes
from tests.contract.test_formats import SAMPLES
from tests.helpers.formats import opened
from tests.helpers.office import cell, workbook

COUNTED = sorted(SAMPLES.keys() - {"docx", "txt", "jsonl"})


def total(parts: list[PartCoverage]) -> dict[str, int]:
    kept: dict[str, int] = {}
    for reason, count in (one for part in parts for one in part.kept):
        kept[reason] = kept.get(reason, 0) + count
    return kept


def run(folder: Path, *options: str) -> Result:
    for name in COUNTED:
        (folder / f"{name}{find_format(name).extensions[0]}").write_bytes(SAMPLES[name])
    arguments = [str(folder), "-o", f"{folder}.en", "--engine", "echo", "--executor", "serial", "--no-sheet"]
    return CliRunner().invoke(translate, [*arguments, "--no-memory", *options])


@pytest.mark.parametrize("name", COUNTED)
def test_every_character_is_in_a_unit_or_has_a_reason_to_stay(name: str) -> None:
    document = opened(name, SAMPLES[name])
    units = [unit for unit in document.units() if isinstance(unit, Unit)]
    parts = list(coverage_of(document, PAIR))
    n_in_units = sum(PAIR.count_source(without_codes(unit.text)) for unit in units)
    assert sum(part.n_units for part in parts) == n_in_units > 0
    assert sum(part.n_found for part in parts) == n_in_units + sum(total(parts).values())
    assert not any(part.n_elsewhere for part in parts)


def test_text_that_stays_is_told_with_its_reason() -> None:
    text = '<p class="类">你好</p><pre>代码</pre><script>注释一</script>'
    (part,) = coverage_of(opened("html", text.encode()), PAIR)
    assert (part.n_units, part.n_found) == (2, 8)
    assert dict(part.kept) == {"code": 2, "scripts and styles": 3, "attributes": 1}


def test_code_at_the_edge_of_a_markdown_text_is_no_text_that_was_forgotten() -> None:
    (part,) = coverage_of(opened("md", "用`代码一`做事，见 `代码`\n".encode()), PAIR)
    assert part.n_elsewhere == 0
    assert part.n_found - part.n_units == 5


def test_a_table_is_counted_item_by_item() -> None:
    strings = "<si><t>项目</t><rPh><t>拼音提示</t></rPh></si><si><t>没有单元格</t></si>"
    parts = list(coverage_of(opened("xlsx", workbook(strings, cell("A1", 0))), PAIR))
    (part,) = [one for one in parts if one.part.endswith("sharedStrings.xml")]
    assert (part.n_units, part.n_found) == (2, 11)
    assert sum(total([part]).values()) == 9


def test_notes_tell_the_coverage_of_each_document(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    result = run(tmp_path / "in", "-v")
    assert result.exit_code == 0, result.output
    lines = [line for line in result.output.splitlines() if "coverage: " in line]
    assert len(lines) == len(COUNTED)
    assert any("translated already, or unsure" in line for line in lines)


def test_a_report_tells_the_coverage_of_each_document(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run(tmp_path / "in", "--report", str(tmp_path / "r.json"), "--report", str(tmp_path / "r.html"))
    documents = json.loads((tmp_path / "r.json").read_text())["documents"]
    assert len(documents) == len(COUNTED)
    assert all(any("coverage: " in note for note in one["notes"]) for one in documents)
    assert (tmp_path / "r.html").read_text().count("coverage: ") >= len(COUNTED)


def test_nobody_counts_when_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(coverage, "coverage_of", lambda document, pair: asked.append(document.name))
    (tmp_path / "in").mkdir()
    assert run(tmp_path / "in").exit_code == 0
    assert not asked
