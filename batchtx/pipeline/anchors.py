"""What stands for what without any model: equal figures, months, Latin words.

三十日 is where "thirty" stands, 第二十二条 where "22", 5月 where "May". A figure that several words
could stand for is left to the alignment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from batchtx.records import Link
from batchtx.text.numerals import NUMERAL, numeral_value

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_VALUES = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SPELLED = "|".join(sorted([*_VALUES, *_SCALES], key=len, reverse=True))
_IN_SOURCE = re.compile(
    rf"(?P<share>[百万千]分之)?(?P<number>[{NUMERAL}]+(?:点[{NUMERAL}]+)?|\d[\d,]*(?:\.\d+)?[万亿]*)(?P<month>月(?!内|后|以))?"
    r"|(?P<word>⟦\d+⟧|[A-Za-z][\w.@/-]*)"
)
_IN_TARGET = re.compile(
    rf"(?P<number>\d[\d,]*(?:\.\d+)?(?:\s(?:thousand|million|billion|trillion)\b)?)"
    rf"|(?P<spelled>\b(?:{_SPELLED})(?:(?:[\s-]|\sand\s)(?:{_SPELLED}))*\b)"
    rf"|(?P<ordinal>\b(?:{'|'.join(_ORDINALS)})\b)|(?P<month>\b(?:{'|'.join(_MONTHS)})\b)"
    r"|(?P<word>⟦\d+⟧|[A-Za-z][\w.@/-]*)",
    re.IGNORECASE,
)
_PARTS_OF = {"百分之": 1, "千分之": 10, "万分之": 100}

_Found = tuple[int, int]
_Key = Fraction | str


def anchors(source: str, target: str) -> list[Link]:
    """Links between what is certainly the same thing: as many of it on one side as on the other."""
    ours, theirs = _by_key(_source_keys(source)), _by_key(_target_keys(target))
    links: list[Link] = []
    for key, places in ours.items():
        others = theirs.get(key, [])
        if len(others) == len(places):
            links += [Link(*one, *other) for one, other in zip(places, others, strict=True)]
    return links


def with_anchors(links: Sequence[Link], source: str, target: str) -> list[Link]:
    """The links, with anchors in place of what the alignment says about the anchored words."""
    certain = anchors(source, target)
    kept = [
        link
        for link in links
        if not any(link.target_start < a.target_end and link.target_end > a.target_start for a in certain)
    ]
    return sorted([*kept, *certain], key=lambda link: (link.target_start, link.source_start))


def _by_key(found: Iterator[tuple[_Key, _Found]]) -> dict[_Key, list[_Found]]:
    places: dict[_Key, list[_Found]] = {}
    for key, place in found:
        places.setdefault(key, []).append(place)
    return places


def _source_keys(source: str) -> Iterator[tuple[_Key, _Found]]:
    for match in _IN_SOURCE.finditer(source):
        if match["word"]:
            yield match["word"].lower(), match.span()
            continue
        value = numeral_value(match["number"])
        if value is None:
            continue
        if match["month"] and value.denominator == 1 and 1 <= value <= 12:
            yield _MONTHS[int(value) - 1].lower(), match.span()
        else:
            yield value / _PARTS_OF.get(match["share"] or "百分之", 1), match.span()


def _target_keys(target: str) -> Iterator[tuple[_Key, _Found]]:
    for match in _IN_TARGET.finditer(target):
        if match["number"]:
            figures, _, scale = match["number"].replace(",", "").partition(" ")
            yield Fraction(figures.rstrip(".")) * _SCALES.get(scale.lower(), 1), match.span()
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
