"""The numbers of a Chinese text, each with every value that a right translation may show for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from batchtx.language.zh.numerals import IDIOM, NUMERAL, numeral_value
from batchtx.text.literals import without_literals

_WIDTH = {0xFF10 + n: 0x30 + n for n in range(10)} | {0xFF05: "%", 0xFF0E: ".", 0xFF0C: ","}
_DIGITS = r"\d{1,18}(?:,\d{3}){0,6}(?:\.\d{1,18})?"
_HAN_BIG = "[十百千万亿兆]"
_COUNTED = r"[年月日号天岁元条章节款项编页倍台件份届届级期次]|个月|小时|分钟|周年|世纪|公里|平方|%|％"
_TIME_UNIT = "(?:小时|钟头|年|天|周|星期|月|分钟)"
_CLASSIFIER = "(?:人|亿|万)"
_NUM = rf"(?:{_DIGITS}|[{NUMERAL}]{{1,24}})"
_START = rf"(?<![{NUMERAL}\dA-Za-z_.])"
_PERCENT = re.compile(rf"百分之({_DIGITS}|[{NUMERAL}点]{{1,24}})")
_PART = re.compile(rf"([{NUMERAL}]{{1,4}}|\d{{1,4}})分之([{NUMERAL}]{{1,4}}|\d{{1,4}})")
_RANGE = re.compile(
    rf"{_START}({_NUM})\s?(?:[-~～—–]|至|到)\s?({_NUM}?)({_HAN_BIG}{{1,4}}|%)(?![{NUMERAL}\d])"
)
_TENTHS = re.compile(rf"{_START}([{NUMERAL}\d])成([{NUMERAL}\d])?(?=[的以左右多半，。、；：！？）)]|$)")
_OFF = re.compile(
    rf"(?:打|享|{_START})([{NUMERAL}\d](?:[{NUMERAL}\d]|\.\d)?)折(?=[的优起出销特促，。、；：！？）)]|$)"
)
_OVER = re.compile(
    rf"{_START}({_NUM})\s?[多余几]\s?({_HAN_BIG}{{1,3}})"
    rf"|{_START}({_DIGITS}\s?{_HAN_BIG}{{0,3}}|[{NUMERAL}]{{1,24}})余(?![下额])"
)
_TEENS = re.compile(rf"(?<![{NUMERAL}\d])十[几多余](?![{NUMERAL}])")
_SOME = re.compile(rf"[几数]({_HAN_BIG}{{1,3}})(?!年代)")
_DOUBLED = re.compile(rf"翻了?([{NUMERAL}\d])番")
_AND_HALF = re.compile(
    rf"{_START}({_NUM})(?:个半({_TIME_UNIT}|月|世纪|{_CLASSIFIER})?|({_TIME_UNIT})半(?![{NUMERAL}天日年月]))"
)
_HALF = re.compile(
    r"(?<![一大多过小])半(?:个(?:月|小时|钟头|世纪)|小时|年(?![报度]))|减半|(?<!多)一半(?!一)|半价"
)
_CENTS = re.compile(rf"({_NUM})元([{NUMERAL}\d])角(?:([{NUMERAL}\d])分)?|({_NUM})元零?([{NUMERAL}\d])分")
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
    return list(_source_values(text))


@lru_cache(maxsize=1024)
def _source_values(text: str) -> tuple[Value, ...]:
    text = without_literals(text.translate(_WIDTH))
    values: list[Value] = []
    for pattern, read in _READERS:
        matches = list(pattern.finditer(text))
        if matches:
            for match in matches:
                values += read(match)
            text = pattern.sub(" ", text)
    return tuple(values)


def possible_values(text: str) -> set[Fraction]:
    """Returns every value that any figure or numeral of a source could stand for, the unlikely ones too."""
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
    if value is None:
        return []
    percent = value * 10 + (numeral_value(match[2] or "零") or 0)
    return [Value(match[0], frozenset({percent, percent / 100}))]


def _off(match: re.Match[str]) -> list[Value]:
    """五折 is half the price, 八五折 85 % of it or 15 % off."""
    written = match[1]
    value = numeral_value(written)
    if value is None or value == 0:
        return []
    percent = value if value > 10 else value * 10
    options = {percent, 100 - percent}
    return [Value(match[0], frozenset(options | {option / 100 for option in options}))]


def _over(match: re.Match[str]) -> list[Value]:
    """20多亿 is over 2 billion; 百余 over 100."""
    value = numeral_value(match[3] or match[1] + match[2])
    return [] if value is None else [Value(match[0], frozenset({value}))]


def _teens(match: re.Match[str]) -> list[Value]:
    return [Value(match[0], frozenset(map(Fraction, range(10, 20))))]


def _some(match: re.Match[str]) -> list[Value]:
    """几十万: tens or hundreds of thousands, or 几 spelled as any figure."""
    scale = numeral_value(f"1{match[1]}")
    if scale is None:
        return []
    options = {scale * n for n in range(1, 10)} | {Fraction(10) ** n for n in range(1, 10)} | {Fraction(12)}
    return [Value(match[0], frozenset(options))]


def _doubled(match: re.Match[str]) -> list[Value]:
    value = numeral_value(match[1])
    if value is None or value > 6:
        return []
    return [Value(match[0], frozenset({Fraction(2) ** int(value), Fraction(100) * (2 ** int(value) - 1)}))]


def _and_half(match: re.Match[str]) -> list[Value]:
    """一个半小时 is one and a half hours or 90 minutes, 一年半 18 months."""
    value = numeral_value(match[1])
    if value is None:
        return []
    value += Fraction(1, 2)
    unit = match[2] or match[3] or ""
    scale = {"小": 60, "钟": 60, "年": 12, "天": 12, "周": 7, "星": 7}.get(unit[:1])
    return [Value(match[0], frozenset({value, value * scale} if scale else {value}))]


def _half(match: re.Match[str]) -> list[Value]:
    """半 of something, or the same in the next smaller unit."""
    smaller = {"年": {6, 180}, "月": {2, 14, 15}, "时": {30}, "头": {30}, "纪": {50}}.get(match[0][-1], {50})
    return [Value(match[0], frozenset({Fraction(1, 2), *map(Fraction, smaller)}))]


def _cents(match: re.Match[str]) -> list[Value]:
    """贰元陆角柒分 is 2.67 yuan."""
    yuan, jiao, fen = (
        numeral_value(part or "零") for part in (match[1] or match[4], match[2], match[3] or match[5])
    )
    if yuan is None or jiao is None or fen is None:
        return []
    return [Value(match[0], frozenset({yuan + jiao / 10 + fen / 100}))]


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
    (_OFF, _off),
    (_CENTS, _cents),
    (_AND_HALF, _and_half),
    (_HALF, _half),
    (_DOUBLED, _doubled),
    (_TEENS, _teens),
    (_SOME, _some),
    (_OVER, _over),
    (_UNITS_OF, _units_of),
    (_YEAR_ROC, _roc_year),
    (_DECADE, _decade),
    (_RANGE, _range),
    (_TIME, _time),
    (_ARABIC, _arabic),
    (_HAN, _han),
)
