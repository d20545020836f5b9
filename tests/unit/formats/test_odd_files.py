"""Hostile and odd files: each is translated right or refused with one line, and no text is ever lost."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from batchtx.errors import DocumentError
from batchtx.formats import find_format, open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.records import Problem, Unit, UnitTarget
from tests.helpers.office import archive, book, cell, deck, relations, run, shape, workbook

HAN = re.compile("[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Odd:
    """A file, and what becomes of it. `refused` is what the error says, `texts` what is read of it;
    `problems` are places that stay."""

    what: str
    format: str
    content: bytes
    refused: str = ""
    texts: tuple[str, ...] = ()
    problems: int = 0


def text(value: str, encoding: str = "utf-8") -> bytes:
    return value.encode(encoding)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def changed(content: bytes, more: Mapping[str, bytes]) -> bytes:
    return archive(parts(content) | dict(more))


def without(content: bytes, name: str) -> bytes:
    return archive({one: body for one, body in parts(content).items() if one != name})


def part_with(content: bytes, name: str, old: str, new: str) -> bytes:
    body = parts(content)[name].decode()
    assert old in body
    return changed(content, {name: body.replace(old, new, 1).encode()})


def damaged(content: bytes, name: str) -> bytes:
    """The same with a wrong byte inside of a part's packed content."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        info = file.getinfo(name)
    at = info.header_offset + 30 + len(name) + info.compress_size // 2
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def encrypted(content: bytes) -> bytes:
    """The same with all entries marked as encrypted."""
    central = content.index(b"PK\x01\x02")
    out = bytearray(content)
    while out[central : central + 4] == b"PK\x01\x02":
        out[central + 8] |= 1
        n, m, k = struct.unpack("<HHH", out[central + 28 : central + 34])
        central += 46 + n + m + k
    return bytes(out)


def bomb(content: bytes, name: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for one, body in parts(content).items():
            if one != name:
                file.writestr(one, body)
        file.writestr(name, b"<a>" + b" " * (64 * 1024 * 1024) + b"</a>")
    return output.getvalue()


def twice(content: bytes, name: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as file, pytest.warns(UserWarning, match="Duplicate"):
        for one, body in [*parts(content).items(), (name, b"<x/>")]:
            file.writestr(one, body)
    return output.getvalue()


DECK = deck(shape(run("标题文字")))
SHEET = workbook("<si><t>表格文字</t></si>", cell("A1", 0))
BOOK = book("<p>书页文字</p>")
SLIDE, STRINGS, PAGE = "ppt/slides/slide1.xml", "xl/sharedStrings.xml", "OEBPS/Text/p1.xhtml"
DTD = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
NESTED = "<table><tr><td>外<table><tr><td>内</td></tr></table>后</td></tr></table>"
TABLE_SLIDE = (
    "<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p>"
    + run("格一")
    + "</a:p></a:txBody></a:tc><a:tc><a:txBody><a:p/></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>"
)
GROUPED = f"<p:grpSp><p:grpSp>{shape(run('组内'))}</p:grpSp>{shape(run('组外'))}</p:grpSp>"
SRT_ONE = "1\n00:00:01,000 --> 00:00:02,000\n"
ASS_HEAD = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
PO_HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
XLIFF = (
    '<xliff version="1.2"><file source-language="zh" original="a" datatype="x"><body>{}</body></file></xliff>'
)
UNIT = '<trans-unit id="{}"><source>{}</source></trans-unit>'
LONG = "这是很长的一行文字，" * 30_000

PACKAGES = [
    Odd("an empty file", "pptx", b"", "empty"),
    Odd("a text as presentation", "pptx", text("你好"), "no zip"),
    Odd("an old Office file as workbook", "xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "old|password"),
    Odd("a zip cut short", "pptx", DECK[: len(DECK) // 2], "damaged or cut short"),
    Odd("a zip without its directory", "xlsx", SHEET[: SHEET.index(b"PK\x01\x02")], "damaged or cut short"),
    Odd("an empty zip", "xlsx", archive({}), "no workbook|no \\[Content|not a"),
    Odd("a workbook as presentation", "pptx", SHEET, "not a PPTX"),
    Odd("a presentation as workbook", "xlsx", DECK, "not an XLSX"),
    Odd("a workbook as book", "epub", SHEET, "not an EPUB"),
    Odd("an encrypted zip", "pptx", encrypted(DECK), "password-protected"),
    Odd("a bomb among the slides", "pptx", bomb(DECK, SLIDE), "zip bomb"),
    Odd("a bomb of strings", "xlsx", bomb(SHEET, STRINGS), "zip bomb"),
    Odd("a bomb in a book", "epub", bomb(BOOK, PAGE), "zip bomb"),
    Odd("a part that is there twice", "pptx", twice(DECK, SLIDE), "twice"),
    Odd("a part name that leads out", "xlsx", changed(SHEET, {"../evil.xml": b"<x/>"}), "leads out"),
    Odd("a damaged slide", "pptx", damaged(DECK, SLIDE), problems=1),
    Odd("damaged strings", "xlsx", damaged(SHEET, STRINGS), problems=1),
    Odd("a damaged picture", "pptx", changed(DECK, {"ppt/media/a.png": b"\x89PNG"}), texts=("标题文字",)),
    Odd("a slide that is missing", "pptx", without(DECK, SLIDE)),
    Odd("strings that are missing", "xlsx", without(SHEET, STRINGS)),
    Odd("a DTD in a slide", "pptx", part_with(DECK, SLIDE, "<p:sld", DTD + "<p:sld"), problems=1),
    Odd("a DTD in the strings", "xlsx", part_with(SHEET, STRINGS, "<sst", DTD + "<sst"), problems=1),
    Odd("a DTD in the relations", "pptx", part_with(DECK, "_rels/.rels", "<Rel", DTD + "<Rel"), "DTD"),
    Odd("entities in a slide", "pptx", part_with(DECK, SLIDE, "标题文字", "&lt;标&#39064;&gt;&amp;"),
        texts=("<标题>&",)),
    Odd("an unknown entity", "pptx", part_with(DECK, SLIDE, "标题文字", "&boom;"), problems=1),
    Odd("a slide that is no XML", "pptx", part_with(DECK, SLIDE, "</p:sld>", ""), problems=1),
    Odd("CDATA in a slide", "pptx", part_with(DECK, SLIDE, "标题文字", "<![CDATA[标题]]>"), problems=1),
    Odd("CDATA in the strings", "xlsx", part_with(SHEET, STRINGS, "表格文字", "<![CDATA[表]]>"), problems=1),
    Odd("nested groups", "pptx", deck(GROUPED), texts=("组内", "组外")),
    Odd("a table with an empty cell", "pptx", deck(TABLE_SLIDE), texts=("格一",)),
    Odd("a shape without a text", "pptx", deck(shape() + shape(run("有"))), texts=("有",)),
    Odd("an empty presentation", "pptx", deck()),
    Odd("a slide without shapes", "pptx", deck("", shape(run("有"))), texts=("有",)),
    Odd("macros", "pptx", changed(DECK, {"ppt/vbaProject.bin": b"\xd0\xcfVBA"}), texts=("标题文字",)),
    Odd("names in backslashes", "xlsx", archive({n.replace("/", "\\"): b for n, b in parts(SHEET).items()}),
        texts=("表格文字",)),
    Odd("a string that no cell has", "xlsx", workbook("<si><t>没人用</t></si>", "")),
    Odd("a cell whose string is not there",
        "xlsx", workbook("<si><t>甲</t></si>", cell("A1", 0) + cell("A2", 7)),
        texts=("甲",)),
    Odd("a cell with a number too large", "xlsx", workbook("<si><t>甲</t></si>", cell("A1", 0).replace(
        "</row>", '<c t="s"><v>99999999999999999999</v></c></row>')), texts=("甲",)),
    Odd("cells without names", "xlsx", workbook("<si><t>甲</t></si>", '<row><c t="s"><v>0</v></c></row>'),
        texts=("甲",)),
    Odd("escapes of controls",
        "xlsx", workbook("<si><t>甲_x000D_\n乙_x0007_丙_x005F_x0041_</t></si>", cell("A1", 0)),
        texts=("甲\n乙\U000f0000丙_x0041_",)),
    Odd(
        "cells that nothing closes",
        "xlsx",
        part_with(SHEET, "xl/worksheets/sheet1.xml", "</sheetData>", "<c " * 100_000 + "<c>" * 100_000),
        problems=1,
    ),
    Odd(
        "strings that nothing closes",
        "xlsx",
        part_with(SHEET, STRINGS, "</sst>", "<si>" * 100_000),
        problems=1,
    ),
    Odd("a book without pages", "epub", book()),
    Odd("a book whose page is missing", "epub", without(BOOK, PAGE)),
    Odd("a book without a container", "epub", without(BOOK, "META-INF/container.xml"), "not an EPUB"),
    Odd("a book with a broken page", "epub", book("<p>甲<b>乙</p><p>丙"), texts=("丙",)),
    Odd("a book with encrypted pages", "epub", changed(BOOK, {"META-INF/encryption.xml":
        b'<e><CipherReference URI="OEBPS/Text/p1.xhtml"/></e>'}), "encrypted"),
    Odd("nested tables in a book", "epub", book(NESTED), texts=("外", "内", "后")),
]  # fmt: skip
TEXTS = [
    Odd("an empty subtitle file", "srt", b""),
    Odd("blanks alone", "vtt", b"WEBVTT\n\n\n"),
    Odd("a picture as subtitles", "srt", b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
    Odd("a text as subtitles", "srt", text("只是文字"), "has no cue"),
    Odd("a page as captions", "vtt", text("<html></html>"), "WEBVTT"),
    Odd("negative times", "srt",
        text("1\n-00:00:01,000 --> 00:00:02,000\n甲\n\n2\n00:00:03,000 --> 00:00:04,000\n乙\n"),
        texts=("乙",)),
    Odd("times that go back", "srt",
        text("2\n00:00:09,000 --> 00:00:01,000\n甲\n\n1\n00:00:01,000 --> 00:00:00,000\n乙\n"),
        texts=("甲", "乙")),
    Odd("cues without numbers", "srt",
        text("00:00:01,000 --> 00:00:02,000\n甲\n\n00:00:03,000 --> 00:00:04,000\n乙"),
        texts=("甲", "乙")),
    Odd("a cue without a text", "srt", text(SRT_ONE + "\n2\n00:00:03,000 --> 00:00:04,000\n乙\n"),
        texts=("乙",)),
    Odd("two cues of one number", "srt", text(f"{SRT_ONE}甲\n\n{SRT_ONE}乙\n"), texts=("甲", "乙")),
    Odd("a cue with a blank line", "srt", text(f"{SRT_ONE}甲\n\n乙\n"), texts=("甲", "乙")),
    Odd("tags that nothing closes", "srt", text(f"{SRT_ONE}<i>甲<b>乙\n"), texts=("甲\U000f0000乙",)),
    Odd("mixed line ends", "srt", text("1\r\n00:00:01,000 --> 00:00:02,000\r甲\n乙\r\n"), texts=("甲乙",)),
    Odd("subtitles in UTF-16", "srt", text(f"{SRT_ONE}中文字幕\n", "utf-16"), texts=("中文字幕",)),
    Odd("subtitles in GB18030", "srt", text(f"{SRT_ONE}中文的字幕在这里，请看。\n", "gb18030"),
        texts=("中文的字幕在这里，请看。",)),
    Odd("half a character at the end", "srt", text(f"{SRT_ONE}中文字幕文字。")[:-1], "UTF-8|byte"),
    Odd("captions with a byte order mark", "vtt", text("\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\n甲\n"),
        texts=("甲",)),
    Odd("captions with notes and styles", "vtt",
        text("WEBVTT\n\nSTYLE\n::cue{}\n\nNOTE 注\n\n00:01.000 --> 00:02.000\n甲&amp;\n"),
        texts=("甲&",)),
    Odd("an event with too few fields", "ass", text(ASS_HEAD + "Dialogue: 0,0:00:01.00,甲\n"), problems=1),
    Odd("events of one field", "ass", text("[Events]\nFormat: Text\nDialogue: 甲\n"), texts=("甲",)),
    Odd("an event with commas", "ass",
        text(ASS_HEAD + "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,甲,乙,{x\n"),
        texts=("甲,乙,{x",)),
    Odd("no events", "ass", text("[Script Info]\nTitle: 甲\n"), "no \\[Events\\]"),
    Odd("an empty page", "html", b""),
    Odd("a page of tags alone", "html", b"<p><b></b></p>"),
    Odd("tags that nothing closes", "html", text("<div><p>甲<b>乙<p>丙"), texts=("丙",)),
    Odd("a script that nothing closes", "html", text("<p>甲</p><script>var a = '乙"), texts=("甲",)),
    Odd("a comment that nothing closes", "html", text("<p>甲</p><!-- 乙"), texts=("甲",)),
    Odd("a page with a DTD", "html", text(f"{DTD}<p>甲&a;乙</p>"), texts=("甲&a;乙",)),
    Odd("nested tables", "html", text(NESTED), texts=("外", "内", "后")),
    Odd("attributes in odd quotes", "html", text("<img alt=甲 title='乙\"'><img alt=\"a>丙\">"),
        texts=("甲", '乙"', "a>丙")),
    Odd("a page whose encoding is told wrong", "html", text('<meta charset="gbk"><p>中文的页面</p>'),
        texts=("中文的页面",)),
    Odd("thousands of open tags", "html", text("<div>" * 5_000 + "甲"), texts=("甲",)),
    Odd("a huge line", "html", text(f"<p>{LONG}</p>"), texts=(LONG,)),
    Odd("less-than signs alone", "html", text("<" * 20_000 + "甲")),
    Odd("an empty text", "md", b""),
    Odd("a fence that nothing closes", "md", text("甲\n\n```\n乙\n"), texts=("甲",)),
    Odd("a table of one column", "md", text("|甲|\n|-|\n|乙|\n"), texts=("甲", "乙")),
    Odd("deep quotations", "md", text("> " * 190 + "甲\n"), texts=("甲",)),
    Odd("quotations too deep", "md", text("> " * 300 + "deep\n\n甲\n"), texts=("甲",), problems=1),
    Odd("deep lists", "md", text("".join("  " * n + "- 项\n" for n in range(60)))),
    Odd("a link without an end", "md", text("请看[说明](没有结束\n"), texts=("请看[说明](没有结束",)),
    Odd("brackets without an end", "md", text("[" * 3_000 + "甲"), texts=("[" * 3_000 + "甲",)),
    Odd("marks without an end", "md", text("*" * 3_000 + "甲")),
    Odd("a huge paragraph", "md", text(LONG), texts=(LONG,)),
    Odd("zero bytes", "md", text("甲\0乙\n")),
    Odd("a lone carriage return", "md", text("# 甲\r\r乙\r"), texts=("甲", "乙")),
    Odd("front matter that nothing closes", "md", text("---\ntitle: 甲\n"), texts=("title: 甲",)),
    Odd("an empty catalog", "po", b""),
    Odd("a text as catalog", "po", text("你好"), "not a PO file"),
    Odd("a string that nothing closes", "po", text('msgid "甲\nmsgstr ""\n'), "line 1"),
    Odd("an entry without a msgstr", "po", text('msgid "甲"\n'), "no msgstr"),
    Odd("two entries of one text", "po", text(PO_HEAD + 'msgid "甲"\nmsgstr ""\n\n' * 2), texts=("甲", "甲")),
    Odd("a charset that nobody knows", "po",
        text(PO_HEAD.replace("UTF-8", "KLINGON") + 'msgid "甲"\nmsgstr ""\n'),
        texts=("甲",)),
    Odd("a template", "po", text(PO_HEAD.replace("UTF-8", "CHARSET") + 'msgid "甲"\nmsgstr ""\n'),
        texts=("甲",)),
    Odd("a charset that is not the file's", "po",
        text(PO_HEAD.replace("UTF-8", "GBK") + 'msgid "文字"\nmsgstr ""\n')),
    Odd("an obsolete entry alone", "po", text('#~ msgid "甲"\n#~ msgstr ""\n')),
    Odd("strings on one line", "po", text('msgid "甲" "乙"\nmsgstr ""\n'), texts=("甲乙",)),
    Odd("an entry right after another", "po", text('msgid "甲"\nmsgstr ""\nmsgid "乙"\nmsgstr ""'),
        texts=("甲", "乙")),
    Odd("a catalog in CRLF with a mark", "po",
        text("\ufeff" + PO_HEAD.replace("\n", "\r\n") + 'msgid "甲"\r\nmsgstr ""\r\n'),
        texts=("甲",)),
    Odd("an empty XLIFF", "xliff", b"", "not well-formed"),
    Odd("an external entity", "xliff", text(f"{DTD}{XLIFF.format(UNIT.format(1, '&c;'))}"), "DTD"),
    Odd("a page as XLIFF", "xliff", b"<html/>", "no <xliff>"),
    Odd("two units of one id", "xliff", text(XLIFF.format(UNIT.format(1, "甲") + UNIT.format(1, "乙"))),
        texts=("甲", "乙")),
    Odd("a unit without a source", "xliff", text(XLIFF.format('<trans-unit id="1"><target/></trans-unit>'))),
    Odd("a source without a text", "xliff", text(XLIFF.format(UNIT.format(1, '<x id="1"/>')))),
    Odd("half of a pair", "xliff", text(XLIFF.format(UNIT.format(1, '甲<bx id="1"/>乙'))),
        texts=("甲\U000f0000乙",)),
    Odd("XLIFF in UTF-16", "xliff",
        text('<?xml version="1.0" encoding="UTF-16"?>' + XLIFF.format(UNIT.format(1, "甲")), "utf-16"),
        texts=("甲",)),
    Odd(
        "signs in attributes",
        "xliff",
        text(XLIFF.format(UNIT.format(1, '甲<x id="a>b"/>乙')).replace('="zh"', '="zh" product-name="a>b"')),
        texts=("甲\U000f0000乙",),
    ),
    Odd("a zero byte in XML", "xliff", text(XLIFF.format(UNIT.format(1, "甲\0"))), "not well-formed"),
    Odd("units in groups", "xliff",
        text(XLIFF.format(f"<group><group>{UNIT.format(1, '甲')}</group></group>")), texts=("甲",)),
    Odd("a zip as text", "txt", DECK, "zip archive"),
    Odd("line ends of all kinds", "txt", text("甲\r乙\n丙\r\n\u2028丁\v戊"), texts=("甲", "乙", "丙")),
    Odd("wrong bytes in code", "txt", text("甲乙丙丁\n```\n") + b"\x99\n" + text("```\n"), "not UTF-8|byte"),
    Odd("a huge line of text", "txt", text(LONG), texts=(LONG,)),
    Odd("JSON that is cut", "jsonl", text('{"text": "甲"}\n{"text": "乙\n'), texts=("甲",), problems=1),
    Odd("a key that is there twice", "jsonl", text('{"text": "甲", "text": "乙"}\n'), problems=1),
]  # fmt: skip
ALL = [*PACKAGES, *TEXTS]


def opened(odd: Odd) -> tuple[str, object]:
    name = f"file{find_format(odd.format).extensions[0]}"
    return name, open_document(
        odd.format, Source(name, stream=io.BytesIO(odd.content)), FormatChoices(), PAIR
    )


def english(value: str) -> str:
    return HAN.sub("words", value)


def written(odd: Odd, translate: object) -> tuple[bytes, list[Unit], list[Problem]]:
    _, document = opened(odd)
    found = list(document.units())  # type: ignore[attr-defined]
    units = [one for one in found if isinstance(one, Unit)]
    output = io.BytesIO()
    targets = [UnitTarget(one.address, translate(one.text)) for one in units]  # type: ignore[operator]
    document.write(targets, output)  # type: ignore[attr-defined]
    return output.getvalue(), units, [one for one in found if isinstance(one, Problem)]


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 110
    assert len({(odd.format, odd.what) for odd in ALL}) == len(ALL)


@pytest.mark.parametrize(
    "odd", [odd for odd in ALL if odd.refused], ids=lambda odd: f"{odd.format} {odd.what}"
)
def test_what_cannot_be_read_is_refused_with_one_line(odd: Odd) -> None:
    name = f"file{find_format(odd.format).extensions[0]}"
    with pytest.raises(DocumentError, match=odd.refused) as caught:
        written(odd, str)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "odd", [odd for odd in ALL if not odd.refused], ids=lambda odd: f"{odd.format} {odd.what}"
)
def test_what_can_be_read_is_translated_and_nothing_is_lost(odd: Odd, tmp_path: Path) -> None:
    echoed, units, problems = written(odd, str)
    assert len(problems) == odd.problems, problems
    for problem in problems:
        assert problem.message
        assert "\n" not in problem.message
    for wanted in odd.texts:
        assert wanted in [unit.text for unit in units], [unit.text for unit in units]
    if zipfile.is_zipfile(io.BytesIO(odd.content)):
        assert raw(echoed) == raw(odd.content)
    elif odd.content.isascii() or (b"\0" not in odd.content and is_utf8(odd.content)):
        assert echoed == odd.content
    done, _, _ = written(odd, english)
    path = tmp_path / f"out{find_format(odd.format).extensions[0]}"
    path.write_bytes(done)
    _, document = opened(odd)
    list(document.units())  # type: ignore[attr-defined]
    document.verify(path)  # type: ignore[attr-defined]
    _, again, _ = written(Odd(odd.what, odd.format, done), str)
    assert not [unit.text for unit in again if HAN.search(unit.text)]


def raw(content: bytes) -> dict[str, int]:
    """The checksums of the parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {info.filename.replace("\\", "/"): info.CRC for info in file.infolist()}


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_a_signed_presentation_says_that_its_signature_is_gone() -> None:
    signed = changed(
        DECK,
        {
            "_rels/.rels": relations(
                ("r1", "officeDocument", "ppt/presentation.xml"), ("r2", "origin", "_xmlsignatures/o.sigs")
            )
            .replace(
                "officeDocument/2006/relationships/origin",
                "package/2006/relationships/digital-signature/origin",
            )
            .encode(),
            "_xmlsignatures/o.sigs": b"",
        },
    )
    _, document = opened(Odd("signed", "pptx", signed))
    output = io.BytesIO()
    document.write(  # type: ignore[attr-defined]
        (UnitTarget(one.address, "words") for one in document.units()),  # type: ignore[attr-defined]
        output,
    )
    assert "signature was removed" in " ".join(document.notes)  # type: ignore[attr-defined]
    assert "_xmlsignatures/o.sigs" not in parts(output.getvalue())


def test_macros_stay() -> None:
    odd = next(one for one in PACKAGES if one.what == "macros")
    assert parts(written(odd, english)[0])["ppt/vbaProject.bin"] == b"\xd0\xcfVBA"
