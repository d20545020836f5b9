"""Markup stays, whatever becomes of the words."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.language.pair import find_pair
from batchtx.service.markup import Markup, read_markup

PAIR = find_pair("zh", "en")
TEXTS = [
    "请<b>付款</b>。",
    "请<x id='1'>付款</x>，见<x id='2'/>。",
    '<g id="1">甲方</g>付给<g id="2">乙方 &amp; <ph/>丙方</g>',
    "没有标记",
    "<p>一</p><p>二</p>",
    "<a",
    "a < b & c > d",
    "</g>多出来<g>",
    "<!-- 注 -->文<?pi x?>",
    "",
    "  <b> </b>  ",
    "<b>甲</b>\n\n<i>乙</i>",
]


def tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"</?[A-Za-z][^<>]*>|<!--.*?-->|<\?.*?>", text))


@pytest.mark.parametrize("kind", ["page", "tags"])
@pytest.mark.parametrize("text", TEXTS)
def test_an_unchanged_text_comes_back_as_it_was(text: str, kind: Markup) -> None:
    fragment = read_markup(text, kind, PAIR)
    assert fragment.written([unit.text for unit in fragment.units]) == text


@pytest.mark.parametrize("text", TEXTS)
def test_every_tag_of_a_changed_text_is_there_once(text: str) -> None:
    fragment = read_markup(text, "tags", PAIR)
    written = fragment.written([f"x{unit.text}y" for unit in fragment.units])
    assert tags(written) == tags(text)


def test_tags_of_any_name_stand_inside_of_a_sentence() -> None:
    (unit,) = read_markup("请<x id='1'>付款</x>，见<x id='2'/>。", "tags", PAIR).units
    assert [(code.kind, code.label) for code in unit.codes] == [("open", "x"), ("close", "x"), ("point", "x")]


def test_what_a_target_says_is_escaped() -> None:
    fragment = read_markup("一 &lt; 二", "tags", PAIR)
    assert fragment.units[0].text == "一 < 二"
    assert fragment.written(["<script> & one < two"]) == "&lt;script&gt; &amp; one &lt; two"


@given(
    st.lists(st.sampled_from(["<", ">", "</", "/>", "a", "中", "'", '"', "=", " ", "&", "!--", "-->", "?"]))
)
def test_nothing_that_a_client_writes_breaks_it(parts: list[str]) -> None:
    text = "".join(parts)
    for kind in ("page", "tags"):
        fragment = read_markup(text, kind, PAIR)  # type: ignore[arg-type]
        assert fragment.written([unit.text for unit in fragment.units]) == text
        fragment.written([f"x{unit.text}" for unit in fragment.units])
