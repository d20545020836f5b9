"""Doubts that show only across documents: one source translated in two ways, two sources in one way.

The whole run is compared at its end, so that both sides are flagged and each names the other; of many
equal rows in a document the first is enough. Until then a few numbers a segment wait in a temporary
database, which goes to disk when it grows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from batchtx.files import temporary_database
from batchtx.records import Flag, Translation
from batchtx.review.sheet import SheetRows
from batchtx.text.fingerprint import text_key
from batchtx.text.inline_codes import without_codes
from batchtx.text.normalize import normalize

_EDGES = re.compile(r"^\W+|\W+$")
_LEAST_WORDS = 4  # shorter translations are rightly shared: "Note", "See below"
_CHUNK = 1000
_SHOWN = 80
_SEEN = """
CREATE TABLE seen (
    number INTEGER PRIMARY KEY, document INTEGER, source INTEGER, target INTEGER, reusable INTEGER
)
"""
_GROUPS = """
SELECT {group}, {variant}, MIN(number) AS first FROM seen WHERE {group} IN
    (SELECT {group} FROM seen WHERE {where} GROUP BY {group} HAVING MIN({variant}) <> MAX({variant}))
AND {where} GROUP BY {group}, {variant}, document ORDER BY {group}, first
"""


class Consistency:
    """Told every segment of a run in the order of its sheet rows; flags those rows at the end.

    Use as a context manager.
    """

    def __init__(self) -> None:
        self._connection = temporary_database(_SEEN)
        self._pending: list[tuple[int, int, int, int, bool]] = []
        self._documents: dict[str, int] = {}
        self._n_seen = 0

    def __enter__(self) -> Consistency:
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()

    def add(self, translation: Translation) -> None:
        """Takes the next segment of the run; what was not translated does not count."""
        self._n_seen += 1
        if translation.origin in ("copied", "failed"):
            return
        source = normalize(without_codes(translation.segment.source))
        target = _EDGES.sub("", " ".join(without_codes(translation.target).casefold().split()))
        reusable = target.count(" ") < _LEAST_WORDS - 1
        document = self._documents.setdefault(translation.segment.document, len(self._documents))
        self._pending.append((self._n_seen, document, _number(source), _number(target), reusable))
        if len(self._pending) >= _CHUNK:
            self._store()

    def flag_rows(self, rows: SheetRows) -> Counter[tuple[str, str]]:
        """Flags the rows in doubt; returns how many these were, by document and check."""
        self._store()
        counts: Counter[tuple[str, str]] = Counter()
        for check, group, variant, where in (
            ("inconsistent", "source", "target", "TRUE"),
            ("reused", "target", "source", "NOT reusable"),
        ):
            query = _GROUPS.format(group=group, variant=variant, where=where)
            for number, other in _with_others(self._connection.execute(query)):
                document = rows.flag(number, _flag(check, rows, other))
                if document:
                    counts[document, check] += 1
        return counts

    def _store(self) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO seen VALUES (?, ?, ?, ?, ?)", self._pending)
        self._connection.execute("COMMIT")
        self._pending.clear()


def _with_others(found: Iterator[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """Each row's number with that of the first row of its group that says otherwise."""
    for _, group in groupby(found, key=lambda row: row[0]):
        members = [(variant, number) for _, variant, number in group]
        first_variant, first = members[0]
        second = next(number for variant, number in members if variant != first_variant)
        for variant, number in members:
            yield number, second if variant == first_variant else first


def _flag(check: str, rows: SheetRows, other: int) -> Flag:
    place, source, target = rows.texts(other)
    if check == "inconsistent":
        return Flag(check, f"{place} has the same source and says: {_short(target)}")
    return Flag(check, f"{place} says the same for another source: {_short(source)}")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _number(text: str) -> int:
    return int.from_bytes(text_key(text)[:8], "big", signed=True)
