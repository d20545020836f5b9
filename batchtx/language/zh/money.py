"""Sums of money: 5 万元, 人民币叁拾伍万元整, 8000至12000元/月, 三元五角, ￥5,000.00."""

from __future__ import annotations

import re

from batchtx.language.zh.figures import (
    AMOUNT,
    BOUND,
    FIGURE,
    FREE,
    SOME,
    TO,
    Reader,
    S,
    amount,
    more,
    short,
    some,
    span,
    written_figure,
)  # fmt: skip
from batchtx.language.zh.numerals import DIGIT, parse_numeral

CURRENCIES = {
    "人民币": "RMB ", "新台币": "NT$", "新臺幣": "NT$", "台币": "NT$", "美元": "US$", "美金": "US$",
    "港元": "HK$", "港币": "HK$", "欧元": "€", "英镑": "£", "日元": "JP¥", "日圆": "JP¥", "澳元": "A$",
    "加元": "C$", "新加坡元": "S$", "瑞士法郎": "CHF ", "韩元": "KRW ", "卢布": "RUB ", "泰铢": "THB ",
    "卢比": "INR ", "澳门元": "MOP ", "RMB": "RMB ", "CNY": "CNY ", "USD": "US$", "EUR": "€",
    "HKD": "HK$", "GBP": "£",
}  # fmt: skip
"""What stands before an amount in English, by its name in a source."""

_PER = {
    "平方米": "square meter", "立方米": "cubic meter", "千瓦时": "kWh", "公斤": "kilogram",
    "千克": "kilogram",
    "小时": "hour", "公里": "kilometer", "㎡": "square meter", "m²": "square meter", "m2": "square meter",
    "月": "month", "人": "person", "天": "day", "日": "day", "年": "year", "吨": "tonne", "亩": "mu",
    "次": "time", "台": "unit", "套": "set", "件": "piece", "个": "piece", "张": "piece", "本": "copy",
    "份": "copy", "股": "share", "户": "household", "间": "room", "米": "meter", "度": "kWh", "位": "person",
    "斤": "jin", "学期": "semester", "学年": "academic year", "kWh": "kWh", "kg": "kg",
}  # fmt: skip
_CURRENCY = "|".join(sorted(CURRENCIES, key=len, reverse=True))
_UNIT = "|".join(sorted(_PER, key=len, reverse=True))
_IN_WORDS = rf"(?:[(（]{S}大写{S}[)）]{S}[:：]?{S})?"
_COINS = rf"(?:(?P<tenths>[{DIGIT}\d])角(?:(?P<cents>[{DIGIT}\d])分)?|[零〇](?P<only>[{DIGIT}\d])分)?"
_MONEY = re.compile(
    rf"(?:(?P<front>{_CURRENCY}){S}{_IN_WORDS})?{FREE}"
    rf"(?:(?P<first>{AMOUNT}){S}(?P<own>元)?{TO}(?P<last>{AMOUNT})|(?P<one>{AMOUNT})|(?P<some>{SOME})){S}"
    rf"(?P<unit>{_CURRENCY}|元|圆){_COINS}[整正]?(?:人民币)?"
    rf"(?P<per>(?:{S}[/／]{S}(?:{_UNIT})){{0,2}})"
)
_NAMED = re.compile(rf"(?P<front>{_CURRENCY}){S}{_IN_WORDS}(?P<one>{AMOUNT}){BOUND}")
_SIGNED = re.compile(
    rf"(?<![A-Za-z])(?P<sign>(?:US|HK|NT|A|C|S)?\$|[¥￥€£]){S}(?P<one>{FIGURE}(?:{S}[十百千]?[万亿]{{1,2}})?)"
    rf"{S}(?:元(?:整|正|人民币)?)?{BOUND}"
)
_EACH = re.compile(rf"[/／]{S}({_UNIT})")
_LEAST_SHORT = 10**8


def _money(match: re.Match[str]) -> str | None:
    sign = CURRENCIES.get(match["front"] or match["unit"])
    if sign is None and match[0].endswith("人民币"):
        sign = CURRENCIES["人民币"]
    shown = _amount(match)
    if shown is None or (sign is None and _may_be_a_word(match)):
        return None
    each = "".join(f" per {_PER[unit]}" for unit in _EACH.findall(match["per"]))
    if sign is None or match["some"]:
        name = "of yuan" if match["some"] else "yuan"
        return f"{shown} {name}{each}" if sign is None else None
    front = more(match["one"] or "")
    return f"{front}{sign}{shown.removeprefix(front)}{each}"


def _may_be_a_word(match: re.Match[str]) -> bool:
    """一元二次方程, 三元里: a single Chinese numeral is hardly an amount."""
    one = match["one"]
    return bool(one) and len(one) < 2 and not one.isdecimal() and not match["tenths"]


def _amount(match: re.Match[str]) -> str | None:
    if match["some"]:
        return some(match["some"])
    if match["first"]:
        values = span(match["first"], match["last"])
        return None if values is None else " to ".join(short(value, _LEAST_SHORT) for value in values)
    value = amount(match["one"])
    if value is None:
        return None
    tenths, cents = (parse_numeral(match[name] or "0") for name in ("tenths", "cents"))
    only = parse_numeral(match["only"] or "0")
    if match["tenths"] or match["only"]:
        return f"{int(value):,}.{tenths}{cents or only}" if value.denominator == 1 else None
    return more(match["one"]) + _shown(match["one"])


def _shown(written: str) -> str:
    value = amount(written)
    assert value is not None
    return written_figure(written) or short(value, _LEAST_SHORT)


def _named(match: re.Match[str]) -> str | None:
    if amount(match["one"]) is None:
        return None
    return f"{more(match['one'])}{CURRENCIES[match['front']]}{_shown(match['one'])}"


def _signed(match: re.Match[str]) -> str | None:
    if amount(match["one"]) is None:
        return None
    return f"{match['sign'].replace('￥', '¥')}{_shown(match['one'])}"


READERS: tuple[Reader, ...] = ((_SIGNED, _signed), (_MONEY, _money), (_NAMED, _named))
