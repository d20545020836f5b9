"""Loops that a decoder fell into."""

from __future__ import annotations

from batchtx.records import Flag, Segment
from batchtx.text.inline_codes import without_codes
from batchtx.text.repetition import looping


def said_once(segment: Segment, target: str) -> Flag | None:
    """The target does not say the same thing over and over where the source does not."""
    if not looping(without_codes(target), without_codes(segment.source)):
        return None
    return Flag(
        "repetition", "the target repeats itself or runs on: compare its length with the source", "major"
    )
