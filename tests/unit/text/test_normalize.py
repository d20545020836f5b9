"""The model sees one spelling for what looks the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.text.inline_codes import code_char
from batchtx.text.normalize import normalize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("总　　则", "总则"),
        ("总 则", "总则"),
        ("甲　方：张三", "甲方：张三"),
        ("目    录", "目录"),
        ("中国 北京", "中国 北京"),
        ("我 是 学生", "我 是 学生"),
        ("ＡＢＣ１２３", "ABC123"),
        ("５０％", "50%"),
        ("你好，世界！（一）", "你好，世界！（一）"),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("红\x1b[31m色\x1b[0m", "红色"),
        ("甲\x00乙\x07", "甲乙"),
        ("❤\ufe0f甲\ufe0f，👨\u200d👩\u200d乙", "❤\ufe0f甲，👨\u200d👩\u200d乙"),
        ("e\u0301", "é"),
        ("漢語", "漢語"),
        ("⽤户", "用户"),
        ("  甲\t\t乙 丙  ", "甲乙丙"),
        ("很好  very   good", "很好 very good"),
        (f"甲{code_char(0)}乙", f"甲{code_char(0)}乙"),
        ("", ""),
    ],
)
def test_spellings(text: str, expected: str) -> None:
    assert normalize(text) == expected


@given(
    st.text(max_size=50) | st.text(alphabet="甲乙 　ａ1❤\ufe0f\u200b\u200d\u00ad\u0301\x1b[m", max_size=30)
)
def test_twice_is_once(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text(alphabet="甲 a　。" + code_char(0) + code_char(9), max_size=30))
def test_codes_are_kept_in_order(text: str) -> None:
    def codes(value: str) -> list[str]:
        return [char for char in value if ord(char) >= 0xF0000]

    assert codes(normalize(text)) == codes(text)
