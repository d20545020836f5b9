"""Every text that a reader may see is translated, kept for a reason, or told."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from batchtx.formats.docx.check.audit import audit_documents
from batchtx.formats.docx.options import DocxOptions
from batchtx.language.zh_en import PAIR
from batchtx.text.scripts import count_han
from tests.fixtures_docx import body_of, package, paragraph, parts_of, problems, read, translated, written

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_CX = "http://schemas.microsoft.com/office/drawing/2014/chartex"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def alternate(inner: str, fallback: str | None = None) -> str:
    other = inner if fallback is None else fallback
    return (
        f'<mc:AlternateContent><mc:Choice Requires="w14">{inner}</mc:Choice>'
        f"<mc:Fallback>{other}</mc:Fallback></mc:AlternateContent>"
    )


def texts(content: bytes, part: str = "word/document.xml") -> list[str]:
    return re.findall(r"<(?:\w+:)?(?:t|v|pt)(?: [^>]*)?>([^<]*)</", body_of(content, part))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("甲<w:br/>乙", ["甲", "乙"]),
        ("甲<w:br/>乙<w:tab/>丙", ["甲", "乙", "丙"]),
        ("甲<w:t>乙</w:t>丙", ["甲乙丙"]),
        ("<w:t><w:t>甲</w:t>乙</w:t>", ["甲乙"]),
        ("甲<w:cr/><w:t>乙<w:br/>丙</w:t>丁", ["甲", "乙", "丙丁"]),
        ("甲<w:noBreakHyphen/>乙", ["甲\U000f0000乙"]),
        ("甲<w:lastRenderedPageBreak/>乙", ["甲乙"]),
    ],
)
def test_text_after_an_element_inside_of_a_text_is_read(inside: str, expected: list[str]) -> None:
    content = package(f"<w:p><w:r><w:t>{inside}</w:t></w:r></w:p>")
    assert [unit.text for unit in read(content)] == expected
    assert problems(content) == []
    new = translated(content, {text: re.sub(r"\w+", "x", text) for text in expected})
    assert count_han(body_of(new)) == 0
    for mark in ("br", "tab", "cr", "noBreakHyphen"):
        assert body_of(new).count(f"<w:{mark}/>") == inside.count(f"<w:{mark}/>")


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        ("<w:p><w:r><w:t>好</w:t></w:r></w:p>裸字", "裸字"),
        ('<w:p><x:y xmlns:x="u"><w:r><w:t>裸字</w:t></w:r></x:y></w:p>', "裸字"),
        ('<w:p><w:r><x:y xmlns:x="u">裸字</x:y></w:r></w:p>', "裸字"),
        ("<w:p><w:r><w:r><w:t>裸字</w:t></w:r></w:r></w:p>", "裸字"),
        ("<w:t>裸字</w:t>", "裸字"),
        ("裸字", "裸字"),
    ],
)
def test_text_that_no_rule_takes_is_a_problem_and_verify_counts_it(
    body: str, lost: str, tmp_path: Path
) -> None:
    content = package(paragraph("第一段") + body)
    (problem,) = problems(content)
    assert lost in problem.message
    old, new = tmp_path / "a.docx", tmp_path / "b.docx"
    old.write_bytes(content)
    written(content, {"第一段": "One", "好": "good"}, new)
    audit = audit_documents(old, new, DocxOptions(), PAIR)
    assert audit.n_left == len(lost)
    assert audit.sound is (f"<w:t>{lost}" in body)  # else the coverage does not know of it


@pytest.mark.parametrize(
    "body",
    [
        "<w:p>甲<w:r><w:t>乙</w:t></w:r></w:p>",
        "<w:p><w:pPr/>甲<w:r><w:t>乙</w:t></w:r></w:p>",
        "<w:p><w:r>甲<w:rPr/><w:t>乙</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>甲</w:t>乙</w:r></w:p>",
        "<w:p><w:r><w:t>甲</w:t></w:r>乙</w:p>",
        "<w:p><w:ins w:id='1'>甲<w:r><w:t>乙</w:t></w:r></w:ins></w:p>",
    ],
)
def test_bare_text_of_a_paragraph_is_translated(body: str, tmp_path: Path) -> None:
    content = package(body)
    (unit,) = read(content)
    assert re.sub("[\U000f0000-\U000fffff]", "", unit.text) == "甲乙"
    new = translated(content, {unit.text: unit.text.replace("甲乙", "both")})
    assert count_han(body_of(new)) == 0
    assert problems(content) == []


def test_verify_sees_text_of_the_original_that_the_coverage_does_not_know(tmp_path: Path) -> None:
    content = package('<w:p><w:r><x:y xmlns:x="u">裸字</x:y><w:t>好</w:t></w:r></w:p>')
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    audit = audit_documents(path, path, DocxOptions(), PAIR)
    assert not audit.sound
    assert "2 characters of the original are neither translated nor kept" in audit.differences[0].message


def test_what_is_kept_for_a_reason_is_no_problem() -> None:
    body = (
        "<w:p><w:del w:id='1'><w:r><w:delText>删去</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>拼音</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:r><w:instrText>目录</w:instrText></w:r><m:oMath><m:r><m:t>速度</m:t></m:r></m:oMath></w:p>"
    )
    assert problems(package(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p><w:r><w:t>前文，</w:t></w:r>{alternate('<w:r><w:t>选择</w:t></w:r>')}</w:p>",
        f"<w:p><w:r><w:t>前文，</w:t>{alternate('<w:t>选择</w:t>')}</w:r></w:p>",
        f"<w:p><w:r><w:t>前文，</w:t></w:r><w:r>{alternate('<w:t>选择</w:t>')}<w:t>后文</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>前文，</w:t></w:r>"
        + alternate("<w:r><w:t>选择</w:t></w:r>", "<w:r><w:t>另外</w:t></w:r>")
        + "</w:p>",
        "<w:p><w:r><w:t>前文，</w:t></w:r><w:hyperlink>"
        + alternate("<w:r><w:t>选择</w:t></w:r>")
        + "</w:hyperlink></w:p>",
        "<w:p><w:r><w:t>前文，</w:t></w:r>"
        + alternate(alternate("<w:r><w:t>选择</w:t></w:r>"), "<w:r><w:t>选择</w:t></w:r>")
        + "</w:p>",
    ],
)
def test_both_branches_of_an_alternative_are_translated(body: str, tmp_path: Path) -> None:
    content = package(body)
    targets = {"选择": "choice", "另外": "other", "后文": "after"}
    for unit in read(content):
        if "前文" in unit.text:
            targets[unit.text] = unit.text.replace("前文，", "Before ").replace("后文", "after")
    old, new = tmp_path / "a.docx", tmp_path / "b.docx"
    old.write_bytes(content)
    written(content, targets, new)
    result = new.read_bytes()
    assert count_han(body_of(result)) == 0
    assert body_of(result).count("<mc:Fallback>") == body_of(content).count("<mc:Fallback>")
    n_choices = body.count("选择") + body.count("另外")
    assert sum("choice" in text or "other" in text for text in texts(result)) == n_choices
    assert audit_documents(old, new, DocxOptions(), PAIR).differences == ()


def test_words_of_an_alternative_do_not_stick_to_their_neighbours() -> None:
    content = package(
        f"<w:p><w:r><w:t>天气</w:t></w:r>{alternate('<w:r><w:t>很好</w:t></w:r>')}<w:r><w:t>吗</w:t></w:r></w:p>"
    )
    whole = next(unit.text for unit in read(content) if "天气" in unit.text)
    new = translated(
        content, {whole: whole.replace("天气", "Weather").replace("吗", "now"), "很好": "is good"}
    )
    assert texts(new) == ["Weather", " is good ", " is good ", "now"]


def chart_package(part: str, xml: str, kind: str) -> bytes:
    chart = f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}"/>'
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        f'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="../{part}"/></Relationships>'
    )
    parts: dict[str, str | bytes] = {
        "word/charts/chart1.xml": chart,
        "word/charts/_rels/chart1.xml.rels": relation,
        f"word/{part}": xml,
    }
    return package(paragraph("正文"), parts=parts, relations={"charts/chart1.xml": "chart"})


def test_text_boxes_drawn_into_a_chart_are_translated() -> None:
    xml = (
        f'<c:userShapes xmlns:c="{_C}" xmlns:a="{_A}"><a:p><a:r><a:t>批注</a:t></a:r>'
        "<a:fld><a:t>日期</a:t></a:fld></a:p></c:userShapes>"
    )
    content = chart_package("drawings/drawing1.xml", xml, "chartUserShapes")
    assert [unit.text for unit in read(content)] == ["正文", "批注", "日期"]
    new = translated(content, {"批注": "Note", "日期": "Date"})
    assert texts(new, "word/drawings/drawing1.xml") == ["Note", "Date"]


def test_a_part_of_an_unknown_kind_with_text_is_a_problem() -> None:
    content = chart_package("drawings/x.xml", f'<x xmlns:a="{_A}"><a:t>批注</a:t></x>', "somethingNew")
    (problem,) = problems(content)
    assert problem.address == "word/drawings/x.xml"
    assert "批注" in problem.message


def test_texts_of_new_charts_are_translated() -> None:
    xml = (
        f'<cx:chartSpace xmlns:cx="{_CX}"><cx:strDim><cx:lvl><cx:pt idx="0">类别</cx:pt></cx:lvl></cx:strDim>'
        "<cx:numDim><cx:lvl><cx:pt>12</cx:pt></cx:lvl></cx:numDim><cx:v>系列</cx:v></cx:chartSpace>"
    )
    content = package("", parts={"word/charts/c.xml": xml}, relations={"charts/c.xml": "chartEx"})
    assert [unit.text for unit in read(content)] == ["类别", "系列"]
    assert texts(translated(content, {"类别": "Kind", "系列": "Series"}), "word/charts/c.xml") == [
        "Kind",
        "12",
        "Series",
    ]


def chunk(name: str, data: bytes) -> bytes:
    return package('<w:altChunk r:id="rId1"/>', parts={f"word/{name}": data}, relations={name: "aFChunk"})


HTML = (
    "<html><head><title>标题</title></head><body><p>全文<b>在</b>这里。<br>第二行</p>"
    "<ul><li>一项</li></ul></body></html>"
)
MAIL = "MIME-Version: 1.0\nContent-Type: text/html; charset={}\nContent-Transfer-Encoding: {}\n\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.htm", HTML.encode()),
        ("a.htm", HTML.replace("<title>", '<meta charset="gb2312"><title>').encode("gbk")),
        ("a.htm", HTML.encode("utf-16")),
        ("a.mht", MAIL.format("utf-8", "8bit").encode() + HTML.encode()),
        ("a.mht", MAIL.format("gb2312", "base64").encode() + base64.encodebytes(HTML.encode("gbk"))),
        ("a.bin", HTML.encode()),
    ],
)
def test_embedded_html_is_translated(name: str, data: bytes) -> None:
    content = chunk(name, data)
    units = read(content)
    shown = [re.sub("[\U000f0000-\U000fffff]", "|", unit.text) for unit in units]
    assert sorted(shown) == sorted(["标题", "全文|在|这里。", "第二行", "一项"])
    targets = {unit.text: re.sub("[\u4e00-\u9fff]+", "word", unit.text) for unit in units}
    new = parts_of(translated(content, targets))[f"word/{name}"]
    plain = base64.b64decode(new.partition(b"\n\n")[2]) if b"base64" in new else new
    text = plain.decode("utf-16" if plain[:2] in (b"\xff\xfe", b"\xfe\xff") else "ascii", "replace")
    assert "word<b>word</b>word。".replace("。", "") in text.replace("&#12290;", "").replace(
        "。", ""
    ).replace("\ufffd", "")
    assert text.count("word") == 6


def test_an_embedded_document_is_translated_and_so_is_one_inside_of_it() -> None:
    inner = chunk("b.txt", "最里面。".encode())
    middle = package(
        paragraph("里面。") + '<w:altChunk r:id="rId1"/>',
        parts={"word/inner.docx": inner},
        relations={"inner.docx": "aFChunk"},
    )
    content = chunk("a.docx", middle)
    assert [unit.text for unit in read(content)] == ["里面。", "最里面。"]
    new = translated(content, {"里面。": "Inside.", "最里面。": "Innermost."})
    one = parts_of(new)["word/a.docx"]
    assert "Inside." in body_of(one)
    assert parts_of(parts_of(one)["word/inner.docx"])["word/b.txt"] == b"Innermost."


@pytest.mark.parametrize(
    "data", [rb"{\rtf1 \u20840 }", b"\x00\x01", "<p>坏</p>".encode("big5") + b"\xff\xff"]
)
def test_an_embedded_file_that_cannot_be_read_is_a_problem(data: bytes) -> None:
    (problem,) = problems(chunk("a.bin", data))
    assert "an embedded file (altChunk) is kept untranslated" in problem.message


@pytest.mark.parametrize(
    "inside",
    [
        "外层文字甲乙<w:t>内层文字丙丁</w:t>尾部文字戊己",
        "第一行地址甲乙<w:br/>第二行电话丙丁",
        "甲方应在合同签订后付款<w:t>，乙方应在收到款项以后交付全部货物</w:t>",
    ],
)
def test_verify_finds_what_a_translation_dropped(inside: str, tmp_path: Path) -> None:
    """As it was when only the first text of a w:t was read."""
    old, new = tmp_path / "a.docx", tmp_path / "b.docx"
    old.write_bytes(package(f"<w:p><w:r><w:t>{inside}</w:t></w:r></w:p>"))
    new.write_bytes(package("<w:p><w:r><w:t>Outer text A.</w:t></w:r></w:p>"))
    audit = audit_documents(old, new, DocxOptions(), PAIR)
    assert any(
        "text is missing" in found.message or "mark lost" in found.message for found in audit.differences
    )


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("甲方应在合同签订后三十日内付款。", "Party A shall pay within 30 days of signing."),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元整", "RMB 1,234,567"),
        ("二〇二六年十一月二十六日", "2026-11-26"),
        ("中华人民共和国", "PRC"),
        ("接着他们就打了起来。", "There's a beat."),
    ],
)
def test_verify_lets_short_translations_pass(source: str, target: str, tmp_path: Path) -> None:
    old, new = tmp_path / "a.docx", tmp_path / "b.docx"
    old.write_bytes(package(paragraph(source)))
    new.write_bytes(package(paragraph(target)))
    assert audit_documents(old, new, DocxOptions(), PAIR).differences == ()


def test_verify_counts_text_that_stayed_in_a_chart_and_in_an_alternative(tmp_path: Path) -> None:
    xml = f'<c:userShapes xmlns:c="{_C}" xmlns:a="{_A}"><a:p><a:r><a:t>批注</a:t></a:r></a:p></c:userShapes>'
    content = chart_package("drawings/drawing1.xml", xml, "chartUserShapes")
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    assert dict(audit_documents(path, path, DocxOptions(), PAIR).left)["word/drawings/drawing1.xml"] == 2
    path.write_bytes(package(f"<w:p>{alternate('<w:r><w:t>选择</w:t></w:r>')}</w:p>"))
    assert audit_documents(path, path, DocxOptions(), PAIR).n_left == 2
