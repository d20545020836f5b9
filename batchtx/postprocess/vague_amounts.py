"""Of between an amount that is no number and what it counts: tens of thousands of people."""

from __future__ import annotations

import re

from batchtx.records import Segment

_SAID = re.compile("[数几][十百千]?[万亿]")
_VAGUE = re.compile(
    r"(\b(?:(?:tens|hundreds) of )?(?:thousands|millions|billions|trillions)) "
    r"(?!(?:of|and|or|in|to|on|at|for|from|by|with|as|are|is|was|were|have|has|had|will|shall|can|may|more|each)\b)(?=[a-z])"
)


def vague_amounts(target: str, segment: Segment) -> str:
    """数十万人 is "hundreds of thousands of people", whose rule sees the amount alone."""
    return _VAGUE.sub(r"\1 of ", target) if _SAID.search(segment.source) else target
