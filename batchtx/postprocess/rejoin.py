"""Words of the source that an engine took apart: C ++, 3 . 14, { name }, https : / / a.b."""

from __future__ import annotations

import re
from functools import lru_cache

from batchtx.postprocess.masking import until_stable
from batchtx.records import Segment
from batchtx.text.literals import literals

_WORD = re.compile(r"(?<![!-~])[A-Za-z0-9$-][\w+#/@&%$.:*=~^-]{1,80}(?![\w(\[{<\"'])", re.ASCII)
_EDGES = ".:"
_PART = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)
_MIXED = re.compile(r"[A-Za-z0-9][^A-Za-z0-9]|[^A-Za-z0-9][A-Za-z0-9]")
_MOST = 40


def literals_rejoined(target: str, segment: Segment) -> str:
    """An ASCII word of the source with marks in it stands in the target without spaces inside.

    Only what the source has exactly so is put together: a / b becomes a/b when the source says a/b.
    """
    wanted = _wanted(segment.source)
    if not wanted or " " not in target:
        return target
    return until_stable(lambda text: _rejoined(text, wanted), target)


def _rejoined(text: str, wanted: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
    for literal, pattern in wanted:
        if literal[0] in text:
            text = pattern.sub(lambda match, literal=literal: literal, text)  # type: ignore[misc]
    return text


@lru_cache(maxsize=64)
def _wanted(source: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Words and literals of a source with the pattern of their torn form, longest first."""
    words = {match[0].rstrip(_EDGES) for match in _WORD.finditer(source)}
    found = {word for word in {*words, *literals(source)} if _MIXED.search(word) and word.isascii()}
    longest = sorted(found, key=lambda word: (-len(word), word))[:_MOST]
    return tuple((word, _torn(word)) for word in longest if " " not in word)


def _torn(word: str) -> re.Pattern[str]:
    body = r" {0,2}".join(re.escape(part) for part in _PART.findall(word))
    left = r"(?<![A-Za-z0-9])" if word[0].isalnum() else r"(?<![\w)] )" if word[0] == "-" else ""
    right = r"(?![A-Za-z0-9])" if word[-1].isalnum() else ""
    return re.compile(f"{left}{body}{right}")
