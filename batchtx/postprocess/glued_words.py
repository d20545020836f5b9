"""A space between English and a word of the source that a model wrote as one: newai prompt."""

from __future__ import annotations

import re

from batchtx.language.en.words import is_english
from batchtx.records import Segment

_LATIN = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9]+(?![A-Za-z0-9_])")
_WORD = re.compile(r"(?<![\w@#/\\.-])[A-Za-z][A-Za-z0-9]{4,}(?![\w@/\\])")
_SHORTEST = 2


def words_apart(target: str, segment: Segment) -> str:
    """A word that is no English, but English beside a word of the source, becomes two."""
    foreign = sorted(set(_LATIN.findall(segment.source)), key=len, reverse=True)
    if not foreign:
        return target
    return _WORD.sub(lambda match: _parted(match[0], foreign, segment.source), target)


def _parted(word: str, foreign: list[str], source: str) -> str:
    if word in source or is_english(word):
        return word
    for own in foreign:
        rest = len(word) - len(own)
        if rest >= _SHORTEST and word.lower().endswith(own.lower()) and is_english(word[:rest]):
            return f"{word[:rest]} {own}"
        if rest > _SHORTEST and word.lower().startswith(own.lower()) and is_english(word[len(own) :]):
            return f"{own} {word[len(own) :]}"
    return word
