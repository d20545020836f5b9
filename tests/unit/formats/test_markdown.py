r"""Markdown: words change, marks, addresses and code do not; every file comes back as it was."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.protocols import Document
from batchtx.records import Unit, UnitTarget
from batchtx.text.inline_codes import show_codes
from tests.helpers.command import ROOT
from tests.helpers.formats import shown as shown_texts
from tests.helpers.formats import written as written_texts


def opened(text: str) -> Document:
    return open_document("md", Source("a.md", stream=io.BytesIO(text.encode())), FormatChoices(), PAIR)


def units(text: str) -> list[Unit]:
    return [unit for unit in opened(text).units() if isinstance(unit, Unit)]


def shown(text: str) -> list[str]:
    return [show_codes(unit.text, unit.codes) for unit in units(text)]


def translated(text: str, translate: Callable[[str], str]) -> str:
    document, output = opened(text), io.BytesIO()
    found = [unit for unit in document.units() if isinstance(unit, Unit)]
    document.write([UnitTarget(unit.address, translate(unit.text)) for unit in found], output)
    return output.getvalue().decode()


def blocks(text: str) -> list[str]:
    """The structure as markdown-it sees it, without words."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [f"{token.type} {token.tag}" for token in tokens]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 标题 #\n", ["标题"]),
        ("标题\n===\n", ["标题"]),
        ("第一行\n第二行\n", ["第一行第二行"]),
        ("one\ntwo 三\n", ["one two 三"]),
        ("> 引用\n> 续行\n", ["引用续行"]),
        ("- 甲\n  续\n- [ ] 乙\n", ["甲续", "乙"]),
        ("1. 甲\n\n   段落\n", ["甲", "段落"]),
        ("这是**粗体**和*斜体*与~~删除~~。", ["这是⟦1⟧粗体⟦/1⟧和⟦3⟧斜体⟦/3⟧与⟦5⟧删除⟦/5⟧。"]),
        ("变量snake_case_x和 __粗__。", ["变量snake_case_x和 ⟦1⟧粗⟦/1⟧。"]),
        ("用`a * b`和``x`y``。", ["用⟦1⟧和⟦2⟧。"]),
        ('见[手册](a_(b).md "题")、[甲][r]和[乙]。', ["见⟦1⟧手册⟦/1⟧、⟦3⟧甲⟦/3⟧和[乙]。"]),
        ("图![示意](x.png)在此", ["图⟦1⟧示意⟦/1⟧在此"]),
        ("邮箱<a@b.cn>与<https://c.cn/路>。", ["邮箱⟦1⟧与⟦2⟧。"]),
        ("上<br>下<span class='x'>红</span>字", ["上⟦1⟧下⟦2⟧红⟦/2⟧字"]),
        ("公式$a_1*b$为零，价格$5。", ["公式⟦1⟧为零，价格$5。"]),
        ("一行  \n二行\\\n三行", ["一行⟦1⟧二行⟦2⟧三行"]),
        (r"星号\*不是强调，A &amp; B", ["星号*不是强调，A & B"]),
        ("| 甲 | 乙 |\n|---|---|\n| 丙\\|丁 | **戊** |\n| 甲 |\n", ["甲", "乙", "丙|丁", "戊", "甲"]),
        ("```py\n# 注释\n```\n\n    缩进\n\n<div>块</div>\n\n$$\n能量\n$$\n", []),
        ("::: tip 提示\n里面\n:::\n", ["里面"]),
        ("注[^1]。\n\n[^1]: 脚注文字。\n", ["注⟦1⟧。", "脚注文字。"]),
        ("[r]: https://a.cn '题'\n\n<!-- 注释 -->\n", []),
        ("---\ntitle: 指南\ntags: [甲]\ndate: 2026\n---\n正文\n", ["指南", "正文"]),
        ("值 {{ 变量 }} 与 {% if 甲 %}", ["值 ⟦1⟧ 与"]),
    ],
)
def test_what_is_a_unit_and_what_a_code(text: str, expected: list[str]) -> None:
    assert shown(text) == expected
    assert translated(text, str) == text


def test_targets_stand_on_their_marks_in_one_line_and_blocks_stay_what_they_are() -> None:
    text = "> 这是**粗体**\n> 和[链接](u)。\n\n- 甲\n"
    english = {0: "This is {0}bold{1} and a {2}link{3}.", 1: "Item"}
    calls = iter(english.values())
    written = translated(text, lambda t: next(calls).format(*[c for c in t if ord(c) >= 0xF0000]))
    assert written == "> This is **bold** and a [link](u).\n\n- Item\n"


@pytest.mark.parametrize(
    "target",
    [
        "1. Overview",
        "# No heading",
        "- no item",
        "+ plus",
        "> no quote",
        "a * b * c",
        "[x](y)",
        "<b>",
        "`tick`",
        "a_b _c_",
    ],
)
def test_words_of_a_target_make_no_markup(target: str) -> None:
    written = translated("一段话\n", lambda _: target)
    assert blocks(written) == blocks("words\n")
    assert MarkdownIt("commonmark").render(written) == f"<p>{_escaped(target)}</p>\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_bar_in_a_cell_and_a_colon_in_front_matter_are_quoted() -> None:
    assert translated("| 甲 |\n|--|\n| 乙 |\n", lambda _: "a|b").splitlines()[2] == r"| a\|b |"
    front = "---\ntitle: 指南\nsummary: \"甲\"\ndescription: '乙'\n---\n"
    written = translated(front, lambda _: 'A: "b" it\'s').splitlines()
    assert written[1:3] == ['title: "A: \\"b\\" it\'s"', 'summary: "A: \\"b\\" it\'s"']
    assert written[3] == "description: 'A: \"b\" it''s'"


def test_places_are_lines_of_the_file() -> None:
    text = "---\ntitle: 甲\n---\n\n# 乙\n\n丙\n丁\n"
    assert [unit.place for unit in units(text)] == ["line 2", "line 5", "line 7"]
    assert [unit.kind for unit in units(text)] == ["title", "heading", "text"]


def test_verify_finds_a_lost_fence(tmp_path: Path) -> None:
    text = "# 甲\n\n```\n代码\n```\n\n乙\n"
    path = tmp_path / "b.md"
    path.write_text(translated(text, lambda _: "x"), encoding="utf-8")
    opened(text).verify(path)
    path.write_text(translated(text, lambda _: "x").replace("```\n\n", "\n"), encoding="utf-8")
    with pytest.raises(Exception, match="please report"):
        opened(text).verify(path)


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.zh-CN.md"], ids=lambda p: p.name
)
def test_our_own_pages_come_back_and_keep_their_blocks(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert translated(text, str) == text
    marked = translated(text, lambda t: f"{t}x" if t[-1:].isalnum() else t)
    assert blocks(marked) == blocks(text)


_WORDS = st.sampled_from(
    [
        "甲",
        "乙丙",
        "word",
        " ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "`",
        "[",
        "](u)",
        "<b>",
        "</b>",
        "|",
        "- ",
        "1. ",
        "> ",
        "#",
        "$",
        "\\",
        "    ",
        "```\n",
        "---\n",
        ":::\n",
        "$$\n",
        "[^1]: ",
        "\r\n",
        "|--|\n",
    ]
)


@given(st.lists(_WORDS, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_anything_comes_back_as_it_was(text: str) -> None:
    assert translated(text, str) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲\r乙\r\r丙\r", "x\r\rx\r"),
        ("文\0字\n\n乙\n", "x\n\nx\n"),
        ("> [!NOTE]\n> 提示\n", "> [!NOTE]\n> x\n"),
        ("+++\ntitle = '标题'\n+++\n正文\n", "+++\ntitle = 'x'\n+++\nx\n"),
        ('+++\ntitle = "标题"\ndraft = true\n+++\n正文\n', '+++\ntitle = "x"\ndraft = true\n+++\nx\n'),
    ],
)
def test_other_line_ends_alerts_and_front_matter_in_toml_are_read(text: str, expected: str) -> None:
    assert translated(text, lambda _: "x") == expected


def test_a_definition_is_apart_from_its_term() -> None:
    text = "术语\n: 定义一\n  续行\n: 定义二\n\n词\n\n:   另义\n\n时间: 十点\n"
    assert shown_texts("md", text.encode()) == ["术语", "定义一续行", "定义二", "词", "另义", "时间: 十点"]
    assert written_texts("md", text.encode(), str) == text.encode()
    assert (
        "Term\n: 定义一"
        in written_texts("md", text.encode(), lambda one: one.replace("术语", "Term")).decode()
    )
