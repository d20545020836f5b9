"""Sentences are cut where a reader would cut them, and joining gives the text back exactly."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.language.zh.numbering import label_length
from batchtx.records import Code, UnitKind
from batchtx.text import segmenter
from batchtx.text.inline_codes import code_char
from batchtx.text.segmenter import Piece


def cut(text: str, kind: UnitKind = "text", codes: Sequence[Code] = ()) -> list[Piece]:
    return segmenter.cut(text, kind, codes, label_length)


NOTE = code_char(0)
CHINESE = st.text(
    alphabet=st.sampled_from(
        list(
            "甲乙丙第一二条章附件图表（）《》“”「」。！？；：，、…—… 　\n\r\t\"'().!?;ab1.3"
            + NOTE
            + code_char(1)
        )
    ),
    max_size=60,
)


def texts(text: str, kind: str = "text") -> list[str]:
    return [piece.text for piece in cut(text, kind) if piece.text]  # type: ignore[arg-type]


@given(CHINESE | st.text(max_size=60))
def test_gaps_and_texts_joined_give_the_text_back(text: str) -> None:
    assert "".join(piece.gap + piece.text for piece in cut(text)) == text


@given(CHINESE)
def test_only_the_last_piece_may_be_empty_and_no_text_has_space_at_its_ends(text: str) -> None:
    pieces = cut(text)
    assert all(piece.text for piece in pieces[:-1])
    assert all(piece.text == piece.text.strip(" \u3000\n\r\t") for piece in pieces)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("今天很好。明天呢？后天！", ["今天很好。", "明天呢？", "后天！"]),
        ("他很高兴！！真的吗？！走吧。", ["他很高兴！！", "真的吗？！", "走吧。"]),
        ("真的……我不信。", ["真的……", "我不信。"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("“为什么？”这个问题很难。", ["“为什么？”这个问题很难。"]),
        ("“他来了。”戴维斯说。好。", ["“他来了。”戴维斯说。", "好。"]),
        ("“他来了。”她看了看窗外，没有说话。", ["“他来了。”", "她看了看窗外，没有说话。"]),
        ("《你好！》这本书很好。再见。", ["《你好！》这本书很好。", "再见。"]),
        (
            "甲方（以下简称“甲。”）应当付款。乙方应当交货。",
            ["甲方（以下简称“甲。”）应当付款。", "乙方应当交货。"],
        ),
        ("付款完成。（见附件。）交货完成。", ["付款完成。", "（见附件。）", "交货完成。"]),
        ("【注意！】请阅读。", ["【注意！】", "请阅读。"]),
        ("圆周率是3.14。下一句。", ["圆周率是3.14。", "下一句。"]),
        ("版本v1.2.3发布了。请下载a.txt。", ["版本v1.2.3发布了。", "请下载a.txt。"]),
        ("他走了.她来了.", ["他走了.", "她来了."]),
        ("用Google Inc. 的产品。", ["用Google Inc. 的产品。"]),
        ("This is it. That is not. 好的。", ["This is it.", "That is not.", "好的。"]),
        ("Hello World! 你好。", ["Hello World!", "你好。"]),
        ("见https://a.cn/b?c=d。好。", ["见https://a.cn/b?c=d。", "好。"]),
        ("a!=b 时，返回。", ["a!=b 时，返回。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        (
            "甲方应在三十日内付清全部货款；乙方应在收款后交货。",
            ["甲方应在三十日内付清全部货款；", "乙方应在收款后交货。"],
        ),
        ("苹果；梨；桃。", ["苹果；梨；桃。"]),
        ("无标点", ["无标点"]),
        ("　　", []),
        ("", []),
    ],
)
def test_cuts_after_end_marks_only(text: str, sentences: list[str]) -> None:
    assert texts(text) == sentences


@pytest.mark.parametrize(
    ("text", "kind", "pieces"),
    [
        ("第二条　为了保护。", "text", ["第二条", "为了保护。"]),
        ("第二条规定的事项", "text", ["第二条规定的事项"]),
        ("一、总则", "text", ["一、", "总则"]),
        ("（一）目的。范围。", "text", ["（一）", "目的。", "范围。"]),
        ("1. 总则", "text", ["1.", "总则"]),
        ("1.总则", "text", ["1.", "总则"]),
        ("3.14是圆周率", "text", ["3.14是圆周率"]),
        ("1.1 范围", "text", ["1.1", "范围"]),
        ("2.3.1　定义", "text", ["2.3.1", "定义"]),
        ("2 范围", "heading", ["2", "范围"]),
        ("2 个苹果", "text", ["2 个苹果"]),
        ("图 1-2 系统结构", "caption", ["图 1-2", "系统结构"]),
        ("图1所示", "text", ["图1所示"]),
        ("图1系统结构", "caption", ["图1", "系统结构"]),
        ("图1所示结构", "caption", ["图1所示结构"]),
        ("第一章总则", "text", ["第一章", "总则"]),
        ("第二条适用范围", "heading", ["第二条", "适用范围"]),
        ("第一章规定了总则，第二章规定了分则。", "text", ["第一章规定了总则，第二章规定了分则。"]),
        ("①甲②乙", "text", ["①", "甲②乙"]),
        ("附件一：清单", "text", ["附件一：", "清单"]),
        ("第一章　第一节　概述", "heading", ["第一章", "第一节", "概述"]),
        ("e.g. 甲", "text", ["e.g. 甲"]),
        ("A. 甲方", "text", ["A.", "甲方"]),
    ],
)
def test_splits_numbering_heads_off(text: str, kind: str, pieces: list[str]) -> None:
    assert texts(text, kind) == pieces


def test_a_note_after_the_end_mark_stays_with_its_sentence() -> None:
    assert texts(f"甲。{NOTE}乙。") == [f"甲。{NOTE}", "乙。"]


def test_an_opening_code_after_the_end_mark_goes_with_the_next_sentence() -> None:
    codes = (Code("point", "footnote"), Code("open", "bold", 2), Code("close", "bold", 1))
    text = f"甲。{code_char(0)}{code_char(1)}乙。{code_char(2)}丙。"
    assert [piece.text for piece in cut(text, "text", codes)] == [
        f"甲。{code_char(0)}",
        f"{code_char(1)}乙。{code_char(2)}",
        "丙。",
    ]


def test_a_head_in_bold_keeps_its_codes() -> None:
    text = f"{code_char(0)}第一条{code_char(1)}　本法。"
    assert texts(text) == [f"{code_char(0)}第一条{code_char(1)}", "本法。"]


def test_gaps_hold_the_white_space() -> None:
    assert cut("　　甲。 \r\n乙 ") == [Piece("　　", "甲。"), Piece(" \r\n", "乙"), Piece(" ", "")]


def test_a_very_long_aside_is_cut_inside() -> None:
    text = f"他说：“{'很好的。' * 50}”"
    assert len(texts(text)) == 50


@pytest.mark.parametrize(
    "text",
    [
        "的" * 300_000,
        "a，。" * 60_000,
        "（" * 60_000 + "。",
        "“" * 60_000 + "”" * 60_000,
        "。”" * 60_000,
        '"。' * 60_000,
    ],
)
def test_long_text_takes_linear_time(text: str) -> None:
    start = time.perf_counter()
    pieces = cut(text)
    assert time.perf_counter() - start < 5
    assert "".join(piece.gap + piece.text for piece in pieces) == text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("他说：“好的。”。然后走了。", ["他说：“好的。”。", "然后走了。"]),
        ("“请保存文件。”。", ["“请保存文件。”。"]),
        ("（见附件。）。下一句。", ["（见附件。）。", "下一句。"]),
        ("他说：“好的。”；然后走了。", ["他说：“好的。”；", "然后走了。"]),
        ("“真的？”！好。", ["“真的？”！", "好。"]),
        ("“甲。”，他说。", ["“甲。”，他说。"]),
    ],
)
def test_no_mark_stands_alone_after_a_quotation(text: str, sentences: list[str]) -> None:
    assert [piece.text for piece in segmenter.cut(text)] == sentences
