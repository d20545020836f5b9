"""The numbers of a Chinese text, each with every value that a right translation may show for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from batchtx.language.zh.numerals import IDIOM, NUMERAL, numeral_value
from batchtx.text.literals import without_literals

_WIDTH = {0xFF10 + n: 0x30 + n for n in range(10)} | {0xFF05: "%", 0xFF0E: ".", 0xFF0C: ","}
_DIGITS = r"\d{1,18}(?:,\d{3}){0,6}(?:\.\d{1,18})?"
_HAN_BIG = "[十百千万亿兆]"
_COUNTED = r"[年月日号天岁元条章节款项编页倍台件份届届级期次]|个月|小时|分钟|周年|世纪|公里|平方|%|％"
_NUM = rf"(?:{_DIGITS}|[{NUMERAL}]{{1,24}})"
_START = rf"(?<![{NUMERAL}\dA-Za-z_.])"
_PERCENT = re.compile(rf"百分之({_DIGITS}|[{NUMERAL}点]{{1,24}})")
_PART = re.compile(rf"([{NUMERAL}]{{1,4}}|\d{{1,4}})分之([{NUMERAL}]{{1,4}}|\d{{1,4}})")
_RANGE = re.compile(
    rf"{_START}({_NUM})\s?(?:[-~～—–]|至|到)\s?({_NUM}?)({_HAN_BIG}{{1,4}}|%)(?![{NUMERAL}\d])"
)
_TENTHS = re.compile(rf"{_START}([{NUMERAL}\d]{{1,2}})成(?=[的以左右多，。、；）)]|$)")
_UNITS_OF = re.compile(rf"({_NUM})个([十百千]?[万亿])")
_YEAR_ROC = re.compile(rf"(?:中华)?民国\s?({_NUM})\s?年")
_DECADE = re.compile(rf"{_START}({_NUM})\s?世纪\s?({_NUM})\s?年代")
_TIME = re.compile(r"(?<![\dA-Za-z.])(\d{1,2})\s?[:：点时](?:\s?(\d{2})(?!\d))?")
_ARABIC = re.compile(rf"(?<![A-Za-z_.\d])({_DIGITS})\s?({_HAN_BIG}{{0,4}})")
_HAN = re.compile(rf"(第?)([{NUMERAL}]{{1,24}}(?:点[{NUMERAL}]{{1,12}})?)(?=({_COUNTED})?)")

_ANY_FIGURE = re.compile(rf"{_DIGITS}|(?<=\.)\d{{1,18}}")
_ANY_NUMERAL = re.compile(rf"[\d.,]{{0,20}}[{NUMERAL}点]{{1,20}}")
_CLOCK = re.compile("[时点:：]")
_ONES = dict.fromkeys("首单每任另该", Fraction(1))
_HINTS = (
    _ONES
    | dict.fromkeys("双两倍", Fraction(2))
    | {
        "半": Fraction(1, 2),
        "周": Fraction(7),
        "季": Fraction(3),
        "新冠": Fraction(19),
    }
)


@dataclass(frozen=True, slots=True)
class Value:
    """A number as written, and the values that may stand for it in the target."""

    written: str
    options: frozenset[Fraction]


def source_values(text: str) -> list[Value]:
    """Numbers of a source that must be in its translation, in order of reading rules.

    Left out: single Chinese numerals that count nothing (一些, 两者), idioms (万一, 十分), figures
    inside URLs, versions and code.
    """
    text = without_literals(text.translate(_WIDTH))
    values: list[Value] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            values += read(match)
        text = pattern.sub(" ", text)
    return values


def possible_values(text: str) -> set[Fraction]:
    """Every value that any figure or numeral of a source could stand for, the unlikely ones too."""
    text = text.translate(_WIDTH)
    values = {option for value in source_values(text) for option in value.options}
    shifts = [0, *([12, -12] if _CLOCK.search(text) else []), *([1911, 1900, 2000] if "年" in text else [])]
    written = [numeral_value(match[0]) for match in _ANY_NUMERAL.finditer(text)]
    written += [Fraction(match[0].replace(",", "")) for match in _ANY_FIGURE.finditer(text)]
    written += [numeral_value(part) for match in _ANY_NUMERAL.finditer(text) for part in _parts(match[0])]
    for value in written:
        if value is not None:
            values |= {value + shift for shift in shifts} | {value / 100}
    values |= {value * 10 for value in values} | {value / 10 for value in values} if "成" in text else set()
    return values | {value for word, value in _HINTS.items() if word in text}


def _parts(numeral: str) -> set[str]:
    """Each character, and what is left when one or two are cut off an end (十一五 is the 11th plan)."""
    return {*numeral, numeral[1:], numeral[2:], numeral[:-1], numeral[:-2]}


def _percent(match: re.Match[str]) -> list[Value]:
    value = numeral_value(match[1])
    return [] if value is None else [Value(match[0], frozenset({value, value / 100}))]


def _part(match: re.Match[str]) -> list[Value]:
    below, above = numeral_value(match[1]), numeral_value(match[2])
    return [Value(match[0], frozenset({above / below}))] if below and above is not None else []


def _tenths(match: re.Match[str]) -> list[Value]:
    value = numeral_value(match[1])
    return [] if value is None else [Value(match[0], frozenset({value * 10, value / 10, value}))]


def _units_of(match: re.Match[str]) -> list[Value]:
    value = numeral_value(match[1] + match[2])
    return [] if value is None else [Value(match[0], frozenset({value}))]


def _range(match: re.Match[str]) -> list[Value]:
    values = []
    scaled = numeral_value(f"1{match[3]}") if match[3] != "%" else Fraction(1)
    for written in (match[1], match[2]):
        value = numeral_value(written)
        if value is not None:
            values.append(Value(written + match[3], frozenset({value, value * (scaled or 1), value / 100})))
    return values


def _roc_year(match: re.Match[str]) -> list[Value]:
    value = numeral_value(match[1])
    return [] if value is None else [Value(match[0], frozenset({value, value + 1911}))]


def _decade(match: re.Match[str]) -> list[Value]:
    century, years = numeral_value(match[1]), numeral_value(match[2])
    if century is None or years is None:
        return []
    return [Value(match[0], frozenset({(century - 1) * 100 + years, years}))]


def _time(match: re.Match[str]) -> list[Value]:
    hour = Fraction(match[1])
    values = [Value(match[0], frozenset({hour, hour - 12 if hour > 12 else hour + 12}))]
    if match[2] and int(match[2]):
        values.append(Value(match[0], frozenset({Fraction(match[2])})))
    return values


def _arabic(match: re.Match[str]) -> list[Value]:
    plain = Fraction(match[1].replace(",", ""))
    scaled = numeral_value(match[1] + match[2])
    if plain == 0:
        return []
    options = {plain if scaled is None or not match[2] else scaled, *([] if match[2] else [plain / 100])}
    return [Value(match[0].strip(), frozenset(options))]


def _han(match: re.Match[str]) -> list[Value]:
    value = numeral_value(match[2])
    bare = len(match[2]) < 2 and not (match[1] and match[3]) and match[3] not in ("年", "月", "章", "条")
    if value is None or value == 0 or bare or (value == 1 and not match[1]):
        return []
    options = {value, value + 1911} if match[3] == "年" else {value}
    return [Value(match[0], frozenset(options))]


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Value]]], ...] = (
    (IDIOM, lambda match: []),
    (_PERCENT, _percent),
    (_PART, _part),
    (_TENTHS, _tenths),
    (_UNITS_OF, _units_of),
    (_YEAR_ROC, _roc_year),
    (_DECADE, _decade),
    (_RANGE, _range),
    (_TIME, _time),
    (_ARABIC, _arabic),
    (_HAN, _han),
)
