"""No wrong amount, currency, sign, code or address passes without a flag; right ones pass."""

from __future__ import annotations

import pytest

from batchtx.checks.copies import translated
from batchtx.checks.literals import literals_kept
from batchtx.checks.numbers import numbers_kept
from batchtx.checks.units import currencies_kept, signs_kept
from batchtx.checks.weekdays import weekdays_kept
from batchtx.checks.words import acronyms_kept
from batchtx.protocols import Check
from batchtx.records import Segment

RIGHT: list[tuple[Check, str, str]] = [
    (numbers_kept, "投资20多亿元", "over 2 billion yuan was invested"),
    (numbers_kept, "30余万人", "more than 300,000 people"),
    (numbers_kept, "超过五十余万户", "more than 500,000 households"),
    (numbers_kept, "200多万台", "over 2 million units"),
    (numbers_kept, "一百多万元", "more than a million yuan"),
    (numbers_kept, "1万余平方米", "more than 10,000 square metres"),
    (numbers_kept, "百余人", "over a hundred people"),
    (numbers_kept, "约3000余元", "some 3,000 yuan"),
    (numbers_kept, "10余个省", "more than 10 provinces"),
    (numbers_kept, "十几个人", "a dozen people"),
    (numbers_kept, "几百人", "several hundred people"),
    (numbers_kept, "数十万人", "hundreds of thousands of people"),
    (numbers_kept, "半年内", "within six months"),
    (numbers_kept, "上半年", "the first half of the year"),
    (numbers_kept, "每半个月", "every two weeks"),
    (numbers_kept, "一个半小时", "an hour and a half"),
    (numbers_kept, "一个半小时", "1.5 hours"),
    (numbers_kept, "一个半小时", "90 minutes"),
    (numbers_kept, "一年半", "18 months"),
    (numbers_kept, "两个半月", "two and a half months"),
    (numbers_kept, "3天半", "3½ days"),
    (numbers_kept, "下降三成", "down by 30%"),
    (numbers_kept, "下降三成", "down by three tenths"),
    (numbers_kept, "七成五", "75%"),
    (numbers_kept, "打五折", "at half price"),
    (numbers_kept, "八五折", "15% off"),
    (numbers_kept, "半价", "50% off"),
    (numbers_kept, "翻一番", "doubled"),
    (numbers_kept, "翻两番", "quadrupled"),
    (numbers_kept, "贰元陆角柒分", "2.67 yuan"),
    (numbers_kept, "千分之三", "3‰"),
    (numbers_kept, "2,3,5号", "Nos. 2,3,5"),
    (currencies_kept, "￥5,000", "¥5,000"),
    (currencies_kept, "5000元", "RMB 5,000"),
    (currencies_kept, "5000元", "5,000 yuan"),
    (currencies_kept, "300美元", "US$300"),
    (currencies_kept, "HK$500和€200", "HK$500 and 200 euros"),
    (currencies_kept, "140磅", "140 pounds"),
    (currencies_kept, "三元催化，单元测试，多元化", "three-way catalyst, unit test, diversity"),
    (signs_kept, "20℃±5℃", "20 °C ± 5 °C"),
    (signs_kept, "5㎎", "5 mg"),
    (signs_kept, "3㎥", "3 cubic metres"),
    (signs_kept, "≤5", "not more than 5"),
    (signs_kept, "3′20″", "3 minutes 20 seconds"),
    (weekdays_kept, "预计本周三上线。", "It is expected to go live this Wednesday."),
    (
        weekdays_kept,
        "每周一、三、五营业，周末休息。",
        "Open on Mon, Wed and Fri, closed on Saturdays and Sundays.",
    ),
    (weekdays_kept, "星期一至星期五9:00", "Weekdays, 9:00"),
    (weekdays_kept, "每周一次，每次三周五天。", "Once a week, three weeks and five days each."),
    (weekdays_kept, "周一鸣说他这个星期一直很忙。", "Zhou Yiming says that he has been busy all week."),
    (weekdays_kept, "1月21日（三）", "Wednesday, January 21"),
    (weekdays_kept, "黑色星期五的优惠", "Black Friday offers"),
    (weekdays_kept, "《Sunday Times》的报道", "A report of the Sunday Times"),
    (literals_kept, "型号AAA1111。", "Model AAA1111."),
    (literals_kept, "见https://a.cn/文档/说明.pdf。", "See https://a.cn/文档/说明.pdf."),
    (acronyms_kept, "调用API", "Call the APIs"),
    (
        translated,
        "见 https://zh.wikipedia.org/wiki/人工智能 的介绍。",
        "See https://zh.wikipedia.org/wiki/人工智能.",
    ),
]

WRONG: list[tuple[Check, str, str]] = [
    (numbers_kept, "投资20多亿元", "an investment of 20 billion yuan"),
    (numbers_kept, "30余万人受益", "30,000,000 people benefit"),
    (numbers_kept, "12余万人", "12,000,000 people"),
    (numbers_kept, "200多万台", "up to 200"),
    (numbers_kept, "一百多万元", "more than 100,000 yuan"),
    (numbers_kept, "3亿多人", "3 billion people"),
    (numbers_kept, "近20项", "nearly 20 billion items"),
    (numbers_kept, "半年内", "within the sixteen months"),
    (numbers_kept, "半小时", "for an hour"),
    (numbers_kept, "一个半小时", "a half hour"),
    (numbers_kept, "一年半", "half of the year"),
    (numbers_kept, "两个半月", "two half-months"),
    (numbers_kept, "三个半小时", "three hours"),
    (numbers_kept, "3天半", "3 days"),
    (numbers_kept, "下降三成", "the decline is three"),
    (numbers_kept, "打五折", "five allowances"),
    (numbers_kept, "七成五", "7.5"),
    (numbers_kept, "翻两番", "doubled"),
    (numbers_kept, "贰元陆角柒分", "2 yuan"),
    (currencies_kept, "￥5,000", "$5,000"),
    (currencies_kept, "￥50以下", "below 50"),
    (currencies_kept, "欧元€200", "Euroy 200"),
    (currencies_kept, "约3000余元", "approximately 3000 yen"),
    (currencies_kept, "300美元", "300 yuan"),
    (currencies_kept, "HK$500", "$500"),
    (currencies_kept, "共三千项", "¥3,000"),
    (signs_kept, "5㎎", "5"),
    (signs_kept, "3㎥", "3"),
    (signs_kept, "3′", "3"),
    (signs_kept, "20±5", "20 5"),
    (signs_kept, "5‰", "5"),
    (weekdays_kept, "预计本周三上线。", "It is expected to go live on Monday."),
    (weekdays_kept, "下周六将去野餐", "a picnic next Sunday"),
    (weekdays_kept, "星期四前完成", "to be done in time"),
    (weekdays_kept, "周二，会议开始。", "The meeting begins."),
    (weekdays_kept, "上周工作回顾", "Top Monday"),
    (literals_kept, "型号AAA1111。", "Model AAA11111."),
    (literals_kept, "型号AAA1111。", "Model AAA111."),
    (literals_kept, "车牌京A12345", "plate A1234"),
    (literals_kept, "航班CA1234", "flight CA 1234"),
    (literals_kept, "零件K86", "part numberK86"),
    (literals_kept, "电话13812345678", "phone 1381234567"),
    (literals_kept, "见https://a.cn/文档/a.pdf。", "See https://a.cn/ document/a.pdf."),
    (literals_kept, r"打开C:\项目\说明.docx。", r"Open C:\ project\ description.docx."),
    (literals_kept, "见https://a.cn/查看。", "See https://a.cn/ view."),
    (acronyms_kept, "与IT部门", "with the department"),
]


@pytest.mark.parametrize(("check", "source", "target"), RIGHT)
def test_what_is_right_passes(check: Check, source: str, target: str) -> None:
    assert check(Segment("d", "a", "p", 0, source), target) is None


@pytest.mark.parametrize(("check", "source", "target"), WRONG)
def test_what_is_wrong_is_flagged(check: Check, source: str, target: str) -> None:
    assert check(Segment("d", "a", "p", 0, source), target) is not None
