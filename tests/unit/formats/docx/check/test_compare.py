"""The comparison accepts good translations and finds what bad ones lose."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.formats.audit import Difference
from batchtx.formats.docx.check.compare import compare_documents
from batchtx.text.inline_codes import code_char
from tests.fixtures_docx import field, package, paragraph, run, translated, zipped
from tests.fixtures_docx import parts_of as parts

NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
LINK = f'<w:hyperlink w:anchor="a">{run("附件")}</w:hyperlink>'
BODY = (
    paragraph(
        "应当在",
        run("三十日", "<w:b/>"),
        "内",
        NOTE,
        "付款，见",
        LINK,
        "。",
        properties='<w:jc w:val="left"/>',
    )
    + paragraph("第", field(" PAGE ", run("1")), "页")
    + f"<w:tbl><w:tr><w:tc>{paragraph('格')}</w:tc></w:tr></w:tbl>"
)
A, B, C, D, E = (code_char(number) for number in range(5))
TARGETS = {
    f"应当在{A}三十日{B}内{C}付款，见{D}附件{E}。": f"Pay within {A}thirty days{B}{C}; see {D}the annex{E}.",
    f"第{A}页": f"Page {A}",
    "格": "cell",
}


def test_a_lost_gap_between_columns_is_a_difference(tmp_path: Path) -> None:
    before, after = tmp_path / "a.docx", tmp_path / "b.docx"
    before.write_bytes(package(paragraph("日期：        日期:")))
    for text, found in (("Date:        Date:", 0), ("Date: Date:", 1)):
        after.write_bytes(package(paragraph(text)))
        lost = [one for one in compare_documents(before, after) if "gap between columns" in str(one)]
        assert len(lost) == found


def differences(tmp_path: Path, change: tuple[str, str] | None) -> list[Difference]:
    """Compare the original with its translation, in which a text of the XML was replaced."""
    original = package(BODY, parts={"word/a.bin": b"1"})
    result = parts(translated(original, TARGETS))
    if change is not None:
        document = result["word/document.xml"].decode()
        assert change[0] in document
        result["word/document.xml"] = document.replace(change[0], change[1], 1).encode()
    before, after = tmp_path / "a.docx", tmp_path / "b.docx"
    before.write_bytes(original)
    after.write_bytes(zipped(dict(result)))
    return compare_documents(before, after)


def test_a_good_translation_has_no_differences(tmp_path: Path) -> None:
    assert differences(tmp_path, None) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('<w:footnoteReference w:id="2"/>', ""), "mark lost: w:footnoteReference id=2"),
        (('<w:fldChar w:fldCharType="end"/>', ""), "mark lost: w:fldChar fldCharType=end"),
        ((" PAGE ", " DATE "), "the instruction of a field was changed"),
        (("<w:b/>", ""), "formatting lost: w:b"),
        (("<w:b/>", "<w:b/><w:i/>"), "formatting added: w:b|w:i"),
        (("the annex", ""), "enclosure lost its text: w:hyperlink anchor=a"),
        (("cell", ""), "the text was lost"),
        (('<w:jc w:val="left"/>', ""), "1 × w:pPr was lost or changed"),
        (("<w:tr>", "<w:tr><w:tc><w:p/></w:tc>"), "4 paragraphs instead of 3"),
    ],
)
def test_losses_are_found(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert message in [difference.message for difference in differences(tmp_path, change)]


def test_parts_that_went_or_changed_are_found(tmp_path: Path) -> None:
    original = package(BODY, parts={"word/a.bin": b"1", "word/b.bin": b"2"})
    result = dict(parts(translated(original, TARGETS)))
    result["word/a.bin"] = b"3"
    del result["word/b.bin"]
    result["word/c.bin"] = b"4"
    before, after = tmp_path / "a.docx", tmp_path / "b.docx"
    before.write_bytes(original)
    after.write_bytes(zipped(result))
    assert compare_documents(before, after) == [
        Difference("word/b.bin", "", "the part is missing"),
        Difference("word/c.bin", "", "the part was added"),
        Difference("word/a.bin", "", "the part was changed, and it holds no text to translate"),
    ]
