"""Inline codes: each of the source exactly once in the target, pairs nested."""

from __future__ import annotations

from batchtx.records import Flag, Segment
from batchtx.text.inline_codes import code_fault, codes_of, show_codes

_SHOWN = 5


def codes_kept(segment: Segment, target: str) -> Flag | None:
    """Every inline code stands in the target exactly once, pairs nested.

    Codes that are only a look may be missing; that is a minor doubt.
    """
    fault = code_fault(segment.source, target, segment.codes)
    if fault is not None:
        return Flag("codes", f"{fault}: put it where it belongs", "critical")
    kept = frozenset(codes_of(target))
    lost = [char for char in codes_of(segment.source) if char not in kept]
    if not lost:
        return None
    shown = ", ".join(show_codes(char, segment.codes) for char in lost[:_SHOWN])
    return Flag("codes", f"formatting lost: {shown}", "minor")
