"""Shares and rates: 百分之五, 万分之五, 2.3个百分点, 七成, 八五折, 三分之二."""

from __future__ import annotations

import re
from fractions import Fraction

from batchtx.language.zh.figures import BOUND, FIGURE, FREE, TO, Reader, S, amount, plain
from batchtx.language.zh.numerals import DIGIT, NUMERAL, parse_numeral

_HAN = rf"[{NUMERAL}]{{1,12}}(?:点[{NUMERAL}]{{1,12}})?"
_VALUE = rf"(?:{FIGURE}|{_HAN})"
_PARTS = re.compile(rf"{FREE}([百千万])分之({_VALUE})(?:{TO}(?:[百千万]分之)?({_VALUE}))?{BOUND}")
_ONE_PERCENT = re.compile(rf"(?:{FREE}|(?<![\dA-Za-z%％])(?=[-+]))([±+-]{S})?({FIGURE}){S}([%％‰])")
_RANGE = re.compile(rf"{FREE}({FIGURE}){S}[%％]?{TO}({FIGURE}){S}[%％]")
_POINTS = re.compile(rf"{FREE}({_VALUE})(?:{TO}({_VALUE}))?{S}个{S}(百分点|基点)")
_TENTHS = re.compile(
    rf"{FREE}([{DIGIT}\d])成([{DIGIT}]|"
    rf"半)?(?![{NUMERAL}立员为果功本年长分就套群片交都熟型语品因色份绩效对双堆形例见活像亲不])"
)
_OFF = re.compile(
    rf"{FREE}(\d(?:\.\d)?|[{DIGIT}][{DIGIT}]?)折(?:优惠|(?![叠合扣算旧线磨腾返断弯射页起价子桌回纸中为半]))"
)
_FRACTION = re.compile(rf"{FREE}([{NUMERAL}]{{1,6}}|\d{{1,4}})分之([{NUMERAL}]{{1,4}}|\d{{1,4}}){BOUND}")

_OF_HUNDRED = {"百": 1, "千": 10, "万": 100}
_BELOW = ("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ABOVE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _parts(match: re.Match[str]) -> str | None:
    shown = []
    for written in (match[2], match[3]):
        value = amount(written) if written else None
        if written and value is None:
            return None
        if value is not None:
            shown.append(f"{plain(value / _OF_HUNDRED[match[1]])}%")
    return " to ".join(shown)


def _percent(match: re.Match[str]) -> str:
    sign = match[1].strip() if match[1] else ""
    return f"{sign}{match[2]}{match[3].replace('％', '%')}"


def _range(match: re.Match[str]) -> str:
    return f"{match[1]}% to {match[2]}%"


def _points(match: re.Match[str]) -> str | None:
    values = [amount(written) for written in (match[1], match[2]) if written]
    if any(value is None for value in values):
        return None
    name = "percentage point" if match[3] == "百分点" else "basis point"
    return " to ".join(plain(v) for v in values if v is not None) + f" {name}{'' if values == [1] else 's'}"


def _tenths(match: re.Match[str]) -> str | None:
    value = parse_numeral(match[1])
    below = 5 if match[2] == "半" else parse_numeral(match[2] or "0")
    return None if not value or below is None else f"{value * 10 + below}%"


def _off(match: re.Match[str]) -> str | None:
    written = match[1]
    if written[0].isdigit():
        kept = Fraction(written) * 10
    else:
        digits = [parse_numeral(char) for char in written]
        kept = Fraction((digits[0] or 0) * 10 + ((digits[1] or 0) if len(digits) > 1 else 0))
    return f"{plain(100 - kept)}% discount" if 0 < kept < 100 else None


def _fraction(match: re.Match[str]) -> str | None:
    below, above = parse_numeral(match[1]), parse_numeral(match[2])
    if not below or not above or below == 1:
        return None
    if above >= below or below > len(_BELOW) + 1:
        return f"{above}/{below}"
    name = _BELOW[below - 2]
    return f"{_ABOVE[above - 1]}-{name}{'' if above == 1 else 's'}"


READERS: tuple[Reader, ...] = (
    (_PARTS, _parts),
    (_RANGE, _range),
    (_ONE_PERCENT, _percent),
    (_POINTS, _points),
    (_TENTHS, _tenths),
    (_OFF, _off),
    (_FRACTION, _fraction),
)
