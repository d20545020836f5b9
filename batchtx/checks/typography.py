"""Small print: final marks, capitals, spaces."""

from __future__ import annotations

import re

from batchtx.records import Flag, Segment
from batchtx.text.inline_codes import CODES, without_codes

_CLOSING = f"\\s{CODES}”’\"'）)】\\]」』》*_`"
_TAIL = re.compile(f"[{_CLOSING}]+$")
_HEAD = re.compile(rf"^[\s{CODES}\"'“‘(\[*_`-]*([a-z][\w'’-]*)(?=[\s,;:.!?]|$)")
_QUESTION = "?？"
_STOPS = ".。!！?？;；:：…"


def final_mark_kept(segment: Segment, target: str) -> Flag | None:
    """A question stays a question, and a sentence that ends with a mark ends with one."""
    source, target = _TAIL.sub("", segment.source), _TAIL.sub("", target)
    if not source or not target or segment.forced:
        return None
    if (source[-1] in _QUESTION) != (target[-1] in _QUESTION) and source[-1] in _STOPS:
        return Flag("endpunc", "one of source and target is a question, the other is not", "minor")
    if source[-1] in _STOPS and target[-1] not in _STOPS:
        return Flag("endpunc", f"the source ends with {source[-1]}, the target without a mark", "minor")
    return None


def starts_with_capital(segment: Segment, target: str) -> Flag | None:
    """A full sentence starts with a capital, unless its first word is a name of the source (npm)."""
    source = _TAIL.sub("", segment.source)
    match = _HEAD.match(target)
    if not match or not source or source[-1] not in "。！？" or segment.forced:
        return None
    if match[1].casefold() in source.casefold() or any(char.isdigit() or char == "_" for char in match[1]):
        return None
    return Flag(
        "startcaps", f"the sentence starts with a small letter: {match[1]}", "minor", (), (match.span(1),)
    )


def single_spaces(segment: Segment, target: str) -> Flag | None:
    """Words are one space apart, and no space stands at the ends or before a comma or stop."""
    bare = without_codes(target)
    if re.search(r"\S[ \u00a0]{2,}\S", bare) and not re.search(r"\S {2,}\S", without_codes(segment.source)):
        return Flag("doublespacing", "two spaces in a row in the target", "minor")
    if re.search(r"\w ,|\w \.(?=\s|$)", bare):
        return Flag("doublespacing", "a space stands before a comma or full stop", "minor")
    return None
