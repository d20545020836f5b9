"""Reads review sheets back, and several as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from batchtx.review.formats import read_sheet
from batchtx.review.row import SheetRow

__all__ = ["SheetRow", "by_document", "merged", "read_sheet"]


def by_document(rows: Iterable[SheetRow]) -> dict[str, dict[str, SheetRow]]:
    """Returns the rows under document and id; a row of several sheets, or twice in one, becomes one."""
    same: dict[tuple[str, str], list[SheetRow]] = {}
    for row in rows:
        same.setdefault((row.document, row.id), []).append(row)
    grouped: dict[str, dict[str, SheetRow]] = {}
    for (document, row_id), copies in same.items():
        grouped.setdefault(document, {})[row_id] = merged(copies)
    return grouped


def merged(copies: Sequence[SheetRow]) -> SheetRow:
    """Returns one row for several of the same segment: the one that says something.

    When two say different things it has a fault: nobody but the reviewers can tell which is right.
    """
    speaking = [row for row in copies if row.decided] or copies[:1]
    first, *others = speaking
    for other in others:
        if other.final != first.final or other.hash != first.hash:
            fault = f"{other} has another correction of this segment; leave only one of the two"
            return replace(first, fault=fault)
    return first
