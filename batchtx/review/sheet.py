"""The review sheet: one row a segment, the doubtful ones first, as CSV that Excel and LibreOffice open."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from batchtx.records import SEVERITIES, Translation
from batchtx.review.cells import neutralise
from batchtx.text.codes import show_codes
from batchtx.text.fingerprint import source_hash

COLUMNS = (
    "id",
    "document",
    "place",
    "source",
    "translation",
    "correction",
    "status",
    "score",
    "severity",
    "flags",
    "terms",
    "comment",
    "origin",
    "hash",
)
Order = Literal["doubt", "document"]

_ROWS = "CREATE TABLE rows (number INTEGER PRIMARY KEY, doubt REAL, cells TEXT)"
_NO_SCORE = 0.0


class SheetRows:
    """Collects rows on disk, however many there are, and gives them back in order.

    Use as a context manager: the temporary file is gone afterwards.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="batchtx-sheet-", ignore_cleanup_errors=True)
        self._connection = sqlite3.connect(Path(self._folder.name) / "rows.sqlite", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(_ROWS)
        self._connection.execute("BEGIN")

    def __enter__(self) -> SheetRows:
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()
        self._folder.cleanup()

    def add(self, translation: Translation) -> None:
        """Add the row of one segment."""
        row = (doubt(translation), json.dumps(_cells(translation)))
        self._connection.execute("INSERT INTO rows (doubt, cells) VALUES (?, ?)", row)

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT COUNT(*) FROM rows").fetchone()[0])

    def ordered(self, order: Order) -> Iterator[list[str]]:
        """The rows, the most doubtful first or in the order of the documents."""
        by = "doubt DESC, number" if order == "doubt" else "number"
        for (cells,) in self._connection.execute(f"SELECT cells FROM rows ORDER BY {by}"):
            yield json.loads(cells)


def write_sheet(rows: SheetRows, output: BinaryIO, order: Order) -> None:
    """Write the sheet as CSV (RFC 4180, UTF-8 with a byte order mark, which Excel needs)."""
    text = io.TextIOWrapper(output, encoding="utf-8-sig", errors="surrogatepass", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for cells in rows.ordered(order):
        writer.writerow([neutralise(cell) for cell in cells])
    text.flush()
    text.detach()


def doubt(translation: Translation) -> float:
    """How much a reviewer should look: by severity first, then by the model's confidence.

    Larger is more doubtful. What a person wrote, and what was only copied, comes last.
    """
    severities = [SEVERITIES.index(flag.severity) + 1 for flag in translation.flags]
    worst = max(severities, default=0)
    if translation.origin in ("human", "copied"):
        return -1000.0 + worst
    score = translation.score if translation.score is not None else _NO_SCORE
    return 100.0 * worst + len(severities) + min(10.0, -score)


def _cells(translation: Translation) -> list[str]:
    segment = translation.segment
    severity = max((flag.severity for flag in translation.flags), key=SEVERITIES.index, default="")
    return [
        f"{segment.address}/{segment.index + 1}",
        segment.document,
        segment.place,
        show_codes(segment.source, segment.codes),
        show_codes(translation.target, segment.codes),
        "",
        "",
        "" if translation.score is None else f"{translation.score:.3f}",
        severity,
        "; ".join(f"{flag.check}: {flag.message}" for flag in translation.flags),
        "; ".join(f"{term.source} = {term.targets[0]}" for term in segment.terms),
        "",
        translation.origin,
        source_hash(segment.source),
    ]
