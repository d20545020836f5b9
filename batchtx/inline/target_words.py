"""The words of a translation, and how much the alignment of each is worth."""

from __future__ import annotations

import re
from typing import NamedTuple

from batchtx.language.en.stems import stem

SENTENCE_END = "。！？；.!?;”’」』）) \u3000"
"""Marks that end a sentence in either language, and what may stand behind them."""

_WORD = re.compile(r"⟦\d+⟧|\w+(?:[-.'’/@:]\w+)*%?|[^\w\s]")
SYMBOL = 0.15
"""Weight of a mark that belongs to the word it touches, as in -5℃ or (net)."""

_STOPS = ",.;:!?…—'\"‘’“”"
_LIGHT_WORDS = (
    "a an the this that these those its their his her of to in on at by for from with within as and or is "
    "through under into onto upon via between among toward towards are was were be been being shall will "
    "has have had which who it there"
)
_LIGHT = frozenset(_LIGHT_WORDS.split())
_REFERENCE = re.compile(
    r"(?:Article|Chapter|Section|Part|Paragraph|Item|Annex|Appendix|Schedule|Figure|Table|Page|Step|Clause)\s\d"
)
"""Begins a name of its own: "Civil Code Article 509"."""

_ROOT = 5
"""Letters that sign, signed and signature, or terminate and termination, have in common."""


class Word(NamedTuple):
    """A word or mark of the target; `weight` says how much its alignment is worth, `name` is the number
    of the name that it is part of, 0 for none, `root` what it has in common with words of its family."""

    start: int
    end: int
    weight: float
    name: int
    root: str = ""


def words_of(target: str) -> list[Word]:
    """Returns the words of the target, those of one name (capitals side by side) marked as such.

    The first word of a sentence has a capital anyway: "Click OK" is no name.
    """
    words: list[Word] = []
    names = 0
    first = True
    for match in _WORD.finditer(target):
        text = match.group()
        weight = 1.0 if text[0] == "⟦" or text[0].isalnum() else 0.1 if text in _STOPS else SYMBOL
        if text in _LIGHT or (first and text.lower() in _LIGHT):
            weight = 0.25
        name = 0
        if weight == 1 and text[0].isupper() and not first:
            goes_on = words[-1].name and target[words[-1].end : match.start()].isspace()
            names += not goes_on or _REFERENCE.match(target, match.start()) is not None
            name = names
        root = stem(text)[:_ROOT] if weight == 1 else ""
        words.append(Word(match.start(), match.end(), weight, name, root))
        first = text in SENTENCE_END
    return words
