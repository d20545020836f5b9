"""The Word table, as people edit it."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from batchtx.errors import SheetError
from batchtx.review.formats import read_sheet
from tests.helpers.sheets import correct, sheet_row, write


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    rows = [sheet_row("甲方。", "Party A.", 1), sheet_row("乙方。", "Party B.", 2, document="b.docx")]
    return write(tmp_path / "review.docx", rows)


def test_each_document_has_a_table_whose_head_repeats(sheet: Path) -> None:
    tables = docx.Document(str(sheet)).tables
    assert [table.rows[0].cells[0].text for table in tables] == ["docs/a.txt", "b.docx"]
    assert [cell.text for cell in tables[0].rows[1].cells] == ["id", "source", "translation", "correction"]
    assert all("w:tblHeader" in row._tr.xml for table in tables for row in table.rows[:2])


def test_corrections_come_back_with_their_lines(sheet: Path) -> None:
    correct(sheet, {"甲方": "Party A,\nfirst;\tthen."})
    assert [row.correction for row in read_sheet(sheet)] == ["Party A,\nfirst;\tthen.", ""]


def test_paragraphs_are_lines_and_tracked_changes_count_as_accepted(sheet: Path) -> None:
    document = docx.Document(str(sheet))
    cell = document.tables[0].rows[2].cells[3]
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    change = "w:id='1' w:author='Li' w:date='2026-01-20T00:00:00Z'"
    cell._tc.append(
        parse_xml(
            f"<w:p {nsdecls('w')}>{run.format('Party ')}"
            f"<w:del {change}><w:r><w:delText>X</w:delText></w:r></w:del>"
            f"<w:ins {change}>{run.format('A')}</w:ins>{run.format(' pays.')}"
            f"<w:moveFrom {change}>{run.format('moved')}</w:moveFrom></w:p>"
        )
    )
    cell.paragraphs[0].text = "First."
    document.save(str(sheet))
    assert [row.correction for row in read_sheet(sheet)] == ["First.\nParty A pays.", ""]


def test_another_document_is_told(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "letter.docx"))
    with pytest.raises(SheetError, match="has no review table"):
        list(read_sheet(tmp_path / "letter.docx"))
