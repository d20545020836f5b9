"""Dates, amounts and references whose English follows from a rule: 2024年12月31日, 三十万元, 第三条第二款.

A small student gets them wrong more often than anything else, and a wrong figure costs a reader more
than any other slip.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from batchtx.language.zh import calendar, clock, labels, measures, money, rates
from batchtx.language.zh.figures import BOUND, FREE, Reader, plain
from batchtx.language.zh.money import CURRENCIES
from batchtx.language.zh.numbering import translate_label
from batchtx.language.zh.numerals import DIGIT, IDIOM, NUMERAL, parse_numeral
from batchtx.text.spans import Quantity, overlaps

_REFERENCE = re.compile(
    rf"(?:第(?:[{NUMERAL}]{{1,12}}|\d{{1,4}})[条條款项項目章节節编編](?:之[{NUMERAL}\d]{{1,3}})?){{1,4}}"
)
_ONE_REFERENCE = re.compile(rf"第[{NUMERAL}\d]{{1,12}}[条條款项項目章节節编編](?:之[{NUMERAL}\d]{{1,3}})?")
_NUMERAL = re.compile(rf"{FREE}[{DIGIT}十][{NUMERAL}]{{1,24}}{BOUND}(?!月)")
_UNIT_CHAR = re.compile("[十拾百佰千仟万萬亿億]")
_MAY_HOLD_ONE = re.compile(rf"[\d{NUMERAL}半腊冬数几XxＸ×\u3380-\u33df¥￥€£①-⓿❶-➓]")


def quantities(text: str, *, doubtful: bool = False, named: Collection[int] = ()) -> list[Quantity]:
    """Dates, times, durations, money, shares, measures and large counts, in order, not overlapping.

    With `doubtful` also what English often says otherwise, or where: references (第三条) and other
    numerals of two characters and more. Amounts that start at one of `named` go without their currency,
    which stands before them.
    """
    return [
        replace(one, target=one.target.removesuffix(" yuan")) if one.start in named else one
        for one in _found(text, doubtful)
    ]


@lru_cache(maxsize=4096)
def _found(text: str, doubtful: bool) -> tuple[Quantity, ...]:
    """Cached: each attempt and the checks ask for the same texts."""
    if not _MAY_HOLD_ONE.search(text):
        return ()
    taken = [match.span() for match in IDIOM.finditer(text)]
    found: list[Quantity] = []
    for pattern, read in (_SURE + _DOUBTFUL) if doubtful else _SURE:
        for match in pattern.finditer(text):
            target = read(match)
            if target is not None and not overlaps(*match.span(), taken):
                found.append(Quantity(*match.span(), target))
                taken.append(match.span())
    return tuple(_same_currency(text, sorted(found, key=lambda quantity: quantity.start)))


def _same_currency(text: str, found: list[Quantity]) -> list[Quantity]:
    """In 新台币三十万元以上一百五十万元以下 the second amount is in the currency of the first."""
    sign, result = "", []
    for quantity in found:
        amount = quantity.target.removesuffix(" yuan")
        if amount != quantity.target and sign and amount[0].isdigit():
            quantity = replace(quantity, target=sign + amount)
        written = text[quantity.start : quantity.end]
        if written[-1] in "元整正圆":  # its currency stands in front; 100美元 says nothing of the next
            sign = next((s for name, s in CURRENCIES.items() if written.startswith(name)), sign)
        elif quantity.target.startswith(tuple(CURRENCIES.values())):
            sign = ""
        result.append(quantity)
    return result


def _reference(match: re.Match[str]) -> str | None:
    parts = [translate_label(part) for part in _ONE_REFERENCE.findall(match[0])]
    return ", ".join(part for part in parts if part) if all(parts) else None


def _numeral(match: re.Match[str]) -> str | None:
    value = parse_numeral(match[0])
    if value is None or value < 10:
        return None
    if _UNIT_CHAR.search(match[0]):
        return plain(Fraction(value))
    return str(value) if len(match[0]) >= 4 else None  # 二〇二三, but not 三五 (three to five)


_SURE: tuple[Reader, ...] = (
    *labels.READERS,
    *calendar.READERS,
    *clock.READERS[:6],
    *rates.READERS,
    *money.READERS,
    *measures.READERS,
    *clock.READERS[6:],
    *measures.COUNTS,
)
_DOUBTFUL: tuple[Reader, ...] = ((_REFERENCE, _reference), (_NUMERAL, _numeral))
