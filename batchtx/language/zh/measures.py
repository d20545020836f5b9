"""Measures and counts: 120×80 mm, 25±0.5 mm, -10℃～40℃, 50亩, 5000立方米, 数十万, 第十五届."""

from __future__ import annotations

import re
import unicodedata

from batchtx.language.zh.figures import (
    AMOUNT,
    BOUND,
    FIGURE,
    FREE,
    NUM,
    SOME,
    TO,
    Reader,
    S,
    amount,
    more,
    ordinal,
    plain,
    short,
    some,
    span,
    written_figure,
)  # fmt: skip
from batchtx.language.zh.numerals import DIGIT, NUMERAL

_UNITS = {
    "平方公里": "square kilometers", "平方千米": "square kilometers", "平方米": "square meters",
    "平米": "square meters", "㎡": "square meters", "立方米": "cubic meters", "公里/小时": "km/h",
    "千米/小时": "km/h", "升/分钟": "L/min", "米/秒": "m/s", "公里": "km", "千米": "km", "毫米": "mm",
    "厘米": "cm", "微米": "μm", "纳米": "nm", "米": "m", "公顷": "hectares", "亩": "mu", "公斤": "kg",
    "千克": "kg", "毫克": "mg", "微克": "μg", "克": "g", "斤": "jin", "吨": "tonnes", "毫升": "mL", "升": "L",
    "千瓦时": "kWh", "兆瓦": "MW", "千瓦": "kW", "千伏": "kV", "伏特": "V", "毫安": "mA", "安培": "A",
    "兆字节": "MB", "千字节": "KB", "吉字节": "GB", "千赫": "kHz", "兆赫": "MHz", "赫兹": "Hz",
    "海里": "nautical miles",
    "英寸": "inches", "分贝": "dB", "千帕": "kPa", "兆帕": "MPa", "标准煤": "standard coal", "摄氏度": "°C",
    "华氏度": "°F",
}  # fmt: skip
_ONE = {
    "square kilometers": "square kilometer", "square meters": "square meter", "cubic meters": "cubic meter",
    "hectares": "hectare", "tonnes": "tonne", "nautical miles": "nautical mile", "inches": "inch",
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_NO_MEASURE = "[饭粒酒粉兰其面色线油级高温降学任服星制勒拉币瓦伐达洛尔分价的脚]"
_MEASURE = re.compile(
    rf"{FREE}(?:({AMOUNT}){S}(?:{_UNIT})?{TO}({AMOUNT})|({AMOUNT})|({SOME})){S}({_UNIT})(?!{_NO_MEASURE})"
)
_LATIN = (
    r"(?:mm|cm|dm|km|nm|μm|um|m|kg|mg|g|t|mL|ml|L|kW|kV|kHz|MHz|GHz|Hz|MW|W|V|mA|A|KB|MB|GB|TB|dB|kPa|MPa|Pa"
    r"|rpm|㎜|㎝|㎞|㎏|㎎|㎡|m²|m³)(?![A-Za-z0-9²³/])"
)
_SPELLED = {"㎜": "mm", "㎝": "cm", "㎞": "km", "㎏": "kg", "㎎": "mg", "㎡": "m²"}
_LENGTH = rf"(?:{_LATIN}|毫米|厘米|米)"
_SIZE = re.compile(
    rf"(?<![A-Za-z0-9_.])({FIGURE}){S}({_LENGTH})?{S}[×xXхＸ*✕]{S}({FIGURE}){S}({_LENGTH})?"
    rf"(?:{S}[×xXхＸ*✕]{S}({FIGURE}){S}({_LENGTH})?)?(?![A-Za-z0-9_.])"
)
_DEGREES = r"(?:℃|°C|° C|摄氏度)"
_TEMPERATURE = re.compile(
    rf"(?<![\d.A-Za-z])(零下)?{S}([-－+]?{FIGURE}|[{NUMERAL}]{{1,4}}){S}({_DEGREES}|度)?"
    rf"(?:{TO}(零下)?([-－+]?{FIGURE}|[{NUMERAL}]{{1,4}}){S}|{S}(±){S}({FIGURE}){S})?({_DEGREES}|"
    rf"度)?(?![{NUMERAL}\d])"
)
_TOLERANCE = re.compile(
    rf"(?<![A-Za-z0-9_.])({FIGURE}){S}({_LATIN})?{S}±{S}({FIGURE}){S}({_LATIN}|毫米|厘米)?(?![A-Za-z0-9_])"
)
_LATIN_UNIT = re.compile(rf"(?<![A-Za-z0-9_.,:/-])({FIGURE})(\s?)({_LATIN})(?!\s?[×*±])")
_UNIT_SIGN = re.compile("[\u3380-\u3384\u3388-\u33df]")
_CIRCLED = re.compile("[①-⓿❶-➓]+")
_ORDINAL = re.compile(rf"第({NUM})([届]|次(?=[{NUMERAL}]*[全中代会国省市]))")
_LARGE = re.compile(
    rf"{FREE}({FIGURE}{S}[十百千]?[万亿]{{1,2}}|"
    rf"[{DIGIT}十][{NUMERAL}]{{0,24}}[万亿][{NUMERAL}]{{0,24}}){BOUND}"
)
_LARGE_RANGE = re.compile(
    rf"{FREE}({AMOUNT}){S}{TO}({FIGURE}{S}[十百千]?[万亿]{{1,2}}|[{NUMERAL}]+[万亿]+){BOUND}"
)
_MORE = re.compile(
    rf"{FREE}((?:{FIGURE}|[{NUMERAL}]{{2,9}}){S}(?:[十百千]?[万亿]{{1,2}}){{0,1}}[多余](?:{S}[万亿]{{1,2}})?)"
    rf"(?=[个名人家项次位条种所部起件份台户株棵套张辆篇册栋座场只头村省国枚艘封门届尾处幅本株组对间批款声])"
)
_SOME = re.compile(rf"(?<![{NUMERAL}第])({SOME})(?![{NUMERAL}一])")
_LEAST_LARGE = 10_000
_LEAST_SHORT = 10**6


def _measure(match: re.Match[str]) -> str | None:
    first, last, one, vague, unit = match.groups()
    name = _UNITS[unit]
    if vague:
        size = some(vague)
        return f"{size} of {name}" if size else None
    if first:
        values = span(first, last)
        return f"{plain(values[0])} to {plain(values[1])} {name}" if values else None
    value = amount(one)
    if value is None or (value == 1 and not one[0].isdigit()):
        return None
    shown = written_figure(one) or short(value, _LEAST_SHORT)
    return f"{more(one)}{shown} {_ONE.get(name, name) if value == 1 else name}"


def _size(match: re.Match[str]) -> str | None:
    units = [_latin(match[n]) for n in (2, 4, 6)]
    if not any(units) and match[5] is None and "×" not in match[0]:
        return None
    figures = [match[n] for n in (1, 3, 5) if match[n]]
    return " × ".join(f"{figure} {unit}".strip() for figure, unit in zip(figures, units, strict=False))


def _latin(unit: str | None) -> str:
    return _SPELLED.get(unit or "", _UNITS.get(unit or "", unit or ""))


def _temperature(match: re.Match[str]) -> str | None:
    below, first, own, below_last, last, sign, tolerance, unit = match.groups()
    degrees = {own, unit} - {None}
    if not degrees or (degrees == {"度"} and not below):
        return None
    shown = _degrees(below, first)
    if last:
        own_unit = " °C" if own else ""
        return f"{shown}{own_unit} to {_degrees(below_last, last)} °C" if unit else None
    if sign:
        return f"{shown} °C ± {tolerance} °C" if own else f"{shown} ± {tolerance} °C"
    return f"{shown} °C"


def _degrees(below: str | None, written: str) -> str:
    if written[0] in "-－+" or written[0].isdigit():
        figure = written.replace("－", "-")
    else:
        value = amount(written)
        figure = written if value is None else plain(value)
    return f"-{figure}" if below else figure


def _tolerance(match: re.Match[str]) -> str:
    first, own, last, unit = match.groups()
    front = f"{first} {own}" if own else first
    return f"{front} ± {last} {_latin(unit)}".strip()


def _latin_unit(match: re.Match[str]) -> str:
    space = " " if match[3] in _SPELLED else match[2]
    return f"{match[1]}{space}{_latin(match[3])}"


def _ordinal(match: re.Match[str]) -> str | None:
    value = amount(match[1])
    return ordinal(int(value)) if value and value.denominator == 1 and value > 1 else None


def _large(match: re.Match[str]) -> str | None:
    value = amount(match[1])
    return None if value is None or value < _LEAST_LARGE else short(value, _LEAST_SHORT)


def _large_range(match: re.Match[str]) -> str | None:
    values = span(match[1], match[2])
    if values is None or values[1] < _LEAST_LARGE:
        return None
    return f"{short(values[0], _LEAST_SHORT)} to {short(values[1], _LEAST_SHORT)}"


def _more(match: re.Match[str]) -> str | None:
    value = amount(match[1])
    if value is None or value < 10:
        return None
    return f"more than {short(value, _LEAST_SHORT)}"


def _some(match: re.Match[str]) -> str | None:
    return some(match[1])


def _unit_sign(match: re.Match[str]) -> str:
    """㎎ is mg, ㎥ is m³."""
    return unicodedata.normalize("NFKC", match[0]).translate({ord("2"): "²", ord("3"): "³"}).replace("∕", "/")


def _verbatim(match: re.Match[str]) -> str:
    return match[0]


READERS: tuple[Reader, ...] = (
    (_CIRCLED, _verbatim),
    (_TEMPERATURE, _temperature),
    (_SIZE, _size),
    (_TOLERANCE, _tolerance),
    (_MEASURE, _measure),
    (_LATIN_UNIT, _latin_unit),
    (_ORDINAL, _ordinal),
    (_UNIT_SIGN, _unit_sign),
)
COUNTS: tuple[Reader, ...] = ((_MORE, _more), (_LARGE_RANGE, _large_range), (_LARGE, _large), (_SOME, _some))
