"""Articles before names: one in "the the Ministry of Finance", none in "the Party A"."""

from __future__ import annotations

import re

from batchtx.records import Segment

_TWICE = re.compile(r"\b(?:[Tt]he|[Aa]n?) the\b(?= [A-Z\d])")
_PARTY = re.compile(r"\b(?:[Tt]he|[Aa]n?) (?P<name>Party [A-E])\b")
_STARTS = re.compile(r"the [A-Z]")


def one_article(target: str, segment: Segment) -> str:
    """A name by rule brings its own "the": one of the engine's goes, and at the start it is "The"."""
    if _PARTY.search(target):
        target = _PARTY.sub(lambda match: match["name"], target)
    target = _TWICE.sub(lambda match: "The" if match[0][0].isupper() else "the", target)
    return f"T{target[1:]}" if _STARTS.match(target) else target
