"""Dates, amounts and references whose English follows from a rule: 2024年12月31日, 三十万元, 第三条第二款.

A small student gets them wrong more often than anything else, and a wrong figure costs a reader more
than any other slip.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import replace
from fractions import Fraction

from batchtx.language.zh.numbering import translate_label
from batchtx.language.zh.numerals import DIGIT, IDIOM, NUMERAL, numeral_value, parse_numeral
from batchtx.text.spans import Quantity, overlaps

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
CURRENCIES = {
    "人民币": "RMB ", "新台币": "NT$", "新臺幣": "NT$", "台币": "NT$", "美元": "US$", "美金": "US$",
    "港元": "HK$", "港币": "HK$", "欧元": "€", "英镑": "£", "日元": "JP¥", "日圆": "JP¥",
}  # fmt: skip
"""What stands before an amount in English, by its Chinese name."""

_UNITS = {
    "个工作日": "working day", "工作日": "working day", "个自然日": "calendar day", "个月": "month",
    "个小时": "hour", "小时": "hour", "分钟": "minute", "星期": "week", "周": "week",
    "日": "day", "天": "day", "年": "year",
}  # fmt: skip

_FIGURE = r"\d{1,15}(?:,\d{3}){0,5}(?:\.\d{1,9})?"
_NUM = rf"(?:{_FIGURE}[十百千]?[万亿]{{0,2}}|[{NUMERAL}]{{1,24}}(?:点[{NUMERAL}]{{1,12}})?)"
_FREE = rf"(?<![{NUMERAL}\dA-Za-z_.,:/第几数-])"
_BOUND = rf"(?![{NUMERAL}\d多余几来])"
_S = r"\s?"
_CURRENCY = "|".join(CURRENCIES)
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))

_DATE = re.compile(
    rf"{_FREE}((?:中华)?民国)?{_S}([{NUMERAL}\d]{{2,8}}){_S}年{_S}([{NUMERAL}\d]{{1,3}}){_S}月"
    rf"(?:{_S}([{NUMERAL}\d]{{1,3}}){_S}[日号])?"
)
_DAY = re.compile(rf"{_FREE}([{NUMERAL}\d]{{1,3}}){_S}月{_S}([{NUMERAL}\d]{{1,3}}){_S}[日号]")
_PERCENT = re.compile(rf"百分之({_FIGURE}|[{NUMERAL}]{{1,12}}(?:点[{NUMERAL}]{{1,12}})?){_BOUND}")
_MONEY = re.compile(
    rf"(?:({_CURRENCY}){_S})?{_FREE}({_NUM}){_S}({_CURRENCY}|元)整?|({_CURRENCY}){_S}({_NUM}){_BOUND}"
)
_SIGNED = re.compile(rf"(?<![A-Z])([¥￥€£]){_S}({_FIGURE}[十百千]?[万亿]{{0,2}})(?:{_S}元整?)?{_BOUND}")
_UNIT_SIGN = re.compile("[\u3380-\u3384\u3388-\u33df]")
_LARGE = re.compile(
    rf"{_FREE}({_FIGURE}[十百千]?[万亿]{{1,2}}|[{DIGIT}十][{NUMERAL}]{{0,24}}[万亿][{NUMERAL}]{{0,24}}){_BOUND}"
)
_REFERENCE = re.compile(
    rf"(?:第(?:[{NUMERAL}]{{1,12}}|\d{{1,4}})[条條款项項目章节節编編](?:之[{NUMERAL}\d]{{1,3}})?){{1,4}}"
)
_ONE_REFERENCE = re.compile(rf"第[{NUMERAL}\d]{{1,12}}[条條款项項目章节節编編](?:之[{NUMERAL}\d]{{1,3}})?")
_DURATION = re.compile(rf"{_FREE}({_NUM}){_S}({_UNIT})(?![级代度底初末中月])")
_FRACTION = re.compile(rf"{_FREE}([{NUMERAL}]{{1,4}}|\d{{1,4}})分之([{NUMERAL}]{{1,4}}|\d{{1,4}}){_BOUND}")
_NUMERAL = re.compile(rf"{_FREE}[{DIGIT}十][{NUMERAL}]{{1,24}}{_BOUND}(?!月)")
_UNIT_CHAR = re.compile("[十拾百佰千仟万萬亿億]")
_MAY_HOLD_ONE = re.compile(
    rf"[月万亿元¥￥€£\u3380-\u33df]|百分|分之|第[{NUMERAL}\d]|[{NUMERAL}]{{2}}|[{NUMERAL}\d]{_S}(?:{_UNIT})|{_CURRENCY}"
)

_LEAST_LARGE = 10_000


def quantities(text: str, *, doubtful: bool = False, named: Collection[int] = ()) -> list[Quantity]:
    """Dates, percentages, money and amounts in 万 and 亿, in order, not overlapping.

    With `doubtful` also what English often says otherwise, or where: references (第三条), durations
    (三十日), fractions and other numerals of two characters and more. Amounts that start at one of
    `named` go without their currency, which stands before them.
    """
    if not _MAY_HOLD_ONE.search(text):
        return []
    taken = [match.span() for match in IDIOM.finditer(text)]
    found: list[Quantity] = []
    for pattern, read in (_SURE + _DOUBTFUL) if doubtful else _SURE:
        for match in pattern.finditer(text):
            target = read(match)
            if target is not None and not overlaps(*match.span(), taken):
                found.append(Quantity(*match.span(), target))
                taken.append(match.span())
    found = _same_currency(text, sorted(found, key=lambda quantity: quantity.start))
    return [
        replace(one, target=one.target.removesuffix(" yuan")) if one.start in named else one for one in found
    ]


def _date(match: re.Match[str]) -> str | None:
    year, month = parse_numeral(match[2]), parse_numeral(match[3])
    day = parse_numeral(match[4]) if match[4] else None
    if year is None or (match[4] and day is None):
        return None
    year += 1911 if match[1] else 0
    if not 1000 <= year <= 2999:
        return None
    shown = _month_day(month, day)
    return None if shown is None else f"{shown}, {year}" if day else f"{shown} {year}"


def _day(match: re.Match[str]) -> str | None:
    return _month_day(parse_numeral(match[1]), parse_numeral(match[2]))


def _month_day(month: int | None, day: int | None) -> str | None:
    if month is None or not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return _MONTHS[month - 1] + (f" {day}" if day else "")


def _percent(match: re.Match[str]) -> str | None:
    value = numeral_value(match[1])
    return None if value is None else f"{_plain(value)}%"


def _money(match: re.Match[str]) -> str | None:
    written = match[2] or match[5]
    value = numeral_value(written)
    sign = CURRENCIES.get(match[1] or match[4] or match[3])
    if value is None or (sign is None and len(written) < 2 and not written.isdecimal()):  # 一元二次方程
        return None
    if re.fullmatch(_FIGURE, written):
        whole, point, cents = written.partition(".")
        amount = f"{int(whole.replace(',', '')):,}{point}{cents}"
    else:
        amount = _short(value, least=10**9)
    return f"{amount} yuan" if sign is None else f"{sign}{amount}"


def _signed(match: re.Match[str]) -> str | None:
    """￥5,000 is ¥5,000: a sign that small vocabularies lack."""
    value = numeral_value(match[2])
    if value is None:
        return None
    sign = "¥" if match[1] == "￥" else match[1]
    if re.fullmatch(_FIGURE, match[2]):
        return f"{sign}{match[2]}"
    return f"{sign}{_short(value, least=10**6)}"


def _unit_sign(match: re.Match[str]) -> str:
    """㎎ is mg, ㎥ is m³."""
    return unicodedata.normalize("NFKC", match[0]).translate({ord("2"): "²", ord("3"): "³"}).replace("∕", "/")


def _same_currency(text: str, found: list[Quantity]) -> list[Quantity]:
    """In 新台币三十万元以上一百五十万元以下 the second amount is in the currency of the first."""
    sign, result = "", []
    for quantity in found:
        amount = quantity.target.removesuffix(" yuan")
        if amount != quantity.target and sign:
            quantity = replace(quantity, target=sign + amount)
        written = text[quantity.start : quantity.end]
        sign = next((s for name, s in CURRENCIES.items() if name in written), sign)
        result.append(quantity)
    return result


def _large(match: re.Match[str]) -> str | None:
    value = numeral_value(match[1])
    return None if value is None or value < _LEAST_LARGE else _short(value, least=10**6)


def _short(value: Fraction, least: int) -> str:
    """In millions, billions or trillions from `least` on, where two decimals are enough."""
    for name, scale in (("trillion", 10**12), ("billion", 10**9), ("million", 10**6)):
        if value >= max(scale, least) and (value * 100 / scale).denominator == 1:
            return f"{_plain(value / scale)} {name}"
    return _plain(value)


def _reference(match: re.Match[str]) -> str | None:
    parts = [translate_label(part) for part in _ONE_REFERENCE.findall(match[0])]
    return ", ".join(part for part in parts if part) if all(parts) else None


def _duration(match: re.Match[str]) -> str | None:
    value, unit = numeral_value(match[1]), _UNITS[match[2]]
    if value is None or (unit == "year" and (value > 999 or set(match[1]) & set("〇零○"))):
        return None  # a calendar year
    return f"{_plain(value)} {unit}{'' if value == 1 else 's'}"


def _fraction(match: re.Match[str]) -> str | None:
    below, above = parse_numeral(match[1]), parse_numeral(match[2])
    return f"{above}/{below}" if below and above is not None else None


def _numeral(match: re.Match[str]) -> str | None:
    value = parse_numeral(match[0])
    if value is None or value < 10:
        return None
    if _UNIT_CHAR.search(match[0]):
        return _plain(Fraction(value))
    return str(value) if len(match[0]) >= 4 else None  # 二〇二三, but not 三五 (three to five)


def _plain(value: Fraction) -> str:
    """1234567 as "1,234,567", 7/2 as "3.5"."""
    if value.denominator == 1:
        return f"{int(value):,}"
    return f"{float(value):,.9f}".rstrip("0")


_Readers = tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...]
_SURE: _Readers = (
    (_DATE, _date), (_DAY, _day), (_PERCENT, _percent), (_SIGNED, _signed), (_MONEY, _money),
    (_LARGE, _large), (_UNIT_SIGN, _unit_sign),
)  # fmt: skip
_DOUBTFUL: _Readers = (
    (_REFERENCE, _reference),
    (_FRACTION, _fraction),
    (_DURATION, _duration),
    (_NUMERAL, _numeral),
)
