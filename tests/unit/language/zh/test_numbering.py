"""Numbering labels are found at the start of a text and translated by rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.language.zh.numbering import label_length, translate_label
from batchtx.text.inline_codes import code_char


@pytest.mark.parametrize(
    ("head", "target"),
    [
        ("第二十二条", "Article 22"),
        ("第 3 条", "Article 3"),
        ("第二十二条之一", "Article 22-1"),
        ("第三章", "Chapter 3"),
        ("第五节", "Section 5"),
        ("第一编", "Part 1"),
        ("第二部分", "Part 2"),
        ("第一款", "Paragraph 1"),
        ("第（一）项", None),
        ("第四项", "Item 4"),
        ("第一条、", "Article 1"),
        ("一、", "1."),
        ("十二、", "12."),
        ("（一）", "(1)"),
        ("(3)", "(3)"),
        ("（a）", "(a)"),
        ("1、", "1."),
        ("1．", "1."),
        ("1）", "1)"),
        ("①", "①"),
        ("㈠", "(1)"),
        ("Ⅱ、", "II."),
        ("附件一", "Annex 1"),
        ("附件：", None),
        ("附录A", "Appendix A"),
        ("附表3：", "Schedule 3:"),
        ("图 1-2", "Figure 1-2"),
        ("表 3", "Table 3"),
        ("例1：", "Example 1:"),
        ("1.2.3", "1.2.3"),
        ("总则", None),
        ("", None),
        ("第二条规定", None),
        ("表示", None),
    ],
)
def test_heads_are_translated_by_rule(head: str, target: str | None) -> None:
    assert translate_label(head) == target


def test_page_numbers_of_footers_are_translated_by_rule() -> None:
    page, count = code_char(0), code_char(1)
    assert translate_label(f"第 {page} 页，共 {count} 页") == f"Page {page} of {count}"
    assert translate_label(f"第{page}页 / 共{count}页") == f"Page {page} of {count}"
    assert translate_label("第 3 页（共 5 页）") == "Page 3 of 5"
    assert translate_label(f"第{page}页") == f"Page {page}"
    assert translate_label("第　　页，共　　页") is None
    assert label_length("第 3 页 共 5 页") == len("第 3 页 共 5 页")
    assert label_length("第 3 页，共 5 页的附件") == 0


def test_a_list_mark_after_an_article_belongs_to_its_head() -> None:
    assert label_length("第一条、为了规范市场秩序，制定本法。") == len("第一条、")
    assert label_length("第三章、附则", "heading") == len("第三章、")


def test_codes_around_a_head_stay_around_it() -> None:
    bold, plain = code_char(0), code_char(1)
    assert translate_label(f"{bold}第一条{plain}") == f"{bold}Article 1{plain}"


@pytest.mark.parametrize(
    "text",
    [
        "第九十五条、第一百二十条准用",
        "第五条、六条准用",
        "陆、海、空军现役军人",
        "2、8、16 进制的数字",
        "1.33 小时",
        "10.00 的差额",
        "0.5 小时",
        "3.12 版本新增了",
        "图 1 显示了组件。",
        "表 3 中的数据",
        "步骤 1 中的设置",
        "第二条规定的事项",
        "1.5倍",
        "３．５吨货物",
        "１．１概述",
        "一、二、三等奖",
        "a)b",
    ],
)
def test_running_text_has_no_head(text: str) -> None:
    assert label_length(text) == 0


@given(st.text(max_size=30))
def test_a_head_is_never_longer_than_the_text(text: str) -> None:
    assert 0 <= label_length(text) <= len(text)


@given(st.text(alphabet="第一二三条章、（）.1 　a图表附件①", max_size=12))
def test_what_is_found_as_a_head_can_be_rendered(text: str) -> None:
    length = label_length(text, "heading")
    if length:
        assert translate_label(text[:length]) is not None
