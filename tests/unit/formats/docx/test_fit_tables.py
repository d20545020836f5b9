"""Tables whose cells were made for Han characters fit English."""

from __future__ import annotations

from pathlib import Path

import docx
import docx.document
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tests.helpers.command import run

_WORD = "Internationalization"


def table_of(path: Path, *, width_cm: float, text: str = "金额说明") -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    first, second = table.rows[0].cells
    for cell, words in ((first, text), (second, "2026")):
        cell.width = Cm(width_cm)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        one = cell.paragraphs[0].add_run(words)
        one.font.size = Pt(12)
        fonts = one._element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:ascii"), "宋体")
        fonts.set(qn("w:hAnsi"), "宋体")
    document.save(str(path))


def translated(folder: Path, *options: str) -> docx.document.Document:
    (folder / "terms.csv").write_text(f"国际化,{_WORD}\n", encoding="utf-8")
    run("translate", "a.docx", "-g", "terms.csv", "--engine", "pseudo", *options, cwd=folder)
    return docx.Document(str(folder / "a.en.docx"))


def test_justified_text_of_a_narrow_cell_is_ragged_and_that_of_a_wide_one_stays(tmp_path: Path) -> None:
    for width_cm, wanted in ((3, WD_ALIGN_PARAGRAPH.LEFT), (9, WD_ALIGN_PARAGRAPH.JUSTIFY)):
        table_of(tmp_path / "a.docx", width_cm=width_cm)
        cell = translated(tmp_path, "--force").tables[0].cell(0, 0)
        assert cell.paragraphs[0].alignment == wanted


def test_a_style_that_justifies_counts_and_one_that_does_not_stays(tmp_path: Path) -> None:
    for style_justifies, wanted in ((True, WD_ALIGN_PARAGRAPH.LEFT), (False, None)):
        table_of(tmp_path / "a.docx", width_cm=3)
        document = docx.Document(str(tmp_path / "a.docx"))
        if style_justifies:
            document.styles["Normal"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        document.tables[0].cell(0, 0).paragraphs[0].alignment = None
        document.save(str(tmp_path / "a.docx"))
        cell = translated(tmp_path, "--force").tables[0].cell(0, 0)
        assert cell.paragraphs[0].alignment == wanted


@pytest.mark.parametrize(
    ("width_cm", "text", "grows"), [(2, "国际化", True), (6, "国际化", False), (2, "的", False)]
)
def test_fixed_columns_grow_only_where_a_word_would_break(
    tmp_path: Path, width_cm: float, text: str, grows: bool
) -> None:
    table_of(tmp_path / "a.docx", width_cm=width_cm, text=text)
    assert translated(tmp_path).tables[0].autofit == grows


def test_figures_keep_one_face_with_the_words_beside_them(tmp_path: Path) -> None:
    table_of(tmp_path / "a.docx", width_cm=6)
    first, second = translated(tmp_path).tables[0].rows[0].cells
    faces = {cell.paragraphs[0].runs[0]._element.rPr.rFonts.get(qn("w:ascii")) for cell in (first, second)}
    assert faces == {"Times New Roman"}


def test_both_can_be_switched_off(tmp_path: Path) -> None:
    table_of(tmp_path / "a.docx", width_cm=2, text="国际化")
    off = ("--docx-adjust", "no-ragged-cells", "--docx-adjust", "no-fit-columns")
    table = translated(tmp_path, *off).tables[0]
    assert not table.autofit
    assert table.cell(0, 0).paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.JUSTIFY


def test_verify_takes_both_for_what_they_are(tmp_path: Path) -> None:
    table_of(tmp_path / "a.docx", width_cm=2, text="国际化")
    translated(tmp_path)
    assert "no differences" in run("verify", "a.docx", "a.en.docx", cwd=tmp_path).stdout.decode()
