"""Two languages in one document, paragraph by paragraph or side by side."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest

from batchtx.errors import DocumentError
from batchtx.formats.docx.bilingual import Layout, rows_of, write_bilingual
from batchtx.language.zh_en import PAIR
from batchtx.text.inline_codes import without_codes
from tests.fixtures_docx import body_of, field, package, paragraph, parts_of, read, run, translated
from tests.fixtures_docx.elements import DOCUMENTS
from tests.unit.formats.docx.test_identity import in_pseudo

NUMBER = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
SECTION = '<w:sectPr><w:cols w:num="2"/></w:sectPr>'
NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
BODY = (
    paragraph("标题", properties=f'{NUMBER}<w:outlineLvl w:val="0"/>')
    + paragraph("付款", NOTE, properties=f'<w:jc w:val="center"/>{SECTION}')
    + paragraph("第", field(" PAGE ", run("1")), "页")
    + paragraph("ABC")
)
TARGETS = {"标题": "Title", "付款": "Payment"}


def pair(tmp_path: Path, content: bytes, targets: dict[str, str]) -> tuple[Path, Path]:
    before, after = tmp_path / "a.docx", tmp_path / "b.docx"
    before.write_bytes(content)
    after.write_bytes(translated(content, targets))
    return before, after


def bilingual(tmp_path: Path, layout: Layout) -> bytes:
    output = io.BytesIO()
    write_bilingual(*pair(tmp_path, package(BODY), TARGETS), output, layout, PAIR)
    return output.getvalue()


def test_each_translation_stands_below_its_paragraph(tmp_path: Path) -> None:
    result = body_of(bilingual(tmp_path, "paragraph"))
    texts = re.findall(r"<w:t[^>]*>([^<]*)<", result)
    assert texts == ["标题", "Title", "付款", "Payment", "第", "1", "页", "ABC"]


def test_a_translation_has_no_number_outline_level_or_note_of_its_own(tmp_path: Path) -> None:
    result = body_of(bilingual(tmp_path, "paragraph"))
    title = re.search(r"<w:p>(?:(?!<w:p>).)*Title", result)
    assert title is not None
    assert '<w:numId w:val="0"/>' in title[0]
    assert '<w:outlineLvl w:val="9"/>' in title[0]
    assert result.count("footnoteReference") == 1


def test_the_end_of_a_section_stands_behind_both(tmp_path: Path) -> None:
    result = body_of(bilingual(tmp_path, "paragraph"))
    assert result.count("<w:sectPr>") == 1
    assert result.index("付款") < result.index("<w:sectPr>") < result.index("Payment")


def test_other_parts_are_those_of_the_original(tmp_path: Path) -> None:
    before, after = pair(tmp_path, DOCUMENTS["all parts"], {"正文": "Text"})
    output = io.BytesIO()
    write_bilingual(before, after, output, "paragraph", PAIR)
    old, new = parts_of(before.read_bytes()), parts_of(output.getvalue())
    assert list(old) == list(new)
    assert {part for part in old if old[part] != new[part]} <= {"word/document.xml", "word/styles.xml"}


def test_a_table_holds_source_and_translation_side_by_side_with_their_place(tmp_path: Path) -> None:
    table = docx.Document(io.BytesIO(bilingual(tmp_path, "table"))).tables[0]
    cells = [tuple(cell.text for cell in row.cells) for row in table.rows]
    assert cells[:3] == [
        ("Source", "Translation"),
        ("标题\nparagraph 1", "Title"),
        ("付款\nparagraph 2", "Payment"),
    ]


def test_bold_words_stay_bold_in_a_table(tmp_path: Path) -> None:
    content = package(paragraph("应当", run("付款", "<w:b/>")))
    row = next(rows_of(*pair(tmp_path, content, {})))
    assert [(piece.text, piece.bold) for piece in row.source] == [("应当", False), ("付款", True)]


def test_documents_that_do_not_correspond_are_refused(tmp_path: Path) -> None:
    before, after = pair(tmp_path, package(BODY), TARGETS)
    after.write_bytes(package(paragraph("x")))
    with pytest.raises(DocumentError, match=r"1 paragraphs, but .* has 4; translate it again"):
        write_bilingual(before, after, io.BytesIO(), "paragraph", PAIR)


@pytest.mark.parametrize("layout", ["paragraph", "table"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_can_be_made_bilingual(name: str, layout: Layout, tmp_path: Path) -> None:
    before, after, output = tmp_path / "a.docx", tmp_path / "b.docx", io.BytesIO()
    before.write_bytes(DOCUMENTS[name])
    in_pseudo(DOCUMENTS[name], after)
    write_bilingual(before, after, output, layout, PAIR)
    made = "".join(without_codes(unit.text) for unit in read(output.getvalue()))
    plain = [unit.text for unit in read(DOCUMENTS[name]) if unit.kind == "text" and not unit.codes]
    assert not plain or any(text[1:] in made for text in plain)  # a dropped first letter stands apart
