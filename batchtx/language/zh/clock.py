"""Times of day, durations and ages: 下午三点半, 10时00分, 3至5个工作日, 一年六个月, 18周岁."""

from __future__ import annotations

import re
from fractions import Fraction

from batchtx.language.zh.figures import AMOUNT, FREE, NUM, TO, Reader, S, amount, more, ordinal, plain, span
from batchtx.language.zh.numerals import NUMERAL, parse_numeral

_PERIODS = (
    "凌晨|清晨|早晨|早上|早|上午|中午|午间|正午|下午|午后|傍晚|晚上|晚间|夜间|夜里|深夜|午夜|当晚|今晚|晚"
)
_MORNING = frozenset({"凌晨", "清晨", "早晨", "早上", "早", "上午"})
_HOUR = rf"(\d{{1,2}}|[{NUMERAL}]{{1,3}})"
_MINUTE = rf"(半|[一三]刻|\d{{1,2}}|[{NUMERAL}]{{1,3}})"
_TIME = rf"{_HOUR}{S}(?:[:：]{S}([0-5]\d)(?!\d)|[点时](?:钟|整)?(?:{S}{_MINUTE}分?)?)"
_OF_DAY = re.compile(rf"({_PERIODS}){S}{_TIME}(?:{TO}(?:{_TIME}))?(?![{NUMERAL}\d:：间段])")
_TO_MINUTES = re.compile(
    rf"(?<![{NUMERAL}\d.:：]){_HOUR}{S}(?:(?:[点时]){S}(\d{{1,2}}|[{NUMERAL}]{{1,3}}){S}分(?![之钟])|点(半|"
    rf"整|钟|[一三]刻))(?!钱)"
)
_FULL_HOUR = re.compile(
    rf"(?<![{NUMERAL}\d.:：])(\d{{1,2}}|[十廿二][{NUMERAL}]{{1,2}}){S}时(?:整|"
    rf"许)?(?![间刻段区差代期候常效速\d{NUMERAL}光尚]|\s\d)"
)
_COLONS = re.compile(
    r"(?<![\d:：])([0-2]?\d)[:：]([0-5]\d)(?:[-~～—–]{1,2}([0-2]?\d)[:：]([0-5]\d))?(?![\d:：])"
)
_HALF = re.compile(r"(?<![上下前后大多每一二两三四五六七八九十\d])半(个?小时|个?月|年)(?![度期])")
_AND_A_HALF = re.compile(rf"{FREE}({NUM})(?:个半(月|小时)|(年|天)半)(?![{NUMERAL}])")
_YEARS_AND_MONTHS = re.compile(rf"{FREE}({NUM}){S}年{S}零?({NUM}){S}个月")
_UNITS = {
    "个工作日": "working day", "工作日": "working day", "个自然日": "calendar day", "自然日": "calendar day",
    "个交易日": "trading day", "个月": "month", "个小时": "hour", "小时": "hour", "分钟": "minute",
    "个星期": "week", "星期": "week", "个学时": "class hour", "学时": "class hour", "课时": "class hour",
    "周": "week", "秒钟": "second", "秒": "second", "日": "day", "天": "day", "年": "year", "昼夜": "day",
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_DURATION = re.compile(
    rf"{FREE}(?:({AMOUNT}){S}(?:{_UNIT})?{TO}({AMOUNT})|"
    rf"({AMOUNT})){S}({_UNIT})(期?)(?![级代度底初末中月岁边围知转密报刊光赛杀表制])"
)
_BEFORE_A_TERM = re.compile(r"以?内|之内|以[上下]|后|之后|届满|期满|为限|为期|的?期限|的?宽限")
_ANNIVERSARY = re.compile(rf"{FREE}({NUM}){S}周年")
_AGE = re.compile(rf"{FREE}({NUM}){S}周岁")
_LEAST_ALONE = 32


def _of_day(match: re.Match[str]) -> str | None:
    period = match[1]
    first = _clock(period, match[2], match[3] or match[4])
    if first is None:
        return None
    if match[5] is None:
        return first
    last = _clock(period, match[5], match[6] or match[7])
    return f"{first}–{last}" if last else None


def _clock(period: str, hour: str, minute: str | None) -> str | None:
    hours, minutes = parse_numeral(hour), _minutes(minute)
    if hours is None or minutes is None or hours > 24:
        return None
    if hours == 12 and period in ("中午", "正午", "午间") and not minutes:
        return "12:00 noon"
    if hours in (0, 12, 24) and period not in ("上午", "中午", "下午", "正午", "午间", "午后"):
        return f"12:{minutes:02} a.m." if minutes else "12:00 midnight"
    noon = period in ("中午", "正午", "午间") and hours >= 10
    morning = (period in _MORNING or noon) and hours < 12
    return f"{(hours - 1) % 12 + 1}:{minutes:02} {'a.m.' if morning else 'p.m.'}"


def _minutes(written: str | None) -> int | None:
    if written is None:
        return 0
    named = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0}.get(written)
    value = parse_numeral(written) if named is None else named
    return value if value is not None and value < 60 else None


def _to_minutes(match: re.Match[str]) -> str | None:
    hours, minutes = parse_numeral(match[1]), _minutes(match[2] or match[3])
    if hours is None or minutes is None or hours > 24:
        return None
    return f"{hours}:{minutes:02}"


def _full_hour(match: re.Match[str]) -> str | None:
    hours = parse_numeral(match[1])
    return f"{hours}:00" if hours is not None and hours <= 24 else None


def _colons(match: re.Match[str]) -> str | None:
    if int(match[1]) > 24 or (match[3] and int(match[3]) > 24):
        return None
    last = f"–{match[3]}:{match[4]}" if match[3] else ""
    return f"{match[1]}:{match[2]}{last}"


def _half(match: re.Match[str]) -> str:
    return {"年": "half a year", "月": "half a month"}.get(match[1][-1], "half an hour")


def _and_a_half(match: re.Match[str]) -> str | None:
    value = amount(match[1])
    unit = {"月": "month", "小时": "hour", "年": "year", "天": "day"}[match[2] or match[3]]
    if value is None or value > 99:
        return None
    return f"one and a half {unit}s" if value == 1 else f"{plain(value + Fraction(1, 2))} {unit}s"


def _years_and_months(match: re.Match[str]) -> str | None:
    years, months = amount(match[1]), amount(match[2])
    if years is None or months is None or years > 99:
        return None
    return f"{_counted(years, 'year')} and {_counted(months, 'month')}"


def _duration(match: re.Match[str]) -> str | None:
    first, last, one, written_unit, term = match.groups()
    unit = _UNITS[written_unit]
    if first:
        values = span(first, last)
        if values is None or _is_date(match, values[1], last, written_unit):
            return None
        return f"{plain(values[0])} to {plain(values[1])} {unit}s"
    value = amount(one)
    if value is None or _is_date(match, value, one, written_unit) or (value == 1 and not one[0].isdigit()):
        return None
    if term and unit in ("day", "month", "year") and not more(one):
        return f"{plain(value)}-{unit}"
    return f"{more(one)}{_counted(value, unit)}{'' if not term else ' period'}"


def _is_date(match: re.Match[str], value: Fraction, written: str, unit: str) -> bool:
    """2024年 and 3日上午 are dates; 四周 is what lies around."""
    if unit == "年":
        return value > 999 or bool(set(written) & set("〇零○"))
    if unit == "日":
        return value < _LEAST_ALONE and not _BEFORE_A_TERM.match(match.string, match.end())
    return unit == "周" and written == "四" and not _BEFORE_A_TERM.match(match.string, match.end())


def _counted(value: Fraction, unit: str) -> str:
    return f"{plain(value)} {unit}{'' if value == 1 else 's'}"


def _anniversary(match: re.Match[str]) -> str | None:
    value = amount(match[1])
    return f"{ordinal(int(value))} anniversary" if value and value.denominator == 1 and value > 1 else None


def _age(match: re.Match[str]) -> str | None:
    value = amount(match[1])
    return None if value is None else f"{plain(value)} years of age"


READERS: tuple[Reader, ...] = (
    (_OF_DAY, _of_day),
    (_TO_MINUTES, _to_minutes),
    (_COLONS, _colons),
    (_FULL_HOUR, _full_hour),
    (_ANNIVERSARY, _anniversary),
    (_AGE, _age),
    (_YEARS_AND_MONTHS, _years_and_months),
    (_AND_A_HALF, _and_a_half),
    (_HALF, _half),
    (_DURATION, _duration),
)
