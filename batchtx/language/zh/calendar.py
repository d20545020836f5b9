"""Dates and parts of the year: 二○二六年五月, 3月15—20日, 农历八月十五, 第三季度, “十四五”规划."""

from __future__ import annotations

import re

from batchtx.language.zh.figures import TO, Reader, S, ordinal
from batchtx.language.zh.numerals import DIGIT, NUMERAL, parse_numeral

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_FREE = rf"(?<![{NUMERAL}\dA-Za-z_.,:/第数几-])"
_N = rf"[{NUMERAL}\d]{{1,3}}"
_YEAR = rf"(?:((?:中华)?民国)?{S}([{NUMERAL}OoＯ\d]{{2,8}}){S}年{S})"
_PART = "(上旬|中旬|下旬|月初|月末|月底|初|底|末|份)"
_DATE = re.compile(
    rf"{_FREE}{_YEAR}({_N}){S}月(?:{S}({_N}){S}[日号](?:{TO}(?:({_N}){S}月{S})?({_N}){S}[日号])?"
    rf"|{TO}(?:({_N}){S}月)(?!\s?[{NUMERAL}\d])|{S}{_PART})?"
)
_DAY = re.compile(
    rf"{_FREE}(?<!年)({_N}){S}月{S}({_N})(?:{S}[日号]?{TO}({_N}))?{S}[日号]|"
    rf"{_FREE}(?<![年个])({_N}){S}月?{TO}({_N}){S}月(?![{NUMERAL}\d龄个])"
)
_MONTH = re.compile(
    rf"{_FREE}(?<![个闰])(\d{{1,2}}|[{DIGIT}十]{{1,2}}){S}月(?:{_PART}|"
    rf"(?![{NUMERAL}\d龄饼球季考刊台亮光子薪供租息经度内之花老色票嫂牙余多]))"
)
_OF_MONTH = re.compile(rf"(?<=[每当次本上下该]月)({_N}){S}[日号]?(?:{TO}({_N}))?{S}[日号]")
_TEMPLATE = re.compile(
    r"(?:(20|19|二〇)?([XxＸ×*]{1,4}){s}年{s})?([XxＸ×*]{1,2}){s}月(?:{s}([XxＸ×*]{1,2}){s}[日号])?".replace(
        "{s}", S
    )
)
_LUNAR = re.compile(
    rf"(农历|阴历|旧历)?{S}(闰)?(正|腊|冬|[{DIGIT}十]{{1,2}}|\d{{1,2}})月(初[{DIGIT}十]|[{NUMERAL}]{{2,3}}|"
    rf"\d{{1,2}})(?![{NUMERAL}\d日号])"
)
_NUMERIC = re.compile(r"(?<![\d./-])(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}(?![\d])")
_HAN_YEAR = re.compile(rf"{_FREE}([{DIGIT}OＯ]{{4}})年(?!代)")
_DECADE = re.compile(
    rf"(?:({_N}|上个?){S}世纪{S})?{_FREE}(?:((?:18|19|20)?\d0)|([{DIGIT}]十))(?:{S}(?:至|到|"
    rf"[-—]){S}(?:(\d0)|([{DIGIT}]十)))?{S}年代"
)
_WEEK = "(?:星期|礼拜|禮拜|[周週])"
_NO_DAY = (
    rf"[{NUMERAL}\d日次个個天趟遍回度届数數名家场場位篇条條件项項批份组組页頁节節期封章支种種段轮輪年月]|\S?小[时時]|"
    "(?<=一)[直定般切样樣共起律些]"
)
WEEKDAY = re.compile(
    rf"(?:(?<![上下早晚以网網线線会會])(本|这|這|上|下|每)[个個]?{_WEEK}|星期|礼拜|禮拜|(?<=[（(至到])[周週]"
    rf"|(?<![{NUMERAL}\d])[周週](?=.(?:[上下]午|晚上|早[上晨]|中午|凌晨|之?[前后後]|[\s，。；：、,.;:)）至到]|$)))"
    rf"([一二三四五六日天])(?!{_NO_DAY})"
)
"""A day of the week, behind 本, 上, 下 or 每 where one says so; 三周五天, 每周一次, 这个星期一直 are none."""

_WHICH = {"本": "this ", "这": "this ", "這": "this ", "上": "last ", "下": "next ", "每": "every "}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ERA = re.compile(rf"公元(前)?{S}({_N}[{NUMERAL}\d]?){S}年(?!代)")
_CENTURY = re.compile(rf"{_FREE}({_N}){S}世纪(?!{S}[{NUMERAL}\d])")
_QUARTER = re.compile(
    rf"(?:{_FREE}{_YEAR}度?{S}的?)?(?<![{NUMERAL}\d])(?:第?([一二三四1-4]){S}季度?(?<=季度|"
    rf".季))(?![节军亚刊赛])"
)
_QUARTERS = re.compile(rf"(?:{_FREE}{_YEAR}度?)?前([二两三23])个?季度")
_HALF = re.compile(rf"{_FREE}{_YEAR}([上下])半年(?!度?报)")
_FISCAL = re.compile(rf"{_FREE}(\d{{4}}){S}(?:财政?年度?|会计年度)")
_SCHOOL = re.compile(rf"{_FREE}(\d{{4}}){S}[-~～—–至/]{{1,2}}{S}(\d{{4}}){S}学年度?")
_PLAN = re.compile(r"[“\"「]?(十[一二三四五六七]五)[”\"」]?(规划|计划|时期|期间|五年规划)?")

_PARTS = {
    "上旬": "early {}", "中旬": "mid-{}", "下旬": "late {}", "初": "early {}", "月初": "early {}",
    "底": "end of {}", "末": "end of {}", "月底": "end of {}", "月末": "end of {}", "份": "{}", None: "{}",
}  # fmt: skip
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def year_of(match: re.Match[str], era: int = 1, written: int = 2) -> int | None:
    """Returns the year of a match whose groups are the ROC's name, if it stands there, and the figures."""
    text = match[written]
    value = parse_numeral(re.sub("[OoＯ]", "〇", text)) if text else None
    if value is None:
        return None
    value += 1911 if match[era] else 0
    return value if 1000 <= value <= 2999 else None


def _date(match: re.Match[str]) -> str | None:
    year, month = year_of(match), _month(match[3])
    if year is None or month is None:
        return None
    if match[7]:
        last = _month(match[7])
        return f"{month} to {last} {year}" if last else None
    if match[4] is None:
        return _PARTS[match[8]].format(f"{month} {year}")
    day, last_day = _day_number(match[4]), _day_number(match[6])
    if day is None or (match[6] and last_day is None):
        return None
    if match[5]:
        last = _month(match[5])
        return f"{month} {day} to {last} {last_day}, {year}" if last else None
    if last_day and last_day <= day:
        return None
    return f"{month} {day}{f'–{last_day}' if last_day else ''}, {year}"


def _day(match: re.Match[str]) -> str | None:
    if match[4]:
        first, last = _month(match[4]), _month(match[5])
        return f"{first} to {last}" if first and last else None
    month, day, last_day = _month(match[1]), _day_number(match[2]), _day_number(match[3])
    if month is None or day is None or (match[3] and (last_day is None or last_day <= day)):
        return None
    return f"{month} {day}{f'–{last_day}' if last_day else ''}"


def _month_alone(match: re.Match[str]) -> str | None:
    month = _month(match[1])
    if month is None or (match[1] in "一两" and match[2] in (None, "底", "末")):  # 一月: a month
        return None
    return _PARTS[match[2]].format(month)


def _of_month(match: re.Match[str]) -> str | None:
    day, last = _day_number(match[1]), _day_number(match[2])
    if day is None or (match[2] and (last is None or last <= day)):
        return None
    return f"{ordinal(day)} to {ordinal(last)}" if last else ordinal(day)


def _template(match: re.Match[str]) -> str | None:
    if not match[2] and not match[4]:
        return None
    sign = str.maketrans("xＸ", "XX")
    century = (match[1] or "").replace("二〇", "20")
    year, month, day = ((match[n] or "").translate(sign) for n in (2, 3, 4))
    if century:
        return f"Month {month}{f' Day {day}' if day else ''}, {century}{year}"
    return " ".join(
        f"{name} {part}" for name, part in (("Year", year), ("Month", month), ("Day", day)) if part
    )


def _lunar(match: re.Match[str]) -> str | None:
    named = match[3] in ("正", "腊", "冬")
    if not (match[1] or named or match[4][0] == "初"):
        return None
    month = _LUNAR_MONTHS.get(match[3]) or parse_numeral(match[3])
    day = parse_numeral(match[4].removeprefix("初"))
    if not month or not day or month > 12 or day > 30:
        return None
    leap = "leap " if match[2] else ""
    return f"{ordinal(day)} day of the {leap}{ordinal(month)} lunar month"


def _han_year(match: re.Match[str]) -> str | None:
    value = parse_numeral(re.sub("[OＯ]", "〇", match[1]))
    return str(value) if value and 1000 <= value <= 2999 else None


def _decade(match: re.Match[str]) -> str | None:
    century = _century_start(match[1])
    years = [parse_numeral(one) for one in (match[2] or match[3], match[4] or match[5]) if one]
    if any(year is None or year % 10 for year in years):
        return None
    shown = [year if year and year >= 1000 else (century or 1900) + (year or 0) for year in years]
    return " to ".join(f"{year}s" for year in shown)


def _century_start(written: str | None) -> int | None:
    if written is None or written.startswith("上"):
        return None
    number = parse_numeral(written)
    return (number - 1) * 100 if number else None


def _era(match: re.Match[str]) -> str | None:
    year = parse_numeral(match[2])
    return None if year is None else f"{year} BC" if match[1] else f"AD {year}"


def _century(match: re.Match[str]) -> str | None:
    number = parse_numeral(match[1])
    return f"{ordinal(number)} century" if number and 1 < number <= 30 else None


def _quarter(match: re.Match[str]) -> str | None:
    year = year_of(match)
    if (match[2] and year is None) or ("第" not in match[0] and "季度" not in match[0]):
        return None
    if "季度" not in match[0] and not match[2]:
        return None
    return f"Q{parse_numeral(match[3])}{f' {year}' if year else ''}"


def _quarters(match: re.Match[str]) -> str | None:
    year = year_of(match)
    count = {2: "two", 3: "three"}[parse_numeral(match[3]) or 3]
    return f"first {count} quarters{f' of {year}' if year else ''}"


def _half(match: re.Match[str]) -> str | None:
    year = year_of(match)
    return f"{'first' if match[3] == '上' else 'second'} half of {year}" if year else None


def _fiscal(match: re.Match[str]) -> str:
    return f"fiscal year {match[1]}"


def _school(match: re.Match[str]) -> str:
    return f"{match[1]}–{match[2]} academic year"


def _plan(match: re.Match[str]) -> str | None:
    if len(match[0]) == len(match[1]):  # without quotes or a name it may be a number
        return None
    number = parse_numeral(match[1][:2])
    period = " period" if match[2] in ("时期", "期间") else ""
    return f"{ordinal(number)} Five-Year Plan{period}" if number else None


def _month(written: str | None) -> str | None:
    value = parse_numeral(written) if written else None
    return MONTHS[value - 1] if value and 1 <= value <= 12 else None


def _day_number(written: str | None) -> int | None:
    value = parse_numeral(written) if written else None
    return value if value and 1 <= value <= 31 else None


def _weekday(match: re.Match[str]) -> str:
    return _WHICH.get(match[1], "") + _WEEKDAYS["一二三四五六".find(match[2])]


def _verbatim(match: re.Match[str]) -> str:
    return match[0]


READERS: tuple[Reader, ...] = (
    (_NUMERIC, _verbatim),
    (_PLAN, _plan),
    (_SCHOOL, _school),
    (_FISCAL, _fiscal),
    (_QUARTERS, _quarters),
    (_QUARTER, _quarter),
    (_HALF, _half),
    (_LUNAR, _lunar),
    (_DATE, _date),
    (_DAY, _day),
    (_OF_MONTH, _of_month),
    (_TEMPLATE, _template),
    (_DECADE, _decade),
    (_CENTURY, _century),
    (_ERA, _era),
    (WEEKDAY, _weekday),
    (_HAN_YEAR, _han_year),
    (_MONTH, _month_alone),
)
