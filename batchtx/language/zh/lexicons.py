"""Lexicons that are read when they are first asked for: readings of characters, given names, words."""

from __future__ import annotations

import lzma
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

_VOWELS = frozenset("aeo")
_NEUTRAL = 4


def pinyin(chars: str) -> str | None:
    """Characters as one word of pinyin without tones, parted by an apostrophe where it would be read
    wrongly (Xi'an); None when one has no reading."""
    table = _readings()
    syllables = [table.get(char) for char in chars]
    return None if None in syllables else joined([syllable for syllable in syllables if syllable])


def joined(syllables: Sequence[str]) -> str:
    """Syllables as one word, an apostrophe before a later one that begins with a vowel."""
    rest = (f"'{syllable}" if syllable[0] in _VOWELS else syllable for syllable in syllables[1:])
    return "".join([*syllables[:1], *rest])


def is_pinyin(word: str) -> bool:
    """Returns whether a word can be cut into syllables of pinyin: Haidian, Xiaoming."""
    return _syllables().fullmatch(word.lower().replace("'", "")) is not None


def given_name_score(given: str) -> int:
    """Returns how much characters speak for a given name: over 0 they do, under 0 they are rather
    something else.
    """
    scores, _ = _names()
    return sum(scores.get(char, _NEUTRAL - 2) - _NEUTRAL for char in given)


def is_word(text: str) -> bool:
    """Returns whether a text that begins or ends with a surname is a word of the dictionary and no name."""
    return text in _names()[1]


@cache
def place_names() -> dict[str, list[tuple[str, str]]]:
    """Places and their English by their first two characters, the longest first."""
    table: dict[str, list[tuple[str, str]]] = {}
    for line in unpacked("places.txt.xz").splitlines():
        name, english = line.split("\t")
        table.setdefault(name[:2], []).append((name, english))
    return {key: sorted(names, key=lambda pair: -len(pair[0])) for key, names in table.items()}


@cache
def _syllables() -> re.Pattern[str]:
    syllables = {syllable.replace("ü", "u") for syllable in _readings().values()}
    return re.compile(f"(?:{'|'.join(sorted(syllables, key=len, reverse=True))})+")


@cache
def _readings() -> dict[str, str]:
    lines = unpacked("readings.txt.xz").splitlines()
    return {char: line.split(" ")[0] for line in lines for char in line.split(" ")[1]}


@cache
def _names() -> tuple[dict[str, int], frozenset[str]]:
    scored, words = unpacked("names.txt.xz").splitlines()
    return dict(zip(scored[::2], map(int, scored[1::2]), strict=True)), frozenset(words.split(" "))


def unpacked(name: str) -> str:
    """Returns the text of one of the packed files in `data/`."""
    return lzma.decompress((resources.files("batchtx.language.zh") / "data" / name).read_bytes()).decode()
