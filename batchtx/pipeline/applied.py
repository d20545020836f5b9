"""What became of the rows of review sheets that went back."""

from __future__ import annotations

from dataclasses import dataclass, field

from batchtx.pipeline.report import Report
from batchtx.records import Segment
from batchtx.review.corrections import SheetRow


@dataclass(frozen=True, slots=True)
class Change:
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
    """What became of the rows. `held_back`: nothing was written, because a row was refused and the
    caller is strict."""

    changed: list[Change] = field(default_factory=list)
    refused: list[Change] = field(default_factory=list)
    n_unchanged: int = 0
    held_back: bool = False
    untranslated: list[Segment] = field(default_factory=list)
    """What neither the memory nor the sheet has a translation of; it stands in its source language."""

    failed_documents: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 everything applied · 1 a row was refused or a document not written · 3 held back."""
        if self.held_back:
            return 3
        return 1 if self.refused or any(report.exit_code for report in self.reports) else 0

    def refuse(self, row: SheetRow, reason: str) -> None:
        """Note that the correction of a row cannot be used, and why."""
        self.refused.append(Change(row, reason=reason))

    @property
    def waiting(self) -> list[Change]:
        """Corrections that are remembered, but whose document could not be written."""
        return [change for change in self.changed if change.row.document in self.failed_documents]
