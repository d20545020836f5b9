"""Coverage accounts for every character of a part."""

from __future__ import annotations

import io

from batchtx.formats.audit import PartCoverage
from batchtx.records import UnitTarget
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


def test_comments_that_are_kept_are_counted_as_such() -> None:
    comment = f'<w:comment w:id="1">{paragraph("批注")}</w:comment>'
    content = package(
        paragraph("正文"),
        parts={"word/comments.xml": story("comments", comment)},
        relations={"comments.xml": "comments"},
    )
    assert coverage(content)[1].n_units == 2
    kept = coverage(content, comments="keep")[1]
    assert (kept.n_units, kept.kept) == (0, (("comments, kept as asked", 2),))


def test_a_document_says_how_much_of_it_was_reached() -> None:
    document = opened(package(paragraph("正文", field(" PAGE ", run("12")), "四字")))
    assert document.notes == ()
    list(document.units())
    assert document.notes == ("coverage: 66.7 % of 6 characters; kept: 2 field results",)


def test_text_that_no_rule_reaches_is_named_with_its_part() -> None:
    stray = "<w:r><w:pict><v:rect><w:r><w:t>孤立</w:t></w:r></v:rect></w:pict></w:r>"
    document = opened(package(paragraph("正文", stray)))
    list(document.units())
    assert document.notes[1].startswith("word/document.xml: 2 characters stand where no rule reaches")


def test_a_part_that_cannot_be_read_is_named() -> None:
    content = package(
        paragraph("正文"), parts={"word/numbering.xml": b"<broken"}, relations={"numbering.xml": "numbering"}
    )
    document = opened(content)
    document.write([UnitTarget(unit.address, "text") for unit in document.units()], io.BytesIO())  # type: ignore[union-attr]
    assert any("word/numbering.xml cannot be read and stays as it is" in note for note in document.notes)
