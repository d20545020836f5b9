"""Length: a target far too short has lost something, one far too long has made something up."""

from __future__ import annotations

import re

from batchtx.records import Flag, Segment, Severity
from batchtx.text.inline_codes import without_codes
from batchtx.text.scripts import count_han

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_LATIN = re.compile(r"[A-Za-z0-9]+")

_SHORT = 0.4
_FAR_TOO_SHORT = 0.2
_LONG = 1.4
_SLACK = 6
_LEAST = 12


def length_plausible(segment: Segment, target: str) -> Flag | None:
    """The target is about as long as English for this source is: 0.4 to 1.4 words a Han character.

    Measured on human pairs of seven corpora: 98.5 % lie between, the middle is 0.6 to 0.8; of targets
    cut in half 78 to 93 % lie under it. Short sources have some slack.
    """
    source = without_codes(segment.source)
    n_source = count_han(source) + len(_LATIN.findall(source))
    n_target = len(_WORD.findall(without_codes(target)))
    if n_target > n_source * _LONG + _SLACK:
        return Flag("length", f"{n_target} words for {n_source} characters: is something added?", "minor")
    if n_source >= _LEAST and n_target < n_source * _SHORT:
        severity: Severity = "major" if n_target < n_source * _FAR_TOO_SHORT else "minor"
        return Flag("length", f"{n_target} words for {n_source} characters: is something missing?", severity)
    return None
