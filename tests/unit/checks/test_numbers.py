"""Numbers are compared by value, however they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from batchtx.checks.numbers import numbers_kept
from batchtx.language.en.values import target_figures, target_values
from batchtx.language.zh.values import possible_values, source_values
from batchtx.records import Flag, Segment


def flag(source: str, target: str) -> Flag | None:
    return numbers_kept(Segment("d", "a", "p", 0, source), target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("共30项", "30 items"),
        ("共三十项", "thirty items"),
        ("三千万元", "30 million yuan"),
        ("3.5亿元", "RMB 350 million"),
        ("1.2万人", "12,000 people"),
        ("1.2万人", "12K people"),
        ("一百二十三万四千", "1,234,000"),
        ("百分之五", "5%"),
        ("百分之十二点五", "12.5 percent"),
        ("５０％", "50%"),
        ("三分之二", "two-thirds"),
        ("三分之二", "2/3"),
        ("2023年5月1日", "May 1, 2023"),
        ("二〇二三年五月一日", "1 May 2023"),
        ("2023-05-01", "2023/5/1"),
        ("第二十二条", "Article 22"),
        ("第四章", "Chapter IV"),
        ("第三次", "the third time"),
        ("第21届", "the 21st session"),
        ("十二个", "a dozen"),
        ("两倍", "twice"),
        ("半年", "half a year"),
        ("20世纪90年代", "the 1990s"),
        ("上午9:30", "9:30 a.m."),
        ("14:00开会", "meet at 2 p.m."),
        ("3至5万元", "30,000 to 50,000 yuan"),
        ("10-20%", "10% to 20%"),
        ("民国八十九年", "2000"),
        ("约1,000,000人", "about one million people"),
        ("二十年来", "for two decades"),
        ("十六进制", "hexadecimal"),
        ("一百零五名", "one hundred and five"),
        ("版本v1.2.3", "version v1.2.3"),
        ("十分重要", "very important"),
        ("万一下雨", "in case it rains"),
        ("一些百姓", "some people"),
        ("四川的零件", "parts from Sichuan"),
        ("他走了", "He left"),
    ],
)
def test_equal_values_pass(source: str, target: str) -> None:
    assert flag(source, target) is None


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("共30项", "13 items", "not in the target by value: 30; not in the source: 13"),
        ("三千万元", "3 million yuan", "三千万"),
        ("1.2万人", "1.2 people", "1.2万"),
        ("百分之五", "15%", "百分之五"),
        ("2023年5月1日", "May 1, 2032", "2023"),
        ("2023年5月1日", "March 1, 2023", "5"),
        ("第二十二条", "Article 2", "第二十二"),
        ("三分之二", "one third", "三分之二"),
        ("五公里", "7 kilometres", "not in the source: 7"),
        ("共30项", "several items", "30"),
        ("走了", "left 3 times", "not in the source: 3"),
    ],
)
def test_other_values_are_flagged(source: str, target: str, message: str) -> None:
    found = flag(source, target)
    assert found is not None
    assert message in found.message


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("本季度召开28次会议", "28, 28, 28 meetings were held this quarter"),
        ("合同总额为576,000,000元", "the contract sum is ¥576000000.00000.00"),
        ("合同总额为120000元", "the contract sum is 12,0000 yuan"),
        ("按20%、30%、30%、10%、10%的比例付款", "paid at 20%, 30%, 10% and 10%"),
        ("共计350台，其余350台另行交付", "350 units in all, the rest later"),
        ("首付50000元", "50,000 yuan, that is 50,000 yuan, is paid first"),
        ("按日万分之五支付", "paid at 5% a day"),
        ("投资20多亿元", "an investment of 20 million yuan"),
        ("下午三点半开会", "The meeting is at 3:00 p.m."),
        ("享受八折优惠", "an 8% discount"),
    ],
)
def test_numbers_said_too_often_too_seldom_or_wrongly_are_flagged(source: str, target: str) -> None:
    assert flag(source, target) is not None


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("2023年1月至2023年3月", "January 2023 to March 2023"),
        ("2024年利润增长，2024年收入下降", "In 2024 profits rose and revenue fell"),
        ("按20%、30%、30%、10%、10%的比例付款", "paid at 20%, 30%, 30%, 10% and 10%"),
        ("80年代和90年代", "the 80s and the '90s"),
        ("两个半小时", "two and a half hours"),
        ("下午三点半", "at half past three"),
        ("20多亿元", "more than 2 billion yuan"),
        ("全场八折优惠", "a 20% discount on everything"),
        ("十八洞，从第一洞到第十八洞", "eighteen holes, from the first to the eighteenth"),
    ],
)
def test_numbers_as_english_says_them_pass(source: str, target: str) -> None:
    assert flag(source, target) is None


@pytest.mark.parametrize(
    ("source", "target", "severity"),
    [
        ("合同价款三千万元", "the price is 3 million yuan", "critical"),
        ("三十日内提出", "within 13 days", "critical"),
        ("百分之五", "15%", "critical"),
        ("2023年5月1日前交货", "delivery before May 1, 2032", "critical"),
        ("共30项", "13 items", "major"),
        ("第二十二条", "Article 2", "major"),
    ],
)
def test_a_wrong_number_of_money_or_of_a_deadline_is_critical(
    source: str, target: str, severity: str
) -> None:
    found = flag(source, target)
    assert found is not None
    assert found.severity == severity


def test_target_values_read_words_and_figures() -> None:
    values = target_values("one hundred and twenty-three, 3.5 million, IV, half, 2nd, .5")
    assert {Fraction(123), Fraction(3_500_000), Fraction(4), Fraction(1, 2), Fraction(2)} <= values


def test_figures_inside_names_and_code_do_not_count() -> None:
    assert [written for written, _ in target_figures("ext4 m2 http://a.b/5 v1.2.3 and 7")] == ["7"]


def test_source_values_leave_idioms_out() -> None:
    assert [value.written for value in source_values("十分感谢，千万别忘，万一")] == []


def test_possible_values_are_generous() -> None:
    assert {Fraction(3), Fraction(5)} <= possible_values("三五个人")
