"""All that has its English from a rule, each kind to be switched on and off."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from batchtx.language.zh.calendar import MONTHS
from batchtx.language.zh.documents import READERS as DOCUMENTS
from batchtx.language.zh.figures import Reader
from batchtx.language.zh.organisations import organisations
from batchtx.language.zh.parties import READERS as PARTIES
from batchtx.language.zh.persons import persons
from batchtx.language.zh.phrasebook import phrase
from batchtx.language.zh.places import places
from batchtx.language.zh.quantities import quantities
from batchtx.text.spans import Quantity, overlaps

_BOUND = re.compile(
    r"(及?以上|及?以下)(?!简称|各|几|内容|条|规定|情形|行为|列|是|为|事项|问题|人员|文件|统称|要求|方面|步骤|职责)"
)
_NO_AMOUNT = re.compile(
    rf"{'|'.join(MONTHS)}|\d(?:st|nd|rd|th)\b|[ap]\.m\.|^Q\d|\d:\d|^\d{{4}}$|[①-⓿]|-\d{{3}}"
)
"""Dates, times and numbers of things have nothing above or below."""

_BOUNDS = {"age": ("or older", "or younger"), "other": ("or more", "or less")}
_LABELLED = re.compile(
    r"(?:^|(?<=\s))(?P<label>[一-鿿]{2,10})(?=\s?[：:]\s?(?:(?P<value>[一-鿿]{1,8})(?=\s|$)|[^\s：:]))"
)
_ROW = re.compile("、|和|与|及|以及")
RULES = ("amounts", "documents", "parties", "organisations", "places", "persons", "phrases")
"""Kinds of rules. What names things takes precedence over the numbers in it, in this order;
phrases are whole segments, and the labels that segments start with (`phrasebook`)."""


def by_rule(
    text: str,
    *,
    doubtful: bool = False,
    named: Collection[int] = (),
    kinds: Collection[str] = RULES,
    persons: Sequence[str] = (),
) -> list[Quantity]:
    """Returns the spans of a normalised text that rules put into English, in order, not overlapping.

    `persons` are names told elsewhere in the document; `doubtful` and `named`: see `quantities`.
    """
    found = names(text, kinds, persons)
    if "amounts" in kinds:
        taken = [(one.start, one.end) for one in found]
        found += [
            one
            for one in quantities(text, doubtful=doubtful, named=named)
            if not overlaps(one.start, one.end, taken)
        ]
    return _in_rows(text, _with_bounds(text, sorted(found, key=lambda one: one.start)))


def _with_bounds(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Amounts with what bounds them: 五日以上十日以下 is "not less than 5 days but not more than 10 days".

    A small student takes 以下 for "the following".
    """
    bounded: list[Quantity] = []
    lower = ""  # the amount with 以上 that stands directly before
    for one in found:
        counts = one.kind == "amounts" and not _NO_AMOUNT.search(one.target)
        bound = _BOUND.match(text, one.end) if counts else None
        if bound is None:
            bounded.append(one)
            lower = ""
            continue
        above = bound[1] in ("以上", "及以上")
        joined = lower and not above and bounded[-1].end == one.start
        if joined:
            last = bounded.pop()
            target = f"not less than {lower} but not more than {one.target}"
            bounded.append(Quantity(last.start, bound.end(1), target, one.kind))
        else:
            words = _BOUNDS["age" if "of age" in one.target else "other"]
            bounded.append(Quantity(one.start, bound.end(1), f"{one.target} {words[not above]}", one.kind))
        lower = one.target if above else ""
    return bounded


def _in_rows(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Things of one kind in a row as one: 王磊、李娜和陈强 is "Wang Lei, Li Na and Chen Qiang".

    A small student loses one of several placeholders in a row more often than one that stands alone.
    """
    rows: list[Quantity] = []
    members: list[str] = []
    for one in found:
        last = rows[-1] if rows else None
        if last and last.kind == one.kind and _ROW.fullmatch(text, last.end, one.start):
            members.append(one.target)
            target = f"{', '.join(members[:-1])} and {members[-1]}"
            rows[-1] = Quantity(last.start, one.end, target, one.kind)
        else:
            rows.append(one)
            members = [one.target]
    return rows


def names(text: str, kinds: Collection[str] = RULES, known: Sequence[str] = ()) -> list[Quantity]:
    """Persons, places, organisations and documents by rule, the longer first where two overlap."""
    found: list[Quantity] = []
    for name, find in _NAMED.items():
        if name in kinds:
            for one in find(text, known):
                if not overlaps(one.start, one.end, [(other.start, other.end) for other in found]):
                    found.append(replace(one, kind=name))
    return found


def _read(readers: Sequence[Reader], text: str) -> list[Quantity]:
    found: list[Quantity] = []
    for pattern, read in readers:
        for match in pattern.finditer(text):
            english = read(match)
            if english and not overlaps(*match.span(), [(one.start, one.end) for one in found]):
                found.append(Quantity(*match.span(), english))
    return found


def _persons(text: str, known: Sequence[str]) -> list[Quantity]:
    return [Quantity(person.start, person.end, person.target) for person in persons(text, known)]


def _labels(text: str, _: Sequence[str]) -> list[Quantity]:
    """Labels and values of a form: 参会人员：王磊, 性别：男 民族：汉族."""
    found: list[Quantity] = []
    for match in _LABELLED.finditer(text):
        label = phrase(match["label"], "label")
        if label is None:
            continue
        found.append(Quantity(*match.span("label"), label))
        value = phrase(match["value"], "cell") if match["value"] else None
        if value is not None:
            found.append(Quantity(*match.span("value"), value))
    return found


_NAMED: dict[str, Callable[[str, Sequence[str]], list[Quantity]]] = {
    "phrases": _labels,
    "documents": lambda text, _: _read(DOCUMENTS, text),
    "parties": lambda text, _: _read(PARTIES, text),
    "organisations": lambda text, _: organisations(text),
    "places": lambda text, _: places(text),
    "persons": _persons,
}
