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
_SINGLE_IN = frozenset({"cell", "label"})
_LIGHT = frozenset(["a", "an", "the", "of", "for", "in", "on", "to", "and", "or", "by", "with", "at", "from"])


def phrase(source: str, kind: UnitKind = "text") -> str | None:
    """Returns the translation of a whole segment (引言 is Introduction), None where only a translator knows.

    A colon stays, inline codes at the edges too. Headings and titles have capitals; a single
    character is a phrase only in cells and labels.
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
    english = _find(words)
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
