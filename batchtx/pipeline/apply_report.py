"""The JSON report of `batchtx apply`: what was changed and what was refused, row by row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from batchtx.pipeline.applied import Applied, Change
from batchtx.pipeline.report import save_text
from batchtx.text.codes import show_codes

REPORT_FORMAT = 1
"""Version of the report; docs/review.md describes it."""


def save_report(applied: Applied, sheets: Sequence[Path], path: Path) -> None:
    """Write the report; raises BatchtxError when it cannot be written."""
    facts = {
        "format": REPORT_FORMAT,
        "sheets": [str(sheet) for sheet in sheets],
        "exit_code": applied.exit_code,
        "held_back": applied.held_back,
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
            {
                "name": document.name,
                "output": document.output,
                "state": document.state,
                "error": document.error,
            }
            for report in applied.reports
            for document in report.documents
        ],
        "notes": applied.notes,
    }
    save_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", path)


def _place(change: Change) -> dict[str, str | int]:
    row = change.row
    return {
        "sheet": row.sheet,
        "row": row.number,
        "document": row.document,
        "id": row.id,
        "comment": row.comment,
    }
