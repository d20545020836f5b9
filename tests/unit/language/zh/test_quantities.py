"""Quantities by rule: what is put into English, and what is left alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.language.zh.quantities import quantities


def english(text: str, *, doubtful: bool = False) -> list[tuple[str, str]]:
    return [(text[q.start : q.end], q.target) for q in quantities(text, doubtful=doubtful)]


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("2024年12月31日", "December 31, 2024"),
        ("2020 年 12 月", "December 2020"),
        ("二〇二三年五月", "May 2023"),
        ("中华民国一百十二年十二月三十一日", "December 31, 2023"),
        ("5月1日", "May 1"),
        ("百分之三点五", "3.5%"),
        ("新台币三十万元", "NT$300,000"),
        ("人民币1,200.50元整", "RMB 1,200.50"),
        ("五千亿美元", "US$500 billion"),
        ("20元", "20 yuan"),
        ("3.5亿", "350 million"),
        ("一亿二千万", "120 million"),
        ("12万", "120,000"),
        ("一万二千三百四十五", "12,345"),
    ],
)
def test_dates_and_amounts(written: str, target: str) -> None:
    assert english(f"约定{written}的事") == [(written, target)]


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("第三十二条第一款", "Article 32, Paragraph 1"),
        ("第十条之一", "Article 10-1"),
        ("五百", "500"),
        ("一九九八", "1998"),
    ],
)
def test_doubtful_ones_only_on_request(written: str, target: str) -> None:
    text = f"依照{written}的规定"
    assert english(text) == []
    assert english(text, doubtful=True) == [(written, target)]


@pytest.mark.parametrize(
    "text",
    [
        "万一出现",
        "一元二次方程",
        "三五个人",
        "十分重要",
        "千万不要",
        "2024年",
        "一个月",
        "13月5日",
        "v1.2万",
        "好",
    ],
)
def test_left_alone(text: str) -> None:
    assert english(text) == []


def test_a_second_amount_is_in_the_currency_of_the_first() -> None:
    assert [target for _, target in english("处新台币三十万元以上一百五十万元以下罚锾")] == [
        "NT$300,000",
        "NT$1,500,000",
    ]


@given(st.text(alphabet="一二三十百千万亿〇0123456789年月日元第条款百分之.,，点 美中华民国人民币"))
def test_spans_are_in_order_and_do_not_overlap(text: str) -> None:
    found = quantities(text, doubtful=True)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(q.start < q.end and q.target for q in found)
