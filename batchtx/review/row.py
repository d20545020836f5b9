"""One row of a review sheet as it came back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A segment as the reviewer left it; texts show inline codes as ⟦1⟧…⟦/1⟧.

    `number` counts as spreadsheets do (the header is row 1), in XLIFF the units from 1. `fault` says why the
    correction cannot be used; `note` is worth telling though it can. `repeats`: how many places of the run
    it stands for, `in_several` documents or in its own; `scope` "here": the decision holds at its own.
    """

    sheet: str
    number: int
    id: str
    document: str
    source: str
    translation: str
    correction: str
    hash: str
    status: str = ""
    comment: str = ""
    reviewer: str = ""
    fault: str = ""
    note: str = ""
    scope: str = ""
    repeats: int = 1
    in_several: bool = False

    @property
    def decided(self) -> bool:
        """Whether the reviewer wrote a correction or approved the translation."""
        return bool(self.correction.strip()) or self.status == "approved"

    @property
    def holds_elsewhere(self) -> bool:
        """Whether the decision goes to other places of the run that the sheet has no rows for."""
        return self.decided and self.repeats > 1 and self.scope != "here"

    @property
    def final(self) -> str:
        """What shall stand in the document."""
        return self.correction if self.correction.strip() else self.translation

    def __str__(self) -> str:
        return f"{self.sheet}, row {self.number}"
