"""Whole runs over one document for each element, and over four as offices write them.

`translate`, then `verify`, as a user types them; and nothing that Word would stumble over.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.fixtures_docx import body_of, package, paragraph, parts_of, zipped
from tests.fixtures_docx import run as run_of
from tests.fixtures_docx.elements import DOCUMENTS
from tests.fixtures_docx.kinds import KINDS
from tests.helpers.command import ROOT, run
from tests.helpers.word_rules import faults

ALL_ADJUSTMENTS = (
    "formulas", "index-entries", "row-heights", "text-boxes", "autofit", "alignment", "indents", "spacing",
    "line-grid", "direction",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    originals = tmp_path / "zh"
    originals.mkdir()
    for number, content in enumerate(DOCUMENTS.values()):
        (originals / f"{number:03}.docx").write_bytes(content)
    for name, make in KINDS.items():
        (originals / f"{name}.docx").write_bytes(make())
    return tmp_path


def translate(folder: Path, engine: str, *more: str) -> None:
    options = ["-o", "en", "--engine", engine, "--no-memory", "--no-sheet", "-j", "1"]
    run("translate", "zh", *options, *more, cwd=folder)


@pytest.mark.parametrize("engine", ["echo", "pseudo"])
def test_a_run_loses_nothing_in_any_document(folder: Path, engine: str) -> None:
    translate(folder, engine)
    result = run("verify", "zh", "en", "--json", cwd=folder)
    audits = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert len(audits) == len(DOCUMENTS) + len(KINDS)
    assert all(audit["sound"] for audit in audits)


@pytest.mark.slow
@pytest.mark.parametrize("revisions", ["keep-visible", "accept", "reject"])
def test_word_finds_nothing_to_stumble_over_that_was_not_there(folder: Path, revisions: str) -> None:
    adjust = [word for name in ALL_ADJUSTMENTS for word in ("--docx-adjust", name)]
    translate(folder, "pseudo", "--revisions", revisions, "--bilingual", "table", *adjust)
    results = sorted((folder / "en").iterdir())
    assert len(results) >= 2 * len(KINDS) + len(DOCUMENTS)
    for result in results:
        original = folder / "zh" / result.name.replace(".bilingual", "")
        new = Counter(faults(result.read_bytes())) - Counter(faults(original.read_bytes()))
        assert not new, result.name


def test_the_documents_of_offices_are_without_fault_themselves() -> None:
    assert {name: faults(make()) for name, make in KINDS.items()} == {name: [] for name in KINDS}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<w:b/><w:bCs/>", "<w:bCs/><w:b/>", "w:rPr has its children out of order"),
        ('<w:pgSz w:w="11906" w:h="16838"/>', "", None),
        ('r:id="rId3"', 'r:id="rId30"', "rId30 has no relationship"),
        ('w:fldCharType="end"', 'w:fldCharType="begin"', "fields do not end"),
        ('<w:bookmarkEnd w:id="2"/>', "", "bookmark 2 starts and does not end"),
        ("<w:r><w:tab/></w:r>", "<w:p/>", "a paragraph stands inside a paragraph"),
        ("</w:p></w:tc>", "</w:p><w:tbl/></w:tc>", "does not end with a paragraph"),
    ],
)
def test_the_rules_of_word_are_seen_to_be_broken(old: str, new: str, fault: str | None) -> None:
    parts = parts_of(KINDS["招标文件"]())
    text = parts["word/document.xml"].decode("utf-8")
    assert old in text
    found = faults(zipped({**parts, "word/document.xml": text.replace(old, new, 1)}))
    assert any(fault in line for line in found) if fault else not found


def test_a_bilingual_copy_stands_beside_the_translation(tmp_path: Path) -> None:
    source = ROOT / "samples" / "采购合同.docx"
    for layout in ("paragraph", "table"):
        out = tmp_path / layout
        run("translate", source, "-o", out, "--engine", "pseudo", "--bilingual", layout, cwd=tmp_path)
        copy = out / "采购合同.bilingual.docx"
        assert copy.stat().st_size > 5_000
        assert (out / "采购合同.docx").is_file()


def test_adjustments_are_switched_by_name(tmp_path: Path) -> None:
    look = '<w:rFonts w:ascii="宋体" w:eastAsia="宋体"/>'
    body = paragraph(run_of("你好", look), properties='<w:jc w:val="distribute"/>')
    (tmp_path / "a.docx").write_bytes(package(body))
    options = ["--engine", "pseudo", "--no-memory", "--no-sheet", "-j", "1"]
    adjust = ["--docx-adjust", "no-fonts", "--docx-adjust", "alignment"]
    run("translate", "a.docx", *options, *adjust, cwd=tmp_path)
    text = body_of((tmp_path / "a.en.docx").read_bytes())
    assert 'w:ascii="宋体"' in text
    assert 'w:val="center"' in text


def test_an_unknown_adjustment_is_wrong_usage_and_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(package(paragraph("你好")))
    done = run("translate", "a.docx", "--docx-adjust", "row-height", cwd=tmp_path, code=2)
    assert 'did you mean "row-heights"?' in done.stderr.decode()
