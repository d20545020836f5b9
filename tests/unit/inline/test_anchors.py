"""Figures, months and Latin words are found on both sides without a model."""

from __future__ import annotations

import pytest

from batchtx.inline.anchors import anchors, with_anchors
from batchtx.records import Link


def shown(source: str, target: str) -> set[tuple[str, str]]:
    return {
        (source[link.source_start : link.source_end], target[link.target_start : link.target_end].strip(" -"))
        for link in anchors(source, target)
    }


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("在三十日内", "within thirty days", {("三十", "thirty"), ("日", "days")}),
        ("十五个工作日", "fifteen working days", {("十五", "fifteen"), ("个工作日", "working days")}),
        ("第二十二条", "Article 22", {("二十二", "22"), ("条", "Article")}),
        ("见附件一", "see Annex 1", {("一", "1"), ("附件", "Annex")}),
        ("百分之二十", "20 percent", {("百分之二十", "20"), ("百分之二十", "percent")}),
        ("万分之五", "0.05 percent", {("万分之五", "0.05"), ("万分之五", "percent")}),
        ("人民币壹佰贰拾万元整", "RMB 1,200,000", {("壹佰贰拾万", "1,200,000"), ("人民币", "RMB")}),
        ("3千万美元，5月", "30 million dollars in May", {("5月", "May")}),
        ("三百二十人", "three hundred and twenty people", {("三百二十", "three hundred and twenty")}),
        ("错误代码 E05", "error code E05", {("E05", "E05")}),
        ("每月五日前", "before the 5th of each month", {("五", "5th")}),
        ("第一阶段", "the first phase", {("一", "first")}),
    ],
)
def test_equal_values_are_linked(source: str, target: str, expected: set[tuple[str, str]]) -> None:
    assert shown(source, target) == expected


def test_inside_of_what_a_mark_became_figures_are_sought_by_themselves() -> None:
    source, target = "1月2日至2月1日", "February 1 back to January 2"
    marks = [Link(0, 4, 19, 28), Link(5, 9, 0, 10)]
    found = {
        (source[a.source_start : a.source_end], target[a.target_start : a.target_end])
        for a in with_anchors(marks, source, target, marks)
    }
    assert found == {("1月", "January"), ("2", "2"), ("2月", "February"), ("1", "1")}


def test_a_figure_that_stands_more_often_on_one_side_is_left_to_the_alignment() -> None:
    assert shown("三人三次", "three people") == set()


@pytest.mark.parametrize("source", ["一般情况", "四川省", "千万注意", "三角形"])
def test_numerals_inside_words_count_nothing(source: str) -> None:
    assert shown(source, "one 4 10,000,000 three") == set()


def test_equal_figures_are_linked_in_order() -> None:
    links = anchors("5个和5只", "5 and 5")
    assert [(link.source_start, link.target_start) for link in links] == [(0, 0), (3, 6)]


def test_anchors_overrule_the_alignment_of_their_words() -> None:
    links = [Link(0, 1, 7, 13), Link(0, 1, 0, 6)]
    assert with_anchors(links, "在三十日内", "within thirty days")[:2] == [
        Link(0, 1, 0, 6),
        Link(1, 3, 7, 13),
    ]
