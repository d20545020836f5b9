"""The JSON report of `batchtx apply`: what was changed and what was refused, row by row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from batchtx.records import Segment
from batchtx.report.report import Report
from batchtx.report.save import save_text
from batchtx.review.row import SheetRow
from batchtx.text.inline_codes import show_codes

REPORT_FORMAT = 1
"""Version of the report; docs/review.md describes it."""


@dataclass(frozen=True, slots=True)
class AppliedCorrection:
    """A correction that was taken, or with `reason` one that was refused. Codes show as ⟦1⟧…⟦/1⟧."""

    row: SheetRow
    target: str = ""
    machine: str = ""
    reviewer: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


@dataclass(slots=True)
class Applied:
    """What became of the rows. `aborted`: nothing was written, because a row was refused and the
    caller is strict."""

    changed: list[AppliedCorrection] = field(default_factory=list)
    refused: list[AppliedCorrection] = field(default_factory=list)
    n_unchanged: int = 0
    aborted: bool = False
    untranslated: list[Segment] = field(default_factory=list)
    """What neither the memory nor the sheet has a translation of; it stands in its source language."""

    failed_documents: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    """Edited documents whose edits are all in the memory."""

    held_outputs: list[str] = field(default_factory=list)
    """Edited documents that later runs must not overwrite: something in them is no correction."""

    reports: list[Report] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 everything applied · 1 a row was refused or a document not written · 3 held back."""
        if self.aborted:
            return 3
        return (
            1 if self.refused or self.held_outputs or any(report.exit_code for report in self.reports) else 0
        )

    def refuse(self, row: SheetRow, reason: str) -> None:
        """Notes that the correction of a row cannot be used, and why."""
        self.refused.append(AppliedCorrection(row, reason=reason))

    @property
    def waiting(self) -> list[AppliedCorrection]:
        """Corrections that are remembered, but whose document could not be written."""
        return [change for change in self.changed if change.row.document in self.failed_documents]


def save_report(applied: Applied, sheets: Sequence[Path], path: Path) -> None:
    """Writes the report; raises BatchtxError when it cannot be written."""
    facts = {
        "format": REPORT_FORMAT,
        "sheets": [str(sheet) for sheet in sheets],
        "exit_code": applied.exit_code,
        "held_back": applied.aborted,
        "changed": [
            {
                **_place(change),
                "machine": change.machine,
                "target": change.target,
                "reviewer": change.reviewer,
            }
            for change in applied.changed
        ],
        "unchanged": applied.n_unchanged,
        "refused": [
            {**_place(change), "reason": change.reason, "correction": change.row.correction}
            for change in applied.refused
        ],
        "waiting": [_place(change) for change in applied.waiting],
        "untranslated": [
            {
                "document": segment.document,
                "place": segment.place,
                "source": show_codes(segment.source, segment.codes),
            }
            for segment in applied.untranslated
        ],
        "documents": [
            {name: getattr(document, name) for name in ("name", "output", "state", "error")}
            for report in applied.reports
            for document in report.documents
        ],
        "taken": applied.taken,
        "kept": applied.held_outputs,
        "notes": applied.notes,
    }
    save_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", path)


def _place(change: AppliedCorrection) -> dict[str, str | int]:
    row = change.row
    return {
        "sheet": row.sheet,
        "row": row.number,
        "document": row.document,
        "id": row.id,
        "comment": row.comment,
    }
