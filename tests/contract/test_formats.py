"""What every format must do: echo changes nothing, order is kept, reading and writing interleave."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from batchtx.errors import DocumentError, UnknownName
from batchtx.files import atomic_output
from batchtx.formats import FORMATS, format_of, is_lock_file, open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.protocols import Document
from batchtx.records import Problem, Unit, UnitTarget
from tests.fixtures_docx import package, paragraph, parts_of
from tests.fixtures_docx import run as docx_run
from tests.helpers.office import book, cell, deck, run, shape, workbook

TXT = "第一章　总则\r\n\r\n　　为了规范管理，制定本办法。\n姓名：\t日期：\rno Chinese\n\n  末行".encode()
JSONL = (
    '{"id":1,"text":"你好，世界。","n":1E400}\n'
    "not json\n"
    '{ "text" : "第二行" ,"b":[1, 2]}\n'
    '{"id":3}\n'
    '{"text":"末行"}'
).encode()
DOCX = package(
    paragraph("第一段。")
    + paragraph(docx_run("甲方：", "<w:b/>"), "某公司")
    + "<w:tbl><w:tr><w:tc>"
    + paragraph("单元格")
    + "</w:tc></w:tr></w:tbl>"
    + paragraph("plain English")
)
SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>大家好，欢迎</i>\r\n来到节目。\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\n- 你是谁？\r\n- 我。\r\n\r\n"
    "3\r\n00:00:05,000 --> 00:00:06,000\r\n末行\r\n"
).encode()
VTT = (
    "WEBVTT\n\nNOTE 注释\n\n00:01.000 --> 00:04.000 line:0\n<v 老师>请看 A&amp;B\n\n"
    "00:05.000 --> 00:06.000\n末行"
).encode()
ASS = (
    "[Script Info]\nTitle: 测试\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\i1}你好{\\i0}，\\N世界, 再见\n"
    "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,末行\n"
).encode()
MD = (
    "---\ntitle: 用户指南\n---\n\n# 一、概述\n\n这是**粗体**和[链接](https://a.cn/路)。\r\n第二行。\n\n"
    "> - 引用项\n\n| 名称 | 说明 |\n|--|--|\n| 甲\\|乙 | `代码` 丙 |\n\n```\n# 代码\n```\n\n末行"
).encode()
HTML = (
    '<!DOCTYPE html>\n<html><head><title>首页</title><script>var a = "<p>不译</p>";</script></head>\r\n'
    '<body><p>这是<b>粗体</b>和<a href="/路" title="提示">链接</a>，\n  第二行&nbsp;完。</p>'
    "<ul><li>项一</li><li>末行</li></ul></body></html>\n"
).encode()
PO = (
    '# 注释\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n#: a.c:3\n#, c-format\n'
    'msgid "共 %d 个文件\\n"\nmsgstr ""\n\nmsgctxt "菜单"\nmsgid ""\n"第一行\\n"\n"第二行"\nmsgstr ""\n\n'
    'msgid "已译"\nmsgstr "Done"\n\nmsgid "末行"\nmsgid_plural "末行"\nmsgstr[0] ""\nmsgstr[1] ""\n'
).encode()
XLIFF = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
    '<file source-language="zh-CN" datatype="plaintext" original="a"><body>\n'
    '<trans-unit id="1"><source>请点<g id="1">这里</g>，<x id="2"/>继续 &amp; 完成。</source>'
    "</trans-unit>\r\n"
    '<trans-unit id="2"><source>已译</source><target>Done</target></trans-unit>\n'
    '<trans-unit id="3"><source>末行</source><target/></trans-unit>\n</body></file></xliff>\n'
).encode()
PPTX = deck(shape(run("工作计划"), kind="title") + shape(run("请"), run("第二段")), shape(run("末行")))
XLSX = workbook("<si><t>项目</t></si><si><t>末行</t></si>", cell("A1", 0) + cell("B2", 1))
EPUB = book("<h1>第一章</h1><p>这是<b>粗体</b>。</p><p>末行</p>")
PACKAGES = {"docx": DOCX, "pptx": PPTX, "xlsx": XLSX, "epub": EPUB}
TEXTS = {"txt": TXT, "jsonl": JSONL, "md": MD, "html": HTML, "srt": SRT, "vtt": VTT, "ass": ASS}
CATALOGS = {"po": PO, "xliff": XLIFF}
SAMPLES = PACKAGES | TEXTS | CATALOGS


@pytest.fixture(params=sorted(FORMATS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def document(name: str) -> Callable[[], Document]:
    return lambda: open_document(
        name, Source("sample", stream=io.BytesIO(SAMPLES[name])), FormatChoices(), PAIR
    )


def echo(document: Document) -> bytes:
    output = io.BytesIO()
    document.write(targets(document, lambda text: text), output)
    return output.getvalue()


def targets(document: Document, translate: Callable[[str], str]) -> Iterator[UnitTarget]:
    for unit in document.units():
        if isinstance(unit, Unit):
            yield UnitTarget(unit.address, translate(unit.text))


def test_echo_gives_the_input(name: str, document: Callable[[], Document]) -> None:
    written = echo(document())
    if name in PACKAGES:
        assert list(parts_of(written).items()) == list(parts_of(PACKAGES[name]).items())
    else:
        assert written == SAMPLES[name]


def test_reads_everything_first_and_writes_then(name: str, document: Callable[[], Document]) -> None:
    one = document()
    known = list(targets(one, str.upper))
    output = io.BytesIO()
    one.write(known, output)
    interleaved = io.BytesIO()
    other = document()
    other.write(targets(other, str.upper), interleaved)
    assert output.getvalue() == interleaved.getvalue()


def test_addresses_are_unique_and_the_same_each_time(document: Callable[[], Document]) -> None:
    first = [unit.address for unit in document().units()]
    assert len(set(first)) == len(first)
    assert first == [unit.address for unit in document().units()]


def test_every_unit_has_a_place_and_a_text_without_spaces_around(document: Callable[[], Document]) -> None:
    units = [unit for unit in document().units() if isinstance(unit, Unit)]
    assert units
    for unit in units:
        assert unit.place
        assert unit.text == unit.text.strip()
        assert unit.text


def test_a_target_goes_to_its_own_unit(name: str, document: Callable[[], Document]) -> None:
    one = document()
    output = io.BytesIO()
    one.write(targets(one, lambda text: "Last line" if text == "末行" else text), output)
    if name in TEXTS:
        assert output.getvalue() == SAMPLES[name].replace("末行".encode(), b"Last line")
    elif name in CATALOGS:
        assert "末行".encode() in output.getvalue()
        assert b"Last line" in output.getvalue()


def test_a_target_too_few_or_too_many_is_an_error(document: Callable[[], Document]) -> None:
    few = document()
    known = list(targets(few, str))
    with pytest.raises(ValueError, match="fewer targets than units"):
        few.write(known[:-1], io.BytesIO())
    many = document()
    known = list(targets(many, str))
    with pytest.raises(ValueError, match="no unit waits"):
        many.write([*known, UnitTarget("extra", "x")], io.BytesIO())


def test_units_that_were_not_read_to_their_end_are_an_error(document: Callable[[], Document]) -> None:
    with pytest.raises(ValueError, match="before the units were read"):
        document().write([], io.BytesIO())


def test_verify_accepts_what_was_written(document: Callable[[], Document], tmp_path: Path) -> None:
    one = document()
    path = tmp_path / "out"
    with atomic_output(path, verify=one.verify) as output:
        one.write(targets(one, lambda text: text + "！"), output)
    assert path.stat().st_size > 0


def test_verify_refuses_a_file_cut_short(document: Callable[[], Document], tmp_path: Path) -> None:
    one = document()
    path = tmp_path / "out"
    output = io.BytesIO()
    one.write(targets(one, str), output)
    path.write_bytes(output.getvalue()[:40])
    with pytest.raises(DocumentError):
        one.verify(path)


def test_progress_ends_at_one(document: Callable[[], Document]) -> None:
    one = document()
    assert one.progress() == 0
    echo(one)
    assert one.progress() == 1


def test_problems_are_read_in_order_and_kept_as_they_are() -> None:
    document = open_document("jsonl", Source("sample", stream=io.BytesIO(JSONL)), FormatChoices(), PAIR)
    found = [(type(unit).__name__, unit.address) for unit in document.units()]
    assert found == [
        ("Unit", "line 1, text"),
        ("Problem", "line 2"),
        ("Unit", "line 3, text"),
        ("Problem", "line 4, text"),
        ("Unit", "line 5, text"),
    ]


def test_a_missing_file_is_a_clear_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        open_document(name, Source("gone", path=tmp_path / "gone"), FormatChoices(), PAIR)


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(UnknownName, match='unknown format "pdf"'):
        open_document("pdf", Source("a", stream=io.BytesIO()), FormatChoices(), PAIR)


def test_extensions_tell_formats_in_any_case() -> None:
    assert format_of("合同.DOCX") == format_of("a.dotm") == "docx"
    assert format_of("a.ndjson") == "jsonl"
    assert format_of("a.Markdown") == "md"
    assert format_of("a.rst") is None
    assert is_lock_file("~$合同.docx") and is_lock_file("dir/.~a.docx") and not is_lock_file("a.docx")


def test_problem_records_are_not_units() -> None:
    assert not isinstance(Problem("a", "b", "c"), Unit)
