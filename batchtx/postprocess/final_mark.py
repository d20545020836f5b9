"""The final mark: where the source has one, and only there."""

from __future__ import annotations

import re

from batchtx.postprocess.edges import CLOSERS, body_end, ends_in_abbreviation, final_mark_of
from batchtx.postprocess.masking import until_stable
from batchtx.records import Segment

_SENTENCE = (".", "?", "!", "...", ";", ":")
_WRONG = {":": (".", ","), "?": (".", ","), ".": (",",), ";": (",",), "!": (",",), "...": (",",)}
_CONTINUED = re.compile(r"[;,] (?:and|or)$")
"""What an item of a list ends with; nothing follows it."""


def final_mark(target: str, segment: Segment) -> str:
    """The target ends with a mark when its source does, and never with an invented full stop.

    A mark that says the same in English is kept (! for 。). Parts of a forced cut are left alone.
    """
    if segment.forced or not segment.source.strip() or not any(char.isalnum() for char in target):
        return target
    wanted = final_mark_of(segment.source)
    return until_stable(lambda text: _fixed(text, wanted, segment.source), target)


def _fixed(target: str, wanted: str, source: str) -> str:
    found = final_mark_of(target)
    end = body_end(target)
    if not wanted:
        invented = found == "." and not ends_in_abbreviation(target)
        return target[: end - 1] + target[end:] if invented and end > 1 else target
    if wanted == "," or found == wanted or _CONTINUED.search(target):
        return target
    if found in _WRONG.get(wanted, ()) and not (found == "." and ends_in_abbreviation(target)):
        before = target[: end - 1]
        return target if final_mark_of(before) in _SENTENCE else before + wanted + target[end:]
    if found and found in _SENTENCE:
        return target
    return _with_mark(target, end, wanted, inside=_mark_is_inside(source))


def _mark_is_inside(source: str) -> bool:
    """Whether a closing quote or bracket follows the source's final mark (“好。”)."""
    return any(char in CLOSERS for char in source[body_end(source) :])


def _with_mark(target: str, end: int, wanted: str, *, inside: bool) -> str:
    """The mark after the last word, or after what closes behind it; always before trailing codes."""
    position = end
    if not inside:
        closing = [index for index in range(end, len(target)) if target[index] in CLOSERS]
        position = closing[-1] + 1 if closing else end
    return target[:position] + wanted + target[position:]
