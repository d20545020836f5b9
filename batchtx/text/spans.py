"""Spans of a text by offset."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_LATIN = re.compile(r"[A-Za-z\d]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A span of the source by offset, and its English; `kind` tells which rule says so."""

    start: int
    end: int
    target: str
    kind: str = "amounts"


def overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Returns whether a span has a character in common with one of others."""
    return any(a < end and start < b for a, b in spans)


def merge_spans(
    spans: Iterable[tuple[int, int]], joined: Callable[[int, int], bool]
) -> list[tuple[int, int]]:
    """Returns spans in order, without empty ones; `joined(end, start)` tells whether two are one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and joined(merged[-1][1], start):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def find_words(words: Iterable[str], text: str) -> tuple[tuple[int, int], ...]:
    """Returns where words and figures stand in a text, in order; those in Latin letters only as a whole."""
    wanted = sorted({word for word in words if word.strip()}, key=lambda word: (-len(word), word))
    if not wanted:
        return ()
    return tuple(match.span() for match in re.finditer("|".join(map(_whole, wanted)), text))


def _whole(word: str) -> str:
    left = r"(?<![A-Za-z\d])" if _LATIN.match(word[0]) else ""
    right = r"(?![A-Za-z\d])" if _LATIN.match(word[-1]) else ""
    return f"{left}{re.escape(word)}{right}"
