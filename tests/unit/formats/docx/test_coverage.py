"""Coverage accounts for every character of a part."""

from __future__ import annotations

from batchtx.formats.docx.coverage import PartCoverage
from tests.fixtures_docx import field, opened, package, paragraph, run, story


def coverage(content: bytes, **choices: object) -> tuple[PartCoverage, ...]:
    document = opened(content, **choices)
    list(document.units())
    return document.coverage  # type: ignore[attr-defined, no-any-return]


def test_every_character_is_in_a_unit_or_has_a_reason() -> None:
    moved = f'<w:moveFrom w:id="1" w:author="A">{run("移走")}</w:moveFrom>'
    body = (
        paragraph("正文 四字", run("藏", "<w:vanish/>"), "后")
        + paragraph("第", field(" PAGE ", run("12")), "页")
        + paragraph("——")
        + paragraph("甲：____", moved)
        + paragraph("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>")
    )
    assert coverage(package(body)) == (
        PartCoverage(
            part="word/document.xml",
            story="body",
            n_found=23,
            n_units=9,
            kept=(
                ("blanks to fill in", 4),
                ("formulas", 3),
                ("field results", 2),
                ("punctuation", 2),
                ("deleted text", 2),
                ("hidden text", 1),
            ),
        ),
    )


def test_parts_that_are_not_read_are_not_counted() -> None:
    comment = f'<w:comment w:id="1">{paragraph("批注")}</w:comment>'
    content = package(
        paragraph("正文"),
        parts={"word/comments.xml": story("comments", comment)},
        relations={"comments.xml": "comments"},
    )
    assert [part.part for part in coverage(content)] == ["word/document.xml", "word/comments.xml"]
    assert [part.part for part in coverage(content, comments="keep")] == ["word/document.xml"]
