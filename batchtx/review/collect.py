"""What a run collects for its reviewer: sheet rows, doubts across documents, similar translations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice

from batchtx.errors import StoreError
from batchtx.memory.store import Correction, Store
from batchtx.records import Match, Translation
from batchtx.report.report import DoubtfulRow, Report
from batchtx.review.consistency import Consistency
from batchtx.review.sheet import SheetRows


class Review:
    """Told every segment of a run. Use as a context manager: its files are gone afterwards."""

    def __init__(self, store: Store, report: Report) -> None:
        self._report = report
        self._stack = ExitStack()
        self.rows = self._stack.enter_context(SheetRows())
        self._consistency = self._stack.enter_context(Consistency())
        self._matches = (
            _Matches(store.corrections(newest_first=True), report) if store.newest_correction() else None
        )

    def __enter__(self) -> Review:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def add(self, translation: Translation) -> None:
        """Takes one more segment, in the order of the documents.

        Raises:
            StoreError: there is no room for the temporary files.
        """
        if self._matches is not None and translation.origin not in ("human", "copied"):
            translation = replace(translation, match=self._matches.find(translation.segment.source))
        try:
            self.rows.add(translation)
            self._consistency.add(translation)
        except sqlite3.Error as error:
            raise _no_room(error) from None

    def finish(self, n_worst: int) -> None:
        """Flags what only the whole run shows, and tells the report, with its most doubtful segments."""
        documents = {document.name: document for document in self._report.documents}
        try:
            found = self._consistency.flag_rows(self.rows)
        except sqlite3.Error as error:
            raise _no_room(error) from None
        for (name, check), count in found.items():
            documents[name].count_flags(check, "minor", count)
        if n_worst:
            self._report.worst = list(islice(self._doubtful(), n_worst))

    def _doubtful(self) -> Iterator[DoubtfulRow]:
        """Flagged rows, the most doubtful first, equal ones once."""
        seen: set[tuple[str, str]] = set()
        for row in self.rows.doubtful():
            texts = row.cells["source"], row.cells["translation"]
            if texts not in seen:
                seen.add(texts)
                yield row


def _no_room(error: sqlite3.Error) -> StoreError:
    return StoreError(
        f"the temporary file of the review sheet: {error}; "
        "free some space, name another folder in TMPDIR, or use --no-sheet"
    )


class _Matches:
    """Similar entries of the memory; none, and a note, where rapidfuzz is missing."""

    def __init__(self, entries: Iterable[Correction], report: Report) -> None:
        from batchtx.memory.fuzzy import FuzzyMatches

        self._fuzzy: FuzzyMatches | None = None
        try:
            self._fuzzy = FuzzyMatches(entries)
        except ImportError:
            report.notes.append("no fuzzy matches: pip install 'batchtx[review]' (rapidfuzz)")

    def find(self, source: str) -> Match | None:
        return self._fuzzy.find(source) if self._fuzzy is not None else None
