"""Pieces of patterns that find numbers in Chinese text, and how English writes what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from batchtx.language.zh.numerals import NUMERAL, numeral_value

Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]
"""A pattern, and what English says for a match: None where it is not what it looks like."""

S = r"\s?"
"""A space that an editor may have put between a number and its unit: 5 万元."""

FIGURE = r"(?:\d{1,3}(?:[ \u00a0]\d{3}){1,4}(?!\d)|\d{1,15}(?:,\d{3}){0,5})(?:\.\d{1,9})?"
NUM = rf"(?:{FIGURE}(?:{S}[十百千]?[万亿]{{1,2}}|[十百千])?|[{NUMERAL}]{{1,24}}(?:点[{NUMERAL}]{{1,12}})?)"
AMOUNT = rf"(?:{NUM}(?:{S}[多余](?:{S}[万亿]{{1,2}})?)?)"
"""A number that may say that it is more: 30余万, 20多亿, 12万余."""

SOME = "(?:[数几][十百千]?[万亿]{1,2})"
"""数千万, 几万: no number, and still an English word for its size."""

TO = r"\s?(?:[-~～—–－]{1,2}|至|到)\s?"
FREE = rf"(?<![{NUMERAL}\dA-Za-z_.,:/第几数-])"
BOUND = rf"(?![{NUMERAL}\d余几来]|多(?!数))"

_SCALES = (("trillion", 10**12), ("billion", 10**9), ("million", 10**6))
_BIG = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_SOME = re.compile("[数几]([十百千]?)([万亿]{1,2})")
_MORE = re.compile("[多余]")
_UNIT = re.compile(r"([十百千]?[万亿]{1,2})$")
_BLANK = re.compile(r"\s")


def amount(written: str) -> Fraction | None:
    """Returns the value of a number, spaces and 多, 余 left out: 1 200 is 1200, 30余万 is 300000."""
    return numeral_value(_MORE.sub("", _BLANK.sub("", written)))


def more(written: str) -> str:
    """Returns "more than " where a number says so (30余万), else nothing."""
    return "more than " if _MORE.search(written) else ""


def some(written: str) -> str | None:
    """Returns 数千万 as "tens of millions"."""
    match = _SOME.fullmatch(written)
    if match is None:
        return None
    scale = _BIG.get(match[1], 1)
    for char in match[2]:
        scale *= _BIG[char]
    for name, least in (*_SCALES, ("thousand", 1000)):
        if scale >= least:
            front = {1: "", 10: "tens of ", 100: "hundreds of "}.get(scale // least)
            return None if front is None else f"{front}{name}s"
    return None


def span(first: str, last: str) -> tuple[Fraction, Fraction] | None:
    """Returns the values of a range; what stands once counts for both: 300—500万 is 3 to 5 million."""
    low, high = amount(first), amount(last)
    if low is None or high is None:
        return None
    unit = _UNIT.search(_BLANK.sub("", last))
    if unit and not _UNIT.search(_BLANK.sub("", first)):
        scale = amount(f"1{unit[1]}")
        if scale and low <= high / scale:
            low *= scale
    return (low, high) if low < high else None


def plain(value: Fraction) -> str:
    """Returns 1234567 as "1,234,567", 7/2 as "3.5"."""
    if value.denominator == 1:
        return f"{int(value):,}"
    return f"{float(value):,.9f}".rstrip("0").rstrip(".")


def short(value: Fraction, least: int) -> str:
    """Writes a number in millions, billions or trillions from `least` on, where two decimals are enough."""
    for name, scale in _SCALES:
        if value >= max(scale, least) and (value * 100 / scale).denominator == 1:
            return f"{plain(value / scale)} {name}"
    return plain(value)


def ordinal(number: int) -> str:
    """Returns 1st, 2nd, 3rd, 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def written_figure(written: str) -> str | None:
    """Returns a number in digits with its own decimals and commas at thousands, None for any other."""
    figure = _BLANK.sub("", written)
    if not re.fullmatch(r"[\d,]+(?:\.\d+)?", figure):
        return None
    whole, point, decimals = figure.partition(".")
    return f"{int(whole.replace(',', '')):,}{point}{decimals}"
