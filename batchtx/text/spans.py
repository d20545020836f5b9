"""Spans of a text by offset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A span of the source by offset, and its English."""

    start: int
    end: int
    target: str


def overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a span has a character in common with one of others."""
    return any(a < end and start < b for a, b in spans)
