"""Repeated heads and loops: a decoder's stutter, said once."""

from __future__ import annotations

from batchtx.postprocess.masking import until_stable
from batchtx.records import Segment
from batchtx.text.inline_codes import codes_of, without_codes
from batchtx.text.repetition import collapse, longest_repeat, may_repeat

_TIMES = 4


def loops_collapsed(target: str, segment: Segment) -> str:
    """A phrase that stands four times or more in a row stands once, unless the source repeats too."""
    if not may_repeat(target.split(), _TIMES):
        return target
    if longest_repeat(list(without_codes(segment.source))) >= _TIMES - 1:
        return target
    if longest_repeat(segment.source.split()) >= _TIMES - 1:
        return target
    changed = until_stable(lambda text: collapse(text, _TIMES), target)
    return changed if codes_of(changed) == codes_of(target) else target
