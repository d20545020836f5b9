"""A listener that shows nothing."""

from __future__ import annotations

from batchtx.records import Translation
from batchtx.report.report import DocumentReport, Report


class Silent:
    def translated(self, report: Report, translation: Translation, share: float) -> None: ...
    def document(self, report: DocumentReport) -> None: ...
