"""Whole runs over one document for each element: `translate`, then `verify`, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fixtures_docx import body_of, package, paragraph
from tests.fixtures_docx import run as run_of
from tests.fixtures_docx.elements import DOCUMENTS
from tests.helpers.command import ROOT, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    originals = tmp_path / "zh"
    originals.mkdir()
    for number, content in enumerate(DOCUMENTS.values()):
        (originals / f"{number:03}.docx").write_bytes(content)
    return tmp_path


def translate(folder: Path, engine: str) -> None:
    options = ["-o", "en", "--engine", engine, "--no-memory", "--no-sheet", "-j", "1"]
    run("translate", "zh", *options, cwd=folder)


@pytest.mark.parametrize("engine", ["echo", "pseudo"])
def test_a_run_loses_nothing_in_any_document(folder: Path, engine: str) -> None:
    translate(folder, engine)
    result = run("verify", "zh", "en", "--json", cwd=folder)
    audits = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert len(audits) == len(DOCUMENTS)
    assert all(audit["sound"] for audit in audits)


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
