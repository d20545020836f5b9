"""Chinese numerals have values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.language.zh.numerals import numeral_value, parse_numeral


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("〇", 0),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("廿五", 25),
        ("卅", 30),
        ("两", 2),
        ("一百零五", 105),
        ("一百二", 120),
        ("三千五", 3500),
        ("一千零五十", 1050),
        ("一万二", 12_000),
        ("一百二十三万四千", 1_234_000),
        ("三亿", 300_000_000),
        ("一万二千亿", 1_200_000_000_000),
        ("一亿二千万", 120_000_000),
        ("二〇二三", 2023),
        ("一九九八", 1998),
        ("壹佰贰拾叁", 123),
        ("叁拾万", 300_000),
        ("3万", 30_000),
        ("3.5亿", 350_000_000),
        ("２０", 20),
        ("1,200", 1200),
        ("5千", 5000),
        ("人", None),
        ("万", None),
        ("亿万", None),
        ("", None),
        ("半", None),
        ("三点五", None),
        ("一半", None),
    ],
)
def test_whole_numbers(numeral: str, value: int | None) -> None:
    assert parse_numeral(numeral) == value


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("半", Fraction(1, 2)),
        ("三点五", Fraction(7, 2)),
        ("零点零五", Fraction(1, 20)),
        ("一点二亿", Fraction(120_000_000)),
    ],
)
def test_fractions_are_exact(numeral: str, value: Fraction) -> None:
    assert numeral_value(numeral) == value


def spelled(number: int) -> str:
    """A number below ten thousand in full, for the round trip."""
    digits, out, zero = "零一二三四五六七八九", "", False
    for power, unit in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**power % 10
        if digit:
            out += ("零" if zero else "") + digits[digit] + unit
            zero = False
        elif out:
            zero = True
    return out or "零"


@given(st.integers(0, 9999))
def test_a_number_spelled_in_full_is_read_back(number: int) -> None:
    assert parse_numeral(spelled(number)) == number


@given(st.text(alphabet="零一二三十百千万亿点半两廿.0", max_size=12))
def test_any_text_is_a_number_from_nothing_up_or_none(text: str) -> None:
    value = numeral_value(text)
    assert value is None or value >= 0
    assert parse_numeral(text) == (int(value) if value is not None and value.denominator == 1 else None)
