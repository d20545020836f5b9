"""All that has its English from a rule, each kind to be switched on and off."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from batchtx.language.zh.documents import READERS as DOCUMENTS
from batchtx.language.zh.figures import Reader
from batchtx.language.zh.organisations import organisations
from batchtx.language.zh.parties import READERS as PARTIES
from batchtx.language.zh.persons import persons
from batchtx.language.zh.places import places
from batchtx.language.zh.quantities import quantities
from batchtx.text.spans import Quantity, overlaps

_ROW = re.compile("、|和|与|及|以及")
RULES = ("amounts", "documents", "parties", "organisations", "places", "persons", "phrases")
"""Kinds of rules. What names things takes precedence over the numbers in it, in this order;
phrases are whole segments (`phrasebook`)."""


def by_rule(
    text: str,
    *,
    doubtful: bool = False,
    named: Collection[int] = (),
    kinds: Collection[str] = RULES,
    persons: Sequence[str] = (),
) -> list[Quantity]:
    """The spans of a normalised text that rules put into English, in order, not overlapping.

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
    return _in_rows(text, sorted(found, key=lambda one: one.start))


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


_NAMED: dict[str, Callable[[str, Sequence[str]], list[Quantity]]] = {
    "documents": lambda text, _: _read(DOCUMENTS, text),
    "parties": lambda text, _: _read(PARTIES, text),
    "organisations": lambda text, _: organisations(text),
    "places": lambda text, _: places(text),
    "persons": _persons,
}
