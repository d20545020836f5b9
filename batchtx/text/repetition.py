"""Loops and runaways: what a decoder does when it has lost its way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from batchtx.text.scripts import count_han

_LONGEST = 12
_STOPS = ".,;:!?"
_TIMES = 4
_WORD = re.compile(r"\w+(?:[-'’.]\w+)*|[^\w\s]")
_PIECE = re.compile(r"\s*\S+")
_STUTTER = re.compile(r"([^\W\d_])\1{5,}|([^\W\d_]{2,6}?)\2{3,}")
"""Inside a word: sssssss, lelelele."""

_SHORT, _LONG = 12, 40
_LEAST_DISTINCT, _LEAST_DISTINCT_LONG = 0.6, 0.5
_RULES = frozenset("-_=*.—–…·~#+|")
"""Marks that people draw lines and fill blanks with."""

_RUNAWAY_BASE = 15
_RUNAWAY_RATIO = 2.5


@lru_cache(maxsize=1024)
def looping(target: str, source: str) -> bool:
    """Returns whether a target repeats itself, or is far longer than its source can need.

    Repetition that the source has as well (哈哈哈哈, ------) is not a loop.
    """
    words = [word for word in _WORD.findall(target.casefold()) if word not in _RULES]
    repeats = longest_repeat(words) if may_repeat(words, _TIMES) else 1
    if repeats >= _TIMES and repeats > longest_repeat(list(source)):
        return True
    stutter = _STUTTER.search(target)
    if stutter and stutter[0] not in source:
        return True
    source_words = count_han(source) + len(_WORD.findall(source))
    return len(words) > _RUNAWAY_BASE + _RUNAWAY_RATIO * source_words or _thin(words, source)


def longest_repeat(items: list[str]) -> int:
    """Returns how many times the most repeated phrase of up to 12 items stands in a row (1 when none is)."""
    best = 1 if items else 0
    for size in range(1, _LONGEST + 1):
        run = 0
        for index in range(size, len(items)):
            run = run + 1 if items[index] == items[index - size] else 0
            if run >= size:
                best = max(best, run // size + 1)
    return best


def may_repeat(items: Sequence[str], times: int) -> bool:
    """Returns whether a phrase could stand `times` times in a row: a cheap test before the search for it.

    Either two neighbours are equal, or some pair of neighbours occurs that often.
    """
    pairs = Counter(pairwise(item.casefold().rstrip(_STOPS) for item in items))
    return any(count >= times or first == second for (first, second), count in pairs.items())


def collapse(text: str, times: int = _TIMES) -> str:
    """Returns the text with every phrase that stands `times` or more in a row standing once.

    Phrases are whole words; rows of marks (----, ....) and figures are left alone.
    """
    pieces = _PIECE.findall(text.rstrip())
    tail = text[len(text.rstrip()) :]
    keys = [piece.strip().casefold().rstrip(_STOPS) for piece in pieces]
    n_pieces = 0
    while n_pieces != len(pieces):
        n_pieces = len(pieces)
        for size in range(1, _LONGEST + 1):
            pieces, keys = _collapse_size(pieces, keys, size, times)
    return "".join(pieces) + tail


def _collapse_size(pieces: list[str], keys: list[str], size: int, times: int) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    kept_keys: list[str] = []
    start = 0
    while start < len(keys):
        n_repeats = 1
        phrase = keys[start : start + size]
        while keys[start + n_repeats * size : start + (n_repeats + 1) * size] == phrase:
            n_repeats += 1
        if n_repeats >= times and len(phrase) == size and any(_is_word(key) for key in phrase):
            last = start + (n_repeats - 1) * size
            kept += _merged_phrase(pieces, start, last, size)
            kept_keys += phrase
            start = last + size
        else:
            kept.append(pieces[start])
            kept_keys.append(keys[start])
            start += 1
    return kept, kept_keys


def _merged_phrase(pieces: list[str], first: int, last: int, size: int) -> list[str]:
    """The phrase said once: the space and capital of its first time, the marks of its last."""
    head = pieces[first]
    if size > 1:
        return [head, *pieces[last + 1 : last + size]]
    word = head.rstrip(_STOPS)
    marks = pieces[last][len(pieces[last].rstrip(_STOPS)) :]
    return [word + marks]


def _is_word(key: str) -> bool:
    return any(char.isalpha() for char in key)


def _thin(words: list[str], source: str) -> bool:
    """Whether a target is made of few different pairs of words, and its source is not.

    Of 9,000 human translations of 12 words and more none has under 0.68 (0.53 from 40 words on).
    """
    least = _LEAST_DISTINCT if len(words) < _LONG else _LEAST_DISTINCT_LONG
    return len(words) >= _SHORT and _distinct(words) < least and _distinct(list(source)) > least


def _distinct(items: list[str]) -> float:
    """Share of different pairs among all pairs of neighbours."""
    pairs = list(pairwise(items))
    return len(set(pairs)) / len(pairs) if pairs else 1.0
