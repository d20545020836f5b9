"""Chinese numerals as numbers: 一百二十三万四千, 二〇二三, 壹拾, 3.5亿."""

from __future__ import annotations

import re
from fractions import Fraction

_DIGITS = {
    char: value
    for value, chars in enumerate(
        ("〇零○", "一壹弌", "二贰貳两兩", "三叁參叄", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}

_LONGEST = 40
"""No numeral is longer; Python refuses to read figures of thousands of digits."""

NUMERAL = "〇零○一壹弌二贰貳两兩三叁參叄四肆五伍六陆陸七柒八捌九玖十拾百佰千仟万萬亿億兆廿卅卌"
"""Character class content of Chinese numerals, small and in the capitals of accounting."""

DIGIT = "".join(_DIGITS)
"""Character class content of those that stand for 0 to 9."""

IDIOM = re.compile(
    rf"(?<![{NUMERAL}\d])(?:千万别|千万不|千万要|万一|万万|十分(?!之)|千方百计|成千上万|万无一失|一一|"
    rf"一二(?=，|。|$)|三三两两|七七八八|百万富翁"
    r"|五花八门|四面八方|三番五次|乱七八糟|千千万万|成百上千|一五一十|十有八九|百姓|百货|万能|万物|万事|"
    r"百科|百度|万圣|十足|千兆|兆字节|百搭"
    rf"|四川|万科|九州|零售|零件|零食|百叶|百合|三明治|七夕|千瓦|千克|千米|千字|兆|两者|千卡|百年|千年|"
    rf"第二天|第二年|第一时间|九三学社|一两|三一)(?![{NUMERAL}])"
)
"""Words with numerals that count nothing."""

_MIXED = re.compile(rf"(\d[\d,]*(?:\.\d+)?)([{''.join(_SMALL)}]?)([{''.join(_BIG)}]*)")
_ARABIC = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def parse_numeral(text: str) -> int | None:
    """Returns the whole number that a numeral writes, None when it is not one (一半, 三.五, 人).

    Digits may be mixed in ("3万", "1,200"); full-width digits count as digits.
    """
    value = numeral_value(text)
    return int(value) if value is not None and value.denominator == 1 else None


def numeral_value(text: str) -> Fraction | None:
    """Returns the exact value of a numeral, fractions included: 半 is 1/2, 三点五 is 7/2, 3.5万 is 35000."""
    text = _ascii_digits(text.strip())
    if not text or len(text) > _LONGEST:
        return None
    if text == "半":
        return Fraction(1, 2)
    if _ARABIC.fullmatch(text):
        return Fraction(text.replace(",", ""))
    mixed = _MIXED.fullmatch(text)
    if mixed:
        value = Fraction(mixed[1].replace(",", "")) * _SMALL.get(mixed[2], 1)
        for unit in mixed[3]:
            value *= _BIG[unit]
        return value
    whole, point, decimals = text.partition("点")
    if point:
        return _with_decimals(whole, decimals)
    number = _han_number(text)
    return None if number is None else Fraction(number)


def _with_decimals(whole: str, decimals: str) -> Fraction | None:
    number = _han_number(whole)
    unit = 1
    while decimals and decimals[-1] in _BIG:
        unit *= _BIG[decimals[-1]]
        decimals = decimals[:-1]
    if number is None or not decimals or any(char not in _DIGITS for char in decimals):
        return None
    digits = "".join(str(_DIGITS[char]) for char in decimals)
    return (number + Fraction(int(digits), 10 ** len(digits))) * unit


def _han_number(text: str) -> int | None:
    for char, spelled in _TENS.items():
        text = text.replace(char, spelled)
    if not text or any(c not in _DIGITS and c not in _SMALL and c not in _BIG for c in text):
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    return _sum_of_units(text)


def _sum_of_units(text: str) -> int | None:
    """Value of a numeral with units; 一百二 is 120 (a last digit counts in the next lower unit)."""
    total = section = 0
    digit: int | None = None
    last_unit = 0
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
            last_unit = 1 if digit == 0 else last_unit
        elif char in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[char]
            digit, last_unit = None, _SMALL[char]
        else:
            section += digit or 0
            if not section and not total:
                return None
            total = _close_section(total, section, _BIG[char])
            section, digit, last_unit = 0, None, _BIG[char]
    if digit and last_unit >= 100:
        digit *= last_unit // 10
    return total + section + (digit or 0)


def _close_section(total: int, section: int, unit: int) -> int:
    if total and total < unit:  # 一万二千亿: the whole number so far counts in the larger unit
        return (total + section) * unit
    return total + section * unit


def _ascii_digits(text: str) -> str:
    return text.translate({0xFF10 + n: 0x30 + n for n in range(10)} | {0xFF0E: ".", 0xFF0C: ","})
