"""Currencies and signs of units: a figure without its own says another thing."""

from __future__ import annotations

import re

from batchtx.language.zh.numerals import NUMERAL
from batchtx.records import Flag, Segment
from batchtx.text.inline_codes import without_codes
from batchtx.text.literals import without_literals
from batchtx.text.spans import find_words

_AMOUNT = rf"(?:\d[\d,.]*\s?[多余几]?[十百千万亿]{{0,3}}|[{NUMERAL}点多余几]{{2,20}})\s?"
_NO_MONEY = "[素旦月年件老首宵帅]|[一二三]次"
_CURRENCIES = {
    "Hong Kong dollar": (r"HK\$|HKD|港元|港币|港幣", r"HK\$|HKD|Hong ?Kong dollars?"),
    "Taiwan dollar": (r"NT\$|TWD|新?[台臺][币幣]", r"NT\$|TWD|Taiwan dollars?"),
    "yen": (r"JP¥|JPY|日[元圆]", r"JP¥|JPY|\byen\b"),
    "euro": (r"€|EUR(?![A-Za-z])|欧元|歐元", r"€|\bEUR\b|\b[Ee]uros?\b"),
    "pound": (r"£|GBP|英[镑鎊]", r"£|GBP|\b[Pp]ounds?\b|\bsterling"),
    "US dollar": (r"\$|USD|美元|美金", r"\$|USD|\b[Dd]ollars?\b"),
    "yuan": (
        rf"[¥￥]|人民币|RMB|CNY|{_AMOUNT}(?:元(?!{_NO_MONEY})|块钱)",
        r"[¥￥]|\byuan\b|RMB|CNY|[Rr]enminbi|\bkuai\b",
    ),
}
"""Each with what says it in a source and in a target; those whose sign is a part of another come last."""

_SIGNS = {
    "℃": "℃|° ?C|degrees?|celsius",
    "℉": "℉|° ?F|degrees?|fahrenheit",
    "°": "°|degrees?",
    "Ω": "Ω|ohms?",
    "±": r"±|\+/-|\+-|plus[ -](?:or[ -])?minus",
    "×": r"×|\bx\b|\dx\d|\*|\bby\b|times|multipl",
    "÷": "÷|/|divided",
    "≤": "≤|<=|at most|no |not |nor |less|up to|maximum|within|below|under",
    "≥": "≥|>=|at least|no |not |nor |more|minimum|above|over|exceed",
    "≠": "≠|!=|not|unequal|differ",
    "‰": r"‰|per ?mille?|per thousand|/1,?000|0\.\d+ ?%",
    "′": "′|'|’|minutes?|feet|foot|ft|prime",
    "″": r"″|\"|”|seconds?|inch|\bin\b|prime",
    "㎎": "mg|milligram",
    "㎏": "kg|kilo",
    "㎍": "[µμu]g|microgram|mcg",
    "㎜": "mm|millimet",
    "㎝": "cm|centimet",
    "㎞": "km|kilomet",
    "㎡": "m²|m2|sq",
    "㎢": "km²|km2|sq",
    "㎥": "m³|m3|cubic|cu",
    "㏄": r"cc|cubic|c\.c",
    "㎖": "ml|millilit",
    "㎕": "[µμu]l|microlit",
    "㎾": "kw|kilowatt",
    "㎐": "hz|hertz",
    "㎑": "khz|kilohertz",
    "㎒": "mhz|megahertz",
    "㎓": "ghz|gigahertz",
    "㎩": "pa|pascal",
    "㎪": "kpa|kilopascal",
    "㎫": "mpa|megapascal",
    "㏈": "db|decibel",
    "㎲": "[µμu]s|microsec",
    "㎳": "ms|millisec",
    "µ": "[µμu]|micro",
    "μ": "[µμu]|micro",
}
"""Signs that a translation must not lose, with the spellings of each in English."""

_PATTERNS = {name: (re.compile(one), re.compile(other)) for name, (one, other) in _CURRENCIES.items()}
_ANY_CURRENCY = re.compile("|".join(f"(?:{one})" for pair in _CURRENCIES.values() for one in pair))
"""Far quicker than each by itself; most sentences have none."""

_FIGURES = re.compile(rf"[\d{NUMERAL}]")
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")


def currencies_kept(segment: Segment, target: str) -> Flag | None:
    """Amounts are in the currencies of the source, and in no others."""
    whole = target
    source, target = (without_literals(without_codes(text)) for text in (segment.source, target))
    if not _ANY_CURRENCY.search(source) and not _ANY_CURRENCY.search(target):
        return None
    figures = _FIGURES.search(source) is not None
    lost: dict[str, str] = {}
    added: dict[str, str] = {}
    for name, (in_source, in_target) in _PATTERNS.items():
        says, tells = in_source.search(source), in_target.search(target)
        if says and not tells:
            lost[says[0].strip()] = name
        elif tells and not says and figures and _is_amount(target, tells) and not _weighs(name, source):
            added[tells[0].strip()] = name
        source = in_source.sub(" ", source) if says else source
        target = in_target.sub(" ", target) if tells else target
    if not lost and not added:
        return None
    doubts = [f"not in the target: {_named(lost)}"] * bool(lost)
    doubts += [f"not in the source: {_named(added)}"] * bool(added)
    spans = find_words(lost, segment.source), find_words(added, whole)
    return Flag("currencies", "; ".join(doubts), "major", *spans)


def _named(written: dict[str, str]) -> str:
    return ", ".join(f"{words} ({name})" for words, name in written.items())


def _weighs(name: str, source: str) -> bool:
    return name == "pound" and "磅" in source


def _is_amount(target: str, currency: re.Match[str]) -> bool:
    """Whether a figure stands beside the currency."""
    beside = target[max(0, currency.start() - 14) : currency.end() + 3]
    return any(map(str.isdigit, beside))


def signs_kept(segment: Segment, target: str) -> Flag | None:
    """Signs of units and of arithmetic (℃, ㎎, ±, ≤) stand in the target, or their words do."""
    source = without_literals(without_codes(segment.source))
    lost = [
        sign
        for sign in dict.fromkeys(_SIGN.findall(source))
        if sign not in target and not re.search(_SIGNS[sign], target, re.IGNORECASE)
    ]
    if not lost:
        return None
    return Flag("signs", f"not in the target: {' '.join(lost)}", "major", find_words(lost, segment.source))
