"""The identity gate: with nothing translated nothing changes, with everything translated nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batchtx.engines.pseudo import PseudoEngine
from batchtx.files import atomic_output
from batchtx.formats.docx.check.compare import compare_documents
from batchtx.records import Unit, UnitTarget
from batchtx.text.inline_codes import CODE
from batchtx.text.scripts import has_han
from tests.fixtures_docx import opened, parts_of, read, translated
from tests.fixtures_docx.elements import DOCUMENTS

_PSEUDO = PseudoEngine()
_CODES = re.compile(f"({CODE.pattern})")


def pseudo(text: str) -> str:
    """Every piece between codes spoken in pseudo-English, the codes where they were."""
    pieces = _CODES.split(text)
    return "".join(piece if CODE.match(piece) else _PSEUDO.translate([piece])[0].text for piece in pieces)


def in_pseudo(content: bytes, path: Path) -> None:
    document = opened(content)
    with atomic_output(path, verify=document.verify) as output:
        document.write(
            (
                UnitTarget(unit.address, pseudo(unit.text))
                for unit in document.units()
                if isinstance(unit, Unit)
            ),
            output,
        )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_echo_keeps_every_part_byte_for_byte_and_in_order(name: str) -> None:
    before, after = parts_of(DOCUMENTS[name]), parts_of(translated(DOCUMENTS[name], {}))
    assert list(after) == list(before)
    assert after == before


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_translation_of_everything_loses_nothing(name: str, tmp_path: Path) -> None:
    before, after = tmp_path / "a.docx", tmp_path / "b.docx"
    before.write_bytes(DOCUMENTS[name])
    in_pseudo(DOCUMENTS[name], after)
    assert compare_documents(before, after) == []
    assert [unit.text for unit in read(after.read_bytes()) if has_han(unit.text)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_has_text_to_translate(name: str) -> None:
    assert any(has_han(unit.text) for unit in read(DOCUMENTS[name]))
