"""What stands for what without any model: equal figures, months, Latin words.

三十日 is where "thirty" stands, 第二十二条 where "22", 5月 where "May". A figure that several words
could stand for is left to the alignment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from batchtx.language.zh.numerals import NUMERAL, numeral_value
from batchtx.records import Link
from batchtx.text.scripts import is_han

_ONES_TEXT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_ONES = _ONES_TEXT.split()
_TENS_TEXT = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = _TENS_TEXT.split()
_ORDINALS_TEXT = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS = _ORDINALS_TEXT.split()
_MONTHS_TEXT = "January February March April May June July August September October November December"
_MONTHS = _MONTHS_TEXT.split()
_VALUES = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SPELLED = "|".join(sorted([*_VALUES, *_SCALES], key=len, reverse=True))
_WORDS = {
    "甲方": "party a", "乙方": "party b", "丙方": "party c", "丁方": "party d",
    "买方": "buyer", "卖方": "seller", "出租人": "lessor", "承租人": "lessee",
    "今天": "today", "昨天": "yesterday", "明天": "tomorrow",
    "星期一": "monday", "星期二": "tuesday", "星期三": "wednesday", "星期四": "thursday",
    "星期五": "friday", "星期六": "saturday", "星期日": "sunday", "周一": "monday", "周二": "tuesday",
    "周三": "wednesday", "周四": "thursday", "周五": "friday", "周六": "saturday", "周日": "sunday",
}  # fmt: skip
"""Words with one translation that are often set in bold."""

_IN_SOURCE = re.compile(
    rf"(?P<fixed>{'|'.join(_WORDS)})|"
    rf"(?P<share>[百万千]分之)?(?P<number>[{NUMERAL}]+(?:点[{NUMERAL}]+)?|\d[\d,]*(?:\.\d+)?[万亿]*)(?P<month>月(?!内|后|以))?"
    r"|(?P<word>⟦\d+⟧|[A-Za-z][\w.@/-]*)"
)
_IN_TARGET = re.compile(
    rf"(?P<number>\d[\d,]*(?:\.\d+)?(?:\s(?:thousand|million|billion|trillion)\b|(?:st|nd|rd|th)\b)?)"
    rf"|(?P<spelled>\b(?:{_SPELLED})(?:(?:[\s-]|\sand\s)(?:{_SPELLED}))*\b)"
    rf"|(?P<ordinal>\b(?:{'|'.join(_ORDINALS)})\b)|(?P<month>\b(?:{'|'.join(_MONTHS)})\b)"
    r"|(?P<word>⟦\d+⟧|\bParty [A-D]\b|[A-Za-z][\w@/]*(?:[.@/-]\w+)*)",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(r"(?:第|附件|附录|附表|图|表|人民币|[¥￥$])\s*$")
_UNIT_AFTER = re.compile(
    r"\s*(?:个?(?:工作|日历)?(?:日|天|月|年|周|星期|小时|季度)|周岁|分钟|秒钟?|[条章节款项编页步]|[万亿]?元整?"
    r"|摄氏度|[%℃])"
)
_ENGLISH_BEFORE = re.compile(
    r"(?<!\w)(?:(?:Article|Chapter|Section|Part|Paragraph|Item|Annex|Appendix|Schedule|Figure|Table|Page|Step|Clause"
    r"|RMB|CNY|USD|EUR)\s|[$¥€£])$",
    re.IGNORECASE,
)
_ENGLISH_AFTER = re.compile(
    r"\s?%|\s?°C|[\s-](?:percent|per cent|yuan|dollars|degrees(?: Celsius)?)\b"
    r"|[\s-](?:\w+\s)?(?:days?|months?|years?|weeks?|hours?|minutes?|seconds?|quarters?)\b",
    re.IGNORECASE,
)
_MEASURES = frozenset(
    "个名位条章节款项次份家倍台件人日天月年周岁元秒时页行列层级类种批套只支张本部座间所号组队期步轮句段字吨克米升度万亿多余"
)
_PARTS_OF = {"百分之": 1, "千分之": 10, "万分之": 100}
"""Divisors to percent, as English says it."""

_Found = tuple[int, int]
_Key = Fraction | str


def anchors(source: str, target: str) -> list[Link]:
    """Links between what is certainly the same thing: as many of it on one side as on the other."""
    ours, theirs = _by_key(_source_keys(source)), _by_key(_target_keys(target))
    links: list[Link] = []
    for key, places in ours.items():
        others = theirs.get(key, [])
        if len(others) == len(places):
            for one, other in zip(places, others, strict=True):
                links += _with_unit(Link(*one, *other), source, target)
    return links


def _with_unit(link: Link, source: str, target: str) -> list[Link]:
    """The link, and those of what is counted: 第…条 and "Article", 个工作日 and "working days"."""
    links = [link]
    before = _LABEL_BEFORE.search(source, 0, link.source_start)
    after = _UNIT_AFTER.match(source, link.source_end)
    share = source.startswith(tuple(_PARTS_OF), link.source_start)
    if not (before or after or share):
        return links
    number = (link.source_start, link.source_end)
    counted = after.span() if after else number
    label = before.span() if before and before.group().strip() != "第" else counted
    english = _ENGLISH_BEFORE.search(target, 0, link.target_start)
    if english:
        links.append(Link(*label, *english.span()))
    unit = _ENGLISH_AFTER.match(target, link.target_end)
    if unit:
        links.append(Link(*counted, *unit.span()))
    return links


def with_anchors(
    links: Sequence[Link], source: str, target: str, placeholders: Sequence[Link] = ()
) -> list[Link]:
    """Returns the links, with anchors in place of what the alignment says about the anchored words.

    What an anchor explains stands for nothing else, so other words lose their links to it. `placeholders` are
    stretches that certainly stand for one another: 2024年5月1日 and "May 1, 2024"; inside of one, figures
    are sought by themselves.
    """
    certain = [
        _shifted(anchor, placeholder)
        for placeholder in placeholders
        for anchor in _inside(
            source[placeholder.source_start : placeholder.source_end],
            target[placeholder.target_start : placeholder.target_end],
        )
    ]
    outside_source = _blanked(
        source, [(placeholder.source_start, placeholder.source_end) for placeholder in placeholders]
    )
    outside_target = _blanked(
        target, [(placeholder.target_start, placeholder.target_end) for placeholder in placeholders]
    )
    certain += anchors(outside_source, outside_target)
    kept = [link for link in links if not any(_touch(link, anchor) for anchor in certain)]
    return sorted([*kept, *certain], key=lambda link: (link.target_start, link.source_start))


def _inside(source: str, target: str) -> list[Link]:
    """The anchors of a placeholder, and the words of a date to fill in: 年月日 and "Year Month Day"."""
    words = [
        Link(
            source.index(ours),
            source.index(ours) + 1,
            target.index(theirs),
            target.index(theirs) + len(theirs),
        )
        for ours, theirs in (("年", "Year"), ("月", "Month"), ("日", "Day"))
        if "Month" in target and ours in source and theirs in target
    ]
    return [*anchors(source, target), *words]


def _shifted(link: Link, by: Link) -> Link:
    return Link(
        link.source_start + by.source_start,
        link.source_end + by.source_start,
        link.target_start + by.target_start,
        link.target_end + by.target_start,
    )


def _blanked(text: str, spans: Sequence[_Found]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _touch(link: Link, anchor: Link) -> bool:
    if link.target_start < anchor.target_end and link.target_end > anchor.target_start:
        return True
    return anchor.source_start <= (link.source_start + link.source_end - 1) / 2 < anchor.source_end


def _by_key(found: Iterator[tuple[_Key, _Found]]) -> dict[_Key, list[_Found]]:
    places: dict[_Key, list[_Found]] = {}
    for key, place in found:
        places.setdefault(key, []).append(place)
    return places


def _source_keys(source: str) -> Iterator[tuple[_Key, _Found]]:
    for match in _IN_SOURCE.finditer(source):
        if match["word"] or match["fixed"]:
            yield _WORDS.get(match.group(), match.group().lower()), match.span()
            continue
        value = numeral_value(match["number"])
        if value is None or _is_part_of_a_word(source, match):
            continue
        if match["month"] and value.denominator == 1 and 1 <= value <= 12:
            yield _MONTHS[int(value) - 1].lower(), match.span()
        else:
            yield value / _PARTS_OF.get(match["share"] or "百分之", 1), match.span()


def _is_part_of_a_word(source: str, match: re.Match[str]) -> bool:
    """一般, 四川, 千万: a numeral of one character, or of units alone, that counts nothing."""
    number = match["number"]
    if (number[0].isdigit() and number[0].isascii()) or match["share"] or match["month"]:
        return False
    if len(number) > 1 and number.strip("十百千万亿"):
        return False
    after = source[match.end() : match.end() + 1]
    counts = not after or not is_han(after) or after in _MEASURES
    return not counts and _LABEL_BEFORE.search(source, 0, match.start()) is None


def _target_keys(target: str) -> Iterator[tuple[_Key, _Found]]:
    for match in _IN_TARGET.finditer(target):
        if match["number"]:
            figures, _, scale = match["number"].replace(",", "").partition(" ")
            yield Fraction(figures.rstrip(".stndrh")) * _SCALES.get(scale.lower(), 1), match.span()
        elif match["spelled"]:
            yield Fraction(_spelled(match["spelled"])), match.span()
        elif match["ordinal"]:
            yield Fraction(_ORDINALS.index(match["ordinal"].lower()) + 1), match.span()
        else:
            yield match.group().lower(), match.span()


def _spelled(text: str) -> int:
    """The value of "one hundred and twenty-three thousand"."""
    total = section = 0
    for word in re.split(r"[\s-]+", text.lower()):
        if word in _VALUES:
            section += _VALUES[word]
        elif word == "hundred":
            section = max(1, section) * 100
        elif word in _SCALES:
            total += max(1, section) * _SCALES[word]
            section = 0
    return total + section
