"""Days of the week: 周三 is no Monday."""

from __future__ import annotations

import re

from batchtx.language.zh.calendar import WEEKDAY
from batchtx.records import Flag, Segment
from batchtx.text.spans import find_words

_DAYS = {
    "一": r"Mon|(?i:Mondays?)",
    "二": r"Tues?|(?i:Tuesdays?)",
    "三": r"Weds?|(?i:Wednesdays?)",
    "四": r"Thu(?:rs?)?|(?i:Thursdays?)",
    "五": r"Fri|(?i:Fridays?)",
    "六": r"Sat|(?i:Saturdays?)",
    "日": r"Sun|(?i:Sundays?)",
}
_WEEK = "(?:星期|礼拜|禮拜|[周週])"
_ANY = re.compile(
    rf"{_WEEK}(末|[一二三四五六日天](?:[、，,和与及或至到~～—–-]?{_WEEK}?[一二三四五六日天]){{0,6}})|[（(]([一二三四五六日])[)）]"
)
_WHOLE = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b")
_ALL = re.compile(
    r"\b(?:every|each|all|any|seven)\b|\bdaily\b|\bweek(?:day|end)s?\b|\b(?:work|business )", re.IGNORECASE
)
_FEASTS = re.compile(
    "黑色星期五|黑五|网络星期一|受难|復活|复活|主日|安息日|礼拜|[双周]休|棕枝|[月火水木金土日]曜|瞻礼"
)


def weekdays_kept(segment: Segment, target: str) -> Flag | None:
    """The days of the week of the source are in the target, and the target has no others."""
    source = segment.source
    written = [match[0] for match in _WHOLE.finditer(target)]
    sure = {match[0]: match[2].replace("天", "日") for match in WEEKDAY.finditer(source)}
    if not written and not sure:
        return None
    lost = [
        words
        for words, day in sure.items()
        if not re.search(rf"\b(?:{_DAYS[day]})\b", target) and not _ALL.search(target)
    ]
    allowed = _allowed(source)
    added = [
        day for day in written if day not in source and not any(re.fullmatch(one, day) for one in allowed)
    ]
    if not lost and (not added or _FEASTS.search(source)):
        return None
    doubts = [f"not in the target: {', '.join(lost)}"] * bool(lost)
    doubts += [f"not in the source: {', '.join(added)}"] * bool(added)
    return Flag("weekdays", "; ".join(doubts), "major", find_words(lost, source), find_words(added, target))


def _allowed(source: str) -> list[str]:
    """Patterns of the days that a source may mean, weekends and lists among them."""
    found: set[str] = set()
    for match in _ANY.finditer(source):
        found |= set((match[1] or match[2]).replace("天", "日").replace("末", "六日")) & set(_DAYS)
    return [_DAYS[day] for day in sorted(found)]
