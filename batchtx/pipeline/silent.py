"""A listener for runs that nobody watches: a library call, a service, a test."""

from __future__ import annotations

from batchtx.records import Translation
from batchtx.report.report import DocumentReport, Report


class Silent:
    """Shows nothing; see `run.ProgressListener`."""

    def translated(self, report: Report, translation: Translation, share: float) -> None:
        """Passes a segment over."""

    def document(self, report: DocumentReport) -> None:
        """Passes a document over."""
