"""The edges of sources and targets: where the last mark and the first word stand."""

from __future__ import annotations

import re

from batchtx.text.inline_codes import CODES

CLOSERS = "”’\"'）)】]」』》〉}"
"""Quotes and brackets that may stand after a final mark."""
_TAIL = re.compile(rf"[\s{CODES}{re.escape(CLOSERS)}]*$")
_ABBREVIATION = re.compile(
    r"(?:\b(?:etc|e\.g|i\.e|al|vs|no|nos|inc|ltd|co|corp|dept|approx|st|jr|sr|dr|mr|mrs|ms|prof|fig|vol|ed|eds|p|pp|ca|cf"
    r"|est|min|max|avg|ave|a\.m|p\.m|a|b|c)|\b[A-Za-z](?:\.[A-Za-z])+|^\s*\(?(?:\d{1,3}|[A-Za-z]|[IVX]+))\.$",
    re.IGNORECASE,
)
_MARKS = {
    "。": ".", "｡": ".", ".": ".", "．": ".", "？": "?", "?": "?", "！": "!", "!": "!", "；": ";", ";": ";",
    "：": ":", ":": ":", "…": "...", "，": ",", ",": ",", "、": ",",
}  # fmt: skip


def body_end(text: str) -> int:
    """Returns the offset after the last character that is no space, code, closing bracket or quote."""
    match = _TAIL.search(text)
    return match.start() if match else len(text)


def final_mark_of(text: str) -> str:
    """Returns the English mark that a text ends with (brackets, quotes and codes looked through), "" if
    none.
    """
    end = body_end(text)
    return _MARKS.get(text[end - 1], "") if end else ""


def ends_in_abbreviation(text: str) -> bool:
    """Returns whether the final full stop belongs to an abbreviation, a list number or an ellipsis."""
    end = body_end(text)
    return text[:end].endswith("..") or _ABBREVIATION.search(text[:end]) is not None
