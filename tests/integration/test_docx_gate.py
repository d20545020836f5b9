"""Whole runs over one document for each element: `translate`, then `verify`, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
