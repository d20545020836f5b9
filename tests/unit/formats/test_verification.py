"""A loss in a translation is found and named, in every format; a sound translation has none."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from batchtx.cli.verify import verify
from batchtx.formats import FORMATS, find_format
from batchtx.records import Unit
from batchtx.text.inline_codes import CODE
from tests.contract.test_formats import SAMPLES
from tests.helpers.formats import opened, written
from tests.helpers.office import cell, deck, run, shape, workbook

HAN = re.compile("[\u3400-\u9fff]+")
LINK = "https://a.cn/b"


def english(text: str) -> str:
    """A translation of the right length with all codes in their places."""
    return HAN.sub(lambda match: " ".join(["words"] * len(match[0])), text).strip()


class Pair:
    """An original and its translation on disk."""

    def __init__(self, folder: Path, name: str, original: bytes) -> None:
        extension = find_format(name).extensions[0]
        self.paths = folder / f"a{extension}", folder / f"a.en{extension}"
        self.paths[0].write_bytes(original)
        self.paths[1].write_bytes(written(name, original, english))

    def verify(self, *options: str) -> Result:
        return CliRunner().invoke(verify, [*map(str, self.paths), *options])

    def change(self, old: str, new: str, part: str = "") -> None:
        """Plants a fault in the translation."""
        content = self.paths[1].read_bytes()
        if part:
            content = with_part(content, part, lambda text: changed(text, old, new))
        else:
            content = changed(content.decode(), old, new).encode()
        self.paths[1].write_bytes(content)


def changed(text: str, old: str, new: str) -> str:
    assert old in text, text
    return text.replace(old, new, 1)


def with_part(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body.decode()).encode() if name == part else body)
    return output.getvalue()


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_sound_translation_has_no_difference_and_nothing_left(name: str, tmp_path: Path) -> None:
    pair = Pair(tmp_path, name, SAMPLES[name])
    result = pair.verify("--json")
    facts = json.loads(result.stdout)
    assert (result.exit_code, facts["error"], facts["differences"], facts["left"]) == (0, "", [], [])
    found = [unit for unit in opened(name, SAMPLES[name]).units() if isinstance(unit, Unit)]
    n_units = sum(len("".join(HAN.findall(CODE.sub("", unit.text)))) for unit in found)
    counted = sum(part["n_units"] for part in facts["coverage"])
    assert counted >= n_units > 0
    for part in facts["coverage"]:
        assert part["n_found"] == part["n_units"] + sum(count for _, count in part["kept"])


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_an_untranslated_file_is_sound_and_not_complete(name: str, tmp_path: Path) -> None:
    pair = Pair(tmp_path, name, SAMPLES[name])
    pair.paths[1].write_bytes(SAMPLES[name])
    assert pair.verify().exit_code == 0
    assert pair.verify("--complete").exit_code == 1
    assert "characters of the source language are left" in pair.verify().stdout


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_translation_that_cannot_be_read_gives_3(name: str, tmp_path: Path) -> None:
    pair = Pair(tmp_path, name, SAMPLES[name])
    pair.paths[1].write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    result = pair.verify()
    assert result.exit_code == 3, result.output
    assert str(pair.paths[1]) in result.stdout


TXT = f"第一章　总则\n\n　　为了规范管理工作的各项程序。\n见{LINK}。\n姓名\t日期\n末行\n"
JSONL = '{"id": 1, "text": "你好，世界。", "n": 3}\n{"id": 2, "text": "第二行的文字"}\n'
SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\n大家好，欢迎来到这里。\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\n你是谁？\n\n3\n00:00:05,000 --> 00:00:06,000\n再见\n"
)
VTT = "WEBVTT\n\n00:01.000 --> 00:04.000 line:0\n<v 老师>请看这里\n\n00:05.000 --> 00:06.000\n末行\n"
ASS = (
    "[Script Info]\nTitle: 测试\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\i1}你好{\\i0}世界\n"
    "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,末行\n"
)
MD = f"# 概述\n\n这是[链接]({LINK})，请看。\n\n第二段。\n\n- 项一\n- 项二\n\n```\n代码 = 1\n```\n"
HTML = (
    f'<html lang="zh"><body><p>这是<a href="{LINK}">链接</a>吧。</p><ul><li>项一</li><li>项二</li></ul>'
    "</body></html>"
)
PO = (
    'msgid ""\nmsgstr ""\n"Language: zh\\n"\n\nmsgid "共 %d 个"\nmsgstr ""\n\nmsgid "已译"\nmsgstr "Done"\n\n'
    'msgid "末行"\nmsgstr ""\n'
)
XLIFF = (
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file source-language="zh" '
    'original="a" datatype="x"><body><trans-unit id="1"><source>点<g id="1">这里</g>吧</source></trans-unit>'
    '<trans-unit id="2"><source>已译</source><target>Done</target></trans-unit></body></file></xliff>'
)
PLANTED = [
    ("txt", TXT, "words words\n", "", "1 lines are missing at the end"),
    ("txt", TXT, LINK, "https://a.cn/c", f'lost: "{LINK}'),
    ("txt", TXT, "words words\t", "", "columns|text"),
    ("txt", TXT, " ".join(["words"] * 13), "w", "text is missing"),
    ("jsonl", JSONL, '"n": 3', '"n": 4', "something else than the texts changed"),
    ("jsonl", JSONL, '{"id": 2', '{"id": 2, "x": 1', "something else"),
    ("jsonl", JSONL, ', "n": 3}', "", "no longer one JSON object"),
    ("srt", SRT, "00:00:03,000 -->", "00:00:03,500 -->", "000 --> .* became .*500 -->"),
    ("srt", SRT, "2\n00:00:03,000 --> 00:00:04,000\nwords words words？\n\n", "", "3 texts became 2"),
    ("vtt", VTT, "line:0", "line:9", "line:0.* became .*line:9"),
    ("vtt", VTT, "<v 老师>", "<v 学生>", "老师"),
    ("ass", ASS, "0:00:04.00", "0:00:04.50", "04.0.* became"),
    ("ass", ASS, "{\\i1}", "", "lost: .*i1"),
    ("md", MD, LINK, "https://a.cn/c", "lost: .*a.cn/b"),
    ("md", MD, "words words words。\n\n", "", "texts became"),
    ("md", MD, "代码 = 1", "代码 = 2", "1.* became .*2"),
    ("html", HTML, LINK, "https://a.cn/c", "lost: .*a.cn/b"),
    ("html", HTML, "<li>words words</li>", "", "texts became"),
    ("html", HTML, "<ul>", "<ol>", "became"),
    ("po", PO, "%d", "%s", "source changed|became"),
    ("po", PO, 'msgstr "words %d', 'msgstr "words d', 'lost: "%d"'),
    ("po", PO, 'msgstr "Done"', 'msgstr "Gone"', "Done.* became .*Gone"),
    ("xliff", XLIFF, "<target>Done", "<target>Gone", "Done.* became .*Gone"),
    ("xliff", XLIFF, '<g id="1">words', '<g id="2">words', "lost: .*g id"),
]


@pytest.mark.parametrize(("name", "original", "old", "new", "message"), PLANTED)
def test_a_planted_loss_is_named(
    name: str, original: str, old: str, new: str, message: str, tmp_path: Path
) -> None:
    pair = Pair(tmp_path, name, original.encode())
    assert pair.verify().exit_code == 0, pair.verify().stdout
    if name == "xliff" and "<g" in old:
        assert pair.paths[1].read_text(encoding="utf-8").count(old) == 1
    if name == "po" and old == "%d":
        pair.change('msgid "共 %d', 'msgid "共 %s')
    else:
        pair.change(old, new)
    result = pair.verify()
    assert result.exit_code == 1, result.stdout
    assert re.search(message, result.stdout), result.stdout


DECK = deck(
    shape(run("标题"), kind="title") + shape(run("请看"), run("第二段的文字")),
    shape(run("末页的文字在这里也要翻译成英文")),
)
SHEET = workbook(
    "<si><t>项目名称</t></si><si><t>末行文字</t></si>",
    cell("A1", 0) + cell("B2", 1) + '<row r="3"><c r="A3"><f>SUM(B1:B2)+10</f><v>12</v></c></row>',
)
PACKAGES = [
    ("pptx", DECK, "ppt/slides/slide2.xml", shape(run("words words"), kind="title"), "", "3 texts became"),
    ("pptx", DECK, "ppt/presentation.xml", '<p:sldId id="257" r:id="rId1"/>', "", "lost: <sldId"),
    ("pptx", DECK, "ppt/slides/slide1.xml", " ".join(["words"] * 15), "w", "text is missing"),
    ("xlsx", SHEET, "xl/worksheets/sheet1.xml", "B2)+10", "B2)+11", r"A3: <f>SUM\(B1:B2\)\+10 became <f>SUM"),
    ("xlsx", SHEET, "xl/worksheets/sheet1.xml", "<v>12</v>", "<v>13</v>", "<v>12 became <v>13"),
    ("xlsx", SHEET, "xl/workbook.xml", "$A$1", "$A$2", "definedName"),
    ("xlsx", SHEET, "xl/sharedStrings.xml", "<si><t>words words words words</t></si>", "", "texts became"),
]


@pytest.mark.parametrize(("name", "original", "part", "old", "new", "message"), PACKAGES)
def test_a_planted_loss_in_a_package_is_named(
    name: str, original: bytes, part: str, old: str, new: str, message: str, tmp_path: Path
) -> None:
    pair = Pair(tmp_path, name, original)
    assert pair.verify().exit_code == 0, pair.verify().stdout
    if "<p:sp>" in old:
        gone = with_part(
            pair.paths[1].read_bytes(), part, lambda text: re.sub("<p:sp>.*?</p:sp>", "", text, count=1)
        )
        pair.paths[1].write_bytes(gone)
    else:
        pair.change(old, new, part)
    result = pair.verify()
    assert result.exit_code == 1, result.stdout
    assert re.search(message, result.stdout), result.stdout
    assert part in result.stdout


def test_a_cell_that_is_left_is_named(tmp_path: Path) -> None:
    pair = Pair(tmp_path, "xlsx", SHEET)
    pair.change("<t>words words words words</t>", "<t>项目名称</t>", "xl/sharedStrings.xml")
    result = pair.verify()
    assert "sheet 1 (预算), A1: 4" in result.stdout
    assert (result.exit_code, pair.verify("--complete").exit_code) == (0, 1)


@pytest.mark.parametrize(("name", "content"), [("po", PO), ("xliff", XLIFF)])
def test_sources_that_stay_count_as_translated(name: str, content: str, tmp_path: Path) -> None:
    facts = json.loads(Pair(tmp_path, name, content.encode()).verify("--json").stdout)
    assert facts["coverage"][0]["n_units"] == 4
    (reason, count), *others = facts["coverage"][0]["kept"]
    assert reason.startswith("translated already")
    assert (count, others) == (2, [])


def test_folders_of_all_formats_are_compared(tmp_path: Path) -> None:
    zh, en = tmp_path / "zh", tmp_path / "en"
    zh.mkdir()
    en.mkdir()
    for name, content in SAMPLES.items():
        path = f"a{find_format(name).extensions[0]}"
        (zh / path).write_bytes(content)
        (en / path).write_bytes(written(name, content, english))
    result = CliRunner().invoke(verify, [str(zh), str(en)])
    assert result.exit_code == 0, result.stdout
    assert f"{len(SAMPLES)} documents, {len(SAMPLES)} compared, 0 with differences" in result.output
