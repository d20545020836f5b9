"""Short texts with one clear translation: headings, table heads, form labels, words of an interface."""

from __future__ import annotations

import re
from functools import cache

from batchtx.language.zh.lexicons import unpacked
from batchtx.records import UnitKind
from batchtx.text.inline_codes import CODES
from batchtx.text.normalize import normalize

_LONGEST = 12
_EDGES = re.compile(rf"([{CODES}\s]*)([^{CODES}]+?)([{CODES}\s]*)")
_COLON = re.compile(r"\s?[：:]$")
_BRACKETED = re.compile(r"([^（(）)]+)[（(]([^（(）)]+)[）)]")
_STROKE = re.compile(r"\s?[/／]\s?")
_TIMES = {
    "上周": "last week",
    "本周": "this week",
    "下周": "next week",
    "上月": "last month",
    "本月": "this month",
    "下月": "next month",
    "上季度": "last quarter",
    "本季度": "this quarter",
    "下季度": "next quarter",
}
_TIMED = re.compile("|".join(_TIMES))
_WORK = re.compile(r"\b[Ww]ork\b")
_UNIT_OF = re.compile(r"单位[：:]\s?([^：:]+)")
_UNITS = {
    "元": "yuan",
    "万元": "10,000 yuan",
    "亿元": "100 million yuan",
    "人民币元": "RMB yuan",
    "人民币": "RMB",
    "美元": "US dollars",
    "人": "persons",
    "天": "days",
    "月": "months",
    "年": "years",
    "小时": "hours",
    "分钟": "minutes",
    "分": "points",
    "公里": "km",
    "米": "m",
    "厘米": "cm",
    "毫米": "mm",
    "平方米": "m²",
    "立方米": "m³",
    "吨": "t",
    "公斤": "kg",
    "千克": "kg",
    "个": "pieces",
    "台": "sets",
    "套": "sets",
    "件": "pieces",
}
"""What heads of columns and tables count in."""

_SINGLE_IN = frozenset({"cell", "label"})
_LIGHT = frozenset(["a", "an", "the", "of", "for", "in", "on", "to", "and", "or", "by", "with", "at", "from"])


def phrase(source: str, kind: UnitKind = "text") -> str | None:
    """Returns the translation of a whole segment (引言 is Introduction), None where only a translator knows.

    Phrases may be joined: 甲方（盖章） is Party A (seal), 签字/日期 Signature/date, 金额（元） Amount (yuan),
    下周计划 Next week's plan.
    A colon stays, inline codes at the edges too. Headings and titles have capitals; a single character is a
    phrase only in cells and labels.
    """
    if len(source) > 2 * _LONGEST:
        return None
    edges = _EDGES.fullmatch(source)
    if edges is None:
        return None
    text = normalize(edges[2])
    words = _COLON.sub("", text)
    if not words or len(words) > _LONGEST or (len(words) == 1 and kind not in _SINGLE_IN):
        return None
    english = _find(words) or _joined(words)
    if english is None:
        return None
    if kind in ("heading", "title"):
        english = in_title_case(english)
    return f"{edges[1]}{english}{':' if words != text else ''}{edges[3]}"


def in_title_case(english: str) -> str:
    """Rights and obligations as Rights and Obligations."""
    words = english.split(" ")
    return " ".join(
        word if number and word in _LIGHT else f"{word[:1].upper()}{word[1:]}"
        for number, word in enumerate(words)
    )


def _joined(words: str) -> str | None:
    """A phrase with another in brackets behind it, or phrases parted by strokes; None where one is none."""
    bracketed = _BRACKETED.fullmatch(words)
    if bracketed is not None:
        before = _find(bracketed[1])
        inside = _UNITS.get(bracketed[2]) or _find(bracketed[2]) or _joined(bracketed[2])
        return f"{before} ({_in_the_middle(inside)})" if before and inside else None
    labelled = _UNIT_OF.fullmatch(words)
    if labelled is not None:
        return f"Unit: {_UNITS[labelled[1]]}" if labelled[1] in _UNITS else None
    timed = _TIMED.match(words)
    if timed is not None:
        return _of_a_time(timed[0], _find(words[timed.end() :]))
    first, *others = (_find(part) for part in _STROKE.split(words))
    if not first or not others or not all(others):
        return None
    parts = [first, *(_in_the_middle(str(other)) for other in others)]
    return "/".join(part for number, part in enumerate(parts) if part.lower() != first.lower() or not number)


def _of_a_time(when: str, english: str | None) -> str | None:
    """A heading with its time: 下周工作计划 is Next week's work plan."""
    if english is None:
        return None
    time = f"{_TIMES[when]}'s"
    timed = _WORK.sub(f"{time} work", english, count=1)
    timed = timed if timed != english else f"{time} {_in_the_middle(english)}"
    return f"{timed[:1].upper()}{timed[1:]}"


def _in_the_middle(english: str) -> str:
    """A phrase that begins no sentence: Seal is seal, RMB and Party A stay."""
    word = english.split(" ")[0]
    return english[:1].lower() + english[1:] if word[1:].islower() and word != "Party" else english


def _find(words: str) -> str | None:
    """By halving the sorted lines: a table of them all would take six times the room."""
    book = _book()
    wanted = f"{words}\t"
    low, high = 0, len(book)
    while low < high:
        middle = book.rfind("\n", 0, (low + high) // 2) + 1
        end = book.index("\n", middle)
        line = book[middle:end]
        if line.startswith(wanted):
            return line[len(wanted) :]
        if line < wanted:
            low = end + 1
        else:
            high = middle
    return None


@cache
def _book() -> str:
    return unpacked("phrasebook.txt.xz")
