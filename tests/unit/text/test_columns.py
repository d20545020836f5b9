"""Columns set with spaces are texts of their own; words spaced out and blanks to fill in are none."""

from __future__ import annotations

import pytest

from batchtx.language.pair import find_pair
from batchtx.pipeline.segments import cut_unit, join_targets
from batchtx.records import Unit
from batchtx.text.columns import columns

PAIR = find_pair("zh", "en")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("日期：        日期:", ["日期：", "日期:"]),
        ("甲方（盖章）          乙方（盖章）", ["甲方（盖章）", "乙方（盖章）"]),
        ("授权代表：刘济民\u3000\u3000授权代表：周新斌", ["授权代表：刘济民", "授权代表：周新斌"]),
        ("张三    李四    王五", ["张三", "李四", "王五"]),
        ("表3.2 人力成本表    单位：元", ["表3.2 人力成本表", "单位：元"]),
        ("姓名：\u00a0\u00a0\u00a0\u00a0性别：", ["姓名：", "性别："]),
        ("Tel: 123      传真：456", ["Tel: 123", "传真：456"]),
        ("签订地点：      签订日期：    年    月    日", ["签订地点：", "签订日期：    年    月    日"]),
        ("联 系 人 :      电 话 :", ["联 系 人 :", "电 话 :"]),
        ("合    同    编    号：    12", ["合    同    编    号：", "12"]),
    ],
)
def test_columns_are_parted(line: str, wanted: list[str]) -> None:
    assert [line[start:end] for start, end in columns(line)] == wanted


@pytest.mark.parametrize(
    "line",
    [
        "公    告",
        "第一章\u3000总\u3000\u3000则",
        "姓    名：某某某",
        "第      页 共      页",
        "甲方应于      年  月  日前支付      元",
        "日期：      年    月    日",
        "现场验收    。",
        "参数      = 值",
        "if x:        # 注释",
        "my $MOSES      = 'model'",
        "name      value",
        "中国 北京",
        "",
    ],
)
def test_what_only_looks_so_stays_whole(line: str) -> None:
    assert [line[start:end] for start, end in columns(line)] == [line]


def test_the_gap_stays_between_the_translations() -> None:
    plan = cut_unit("a.txt", Unit("line 1", "line 1", "日期：\u3000\u3000\u3000日期:"), PAIR)
    assert [segment.source for segment in plan.segments] == ["日期：", "日期:"]
    assert join_targets(plan, ["Date:", "Date:"]) == "Date:      Date:"
    assert join_targets(plan, ["日期：", "日期："], spaced=False) == "日期：\u3000\u3000\u3000日期："


def test_a_sentence_in_a_column_ends_in_it() -> None:
    plan = cut_unit("a.txt", Unit("line 1", "line 1", "请签字。请盖章。      单位：元"), PAIR)
    assert [segment.source for segment in plan.segments] == ["请签字。", "请盖章。", "单位：元"]
    assert join_targets(plan, ["Sign.", "Seal.", "Unit: yuan"]) == "Sign. Seal.      Unit: yuan"
