"""Units into segments, and targets of segments back into targets of units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from batchtx.language.pair import LanguagePair
from batchtx.records import Segment, Unit
from batchtx.text.columns import MIN_WIDTH, gap_width
from batchtx.text.inline_codes import CODE, code_fault, codes_at_edges
from batchtx.text.segmenter import cut
from batchtx.text.split import split_long

MAX_SEGMENT_CHARS = 300
"""A sentence longer than this is cut, and flagged; spreadsheets and reviewers want short rows too."""

_BREAK = re.compile("[\t\n\r\v\f\x85\u2028\u2029]")
"""What parts lines and columns, and stays between their translations."""


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit and its segments: `gaps[i]` stands before segment i, the last gap after all of them."""

    unit: Unit
    segments: tuple[Segment, ...]
    gaps: tuple[str, ...]


def cut_unit(document: str, unit: Unit, pair: LanguagePair) -> UnitPlan:
    """Returns the sentences of a unit; gaps and sources joined in turn give the unit's text back."""
    segments: list[Segment] = []
    gaps: list[str] = []
    pending = ""
    for piece in cut(unit.text, unit.kind, unit.codes, pair.rules.label_length):
        if not piece.text:
            pending += piece.gap
            continue
        parts = split_long(piece.text, MAX_SEGMENT_CHARS, len)
        for number, part in enumerate(parts):
            gaps.append(pending + piece.gap if number == 0 else "")
            pending = ""
            segments.append(
                Segment(
                    document=document,
                    address=unit.address,
                    place=unit.place,
                    index=len(segments),
                    source=part,
                    kind=unit.kind,
                    codes=unit.codes,
                    forced=len(parts) > 1,
                )
            )
    return UnitPlan(unit, tuple(segments), (*gaps, pending))


def join_targets(plan: UnitPlan, targets: Sequence[str], *, spaced: bool = True) -> str:
    """Returns the unit's target.

    A unit in which nothing changed comes back exactly. Otherwise sentences that stood together are
    parted by a space (`spaced`, for languages that write spaces), ideographic spaces inside become
    one space, and the white space at both ends, around line breaks and tabs and between columns stays. For
    other languages no space stays behind a full-width mark.
    """
    if all(segment.source == target for segment, target in zip(plan.segments, targets, strict=True)):
        return plan.unit.text
    parts: list[str] = []
    for number, target in enumerate(targets):
        gap = plan.gaps[number]
        if number:
            gap = _inner_gap(gap, parts[-1], target) if spaced else _unspaced_gap(gap, parts[-1])
        parts += [gap, target]
    joined = "".join([*parts, plan.gaps[-1]])
    sound = code_fault(plan.unit.text, joined, plan.unit.codes) is None
    return joined if sound else codes_at_edges(plan.unit.text, joined)


def _unspaced_gap(gap: str, before: str) -> str:
    if _is_column_gap(gap):
        return gap
    blank = not gap.strip(" \t\u00a0")
    return "" if blank and before and not CODE.sub("", before)[-1:].isascii() else gap


def _inner_gap(gap: str, before: str, after: str) -> str:
    if _BREAK.search(gap):
        return gap
    if _is_column_gap(gap):
        return gap.replace("\u3000", "  ")
    if not gap and (not before or not after or before[-1].isspace() or CODE.sub("", before + after) == ""):
        return ""
    return "" if after[:1] in ",.;:!?)]" and not gap else " "


def _is_column_gap(gap: str) -> bool:
    return not gap.strip() and gap_width(gap) >= MIN_WIDTH
