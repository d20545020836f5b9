"""The rows of a review sheet: one a segment, the doubtful ones first, kept on disk until they are written."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from batchtx.files import temporary_database
from batchtx.messages import known_as, told, told_place
from batchtx.records import SEVERITIES, Flag, Match, Severity, Translation
from batchtx.report.report import DoubtfulRow
from batchtx.text.fingerprint import source_hash
from batchtx.text.inline_codes import show_codes, without_codes

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
    "match",
    "comment",
    "reviewer",
    "origin",
    "hash",
)
LONG = ("source", "translation", "correction")
"""Columns whose texts go on in further rows when a cell cannot hold them."""

EDITABLE = ("correction", "status", "comment", "reviewer")
"""Columns that are the reviewer's; `apply` reads what stands there."""

NUMBERS = ("score",)
STATUSES = ("approved", "corrected", "question")
"""What a reviewer can choose; "approved" makes the translation the reviewer's own."""

Order = Literal["doubt", "document"]
Languages = tuple[str, str]
"""Source and target, as in BCP 47."""

_ROWS = (
    "CREATE TABLE rows "
    "(number INTEGER PRIMARY KEY, doubt REAL, document INTEGER, flagged INTEGER, cells TEXT, words TEXT)"
)
_WEIGHTS: dict[Severity, float] = {"minor": 0.4, "major": 2.0, "critical": 100.0}
"""Chosen on held-out sets: eight to ten in ten major flags then stand in the top fifth of a sheet, which
still holds half of the worst translations (docs/quality.md)."""

_NO_SCORE = 0.99
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows a sheet gets: only those with a flag, only those of one document."""

    flagged: bool = False
    document: str | None = None


class SheetRows:
    """Collects rows on disk, however many there are, and gives them back in order.

    Use as a context manager.
    """

    def __init__(self) -> None:
        self._connection = temporary_database(_ROWS)
        self._connection.execute("BEGIN")
        self._documents: dict[str, int] = {}

    def __enter__(self) -> SheetRows:
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()

    def add(self, translation: Translation) -> None:
        """Add the row of one segment."""
        document = self._documents.setdefault(translation.segment.document, len(self._documents))
        texts = json.dumps(_cells(translation)), json.dumps(_words(translation))
        row = (risk(translation), document, bool(translation.flags), *texts)
        self._connection.execute(
            "INSERT INTO rows (doubt, document, flagged, cells, words) VALUES (?, ?, ?, ?, ?)", row
        )

    def flag(self, number: int, flag: Flag) -> str:
        """Add a flag to the row with this number (from 1, in the order of `add`); gives its document.

        What a person wrote is not doubted; "" then.
        """
        query = "SELECT doubt, cells FROM rows WHERE number = ?"
        doubt_now, text = self._connection.execute(query, (number,)).fetchone()
        row = dict(zip(COLUMNS, json.loads(text), strict=True))
        if row["origin"] == "human":
            return ""
        if not row["severity"]:
            row["severity"] = flag.severity
            doubt_now += _WEIGHTS[flag.severity]
        row["flags"] = "; ".join(filter(None, (row["flags"], _flag(flag))))
        changed = (doubt_now, json.dumps(list(row.values())), number)
        self._connection.execute(
            "UPDATE rows SET doubt = ?, flagged = 1, cells = ? WHERE number = ?", changed
        )
        return str(row["document"])

    def texts(self, number: int) -> tuple[str, str, str]:
        """Where the row with this number stands, its source and its translation, as the sheet shows them."""
        query = "SELECT cells FROM rows WHERE number = ?"
        (text,) = self._connection.execute(query, (number,)).fetchone()
        row = dict(zip(COLUMNS, json.loads(text), strict=True))
        return f"{row['document']}, {row['place']}", row["source"], row["translation"]

    @property
    def documents(self) -> list[str]:
        """The documents that have rows, in the order of the run."""
        return list(self._documents)

    def count(self, choice: Choice) -> int:
        """How many rows `choice` takes."""
        where, values = self._where(choice)
        return int(self._connection.execute(f"SELECT COUNT(*) FROM rows {where}", values).fetchone()[0])

    def ordered(self, choice: Choice, order: Order, *, by_document: bool = False) -> Iterator[list[str]]:
        """The rows, the most doubtful first or in the order of the documents.

        `by_document` keeps the rows of a document together in either order.
        """
        by = "doubt DESC, number" if order == "doubt" else "number"
        by = f"document, {by}" if by_document else by
        where, values = self._where(choice)
        for (cells,) in self._connection.execute(f"SELECT cells FROM rows {where} ORDER BY {by}", values):
            yield json.loads(cells)

    def doubtful(self) -> Iterator[DoubtfulRow]:
        """The flagged rows with the words that their flags point at, the most doubtful first."""
        query = "SELECT cells, words FROM rows WHERE flagged = 1 ORDER BY doubt DESC, number"
        for cells, words in self._connection.execute(query):
            yield DoubtfulRow(
                dict(zip(COLUMNS, json.loads(cells), strict=True)), *map(tuple, json.loads(words))
            )

    def _where(self, choice: Choice) -> tuple[str, list[int]]:
        wanted = [] if choice.document is None else [self._documents[choice.document]]
        return f"WHERE flagged >= {int(choice.flagged)}" + (" AND document = ?" if wanted else ""), wanted


def risk(translation: Translation) -> float:
    """How much a reviewer should look; larger is more doubtful.

    Critical flags first, then by the estimated quality as log-odds, to which a flag adds. What a
    person wrote, and what was only copied, comes last.
    """
    weight = max((_WEIGHTS[flag.severity] for flag in translation.flags), default=0.0)
    if translation.origin in ("human", "copied"):
        return weight - 1000.0
    score = _NO_SCORE if translation.score is None else translation.score
    score = min(max(score, _LEAST), 1.0 - _LEAST)
    return weight + math.log((1.0 - score) / score)


def _cells(translation: Translation) -> list[str]:
    segment = translation.segment
    severity = max((flag.severity for flag in translation.flags), key=SEVERITIES.index, default="")
    return [
        f"{segment.address}/{segment.index + 1}",
        segment.document,
        told_place(segment.place),
        show_codes(segment.source, segment.codes),
        show_codes(translation.target, segment.codes),
        "",
        "",
        "" if translation.score is None else f"{translation.score:.2f}",
        severity,
        "; ".join(map(_flag, translation.flags)),
        "; ".join(f"{term.source} = {term.targets[0]}" for term in segment.terms),
        _match(translation.match),
        "",
        "",
        translation.origin,
        f"h{source_hash(segment.source)}",  # a hash of digits alone would become a number
    ]


def _flag(flag: Flag) -> str:
    """A flag as a reviewer reads it: the name of its check stays, for docs and filters."""
    return f"{flag.check}: {told(flag.message)}"


def heads() -> list[str]:
    """Returns the heads of the columns in the language of the user; `column_of` finds the columns again."""
    return [told(name, context="column") for name in COLUMNS]


def column_of(head: str) -> str:
    """Returns the column that a head stands for, whatever the language of the run that wrote it."""
    name = head.strip().strip("\ufeff").strip().lower()
    return known_as("column").get(name, name)


def statuses() -> list[str]:
    """Returns what a reviewer can choose, in the language of the user; see `status_of`."""
    return [told(name, context="status") for name in STATUSES]


def status_of(text: str) -> str:
    """Returns the status that a reviewer chose, whatever its language."""
    name = text.strip().lower()
    return known_as("status").get(name, name)


def _words(translation: Translation) -> tuple[list[str], list[str]]:
    """The words of source and target that flags point at."""
    source, target = translation.segment.source, translation.target
    in_source = [without_codes(source[a:b]) for flag in translation.flags for a, b in flag.source_spans]
    in_target = [without_codes(target[a:b]) for flag in translation.flags for a, b in flag.target_spans]
    return list(dict.fromkeys(in_source)), list(dict.fromkeys(in_target))


def _match(match: Match | None) -> str:
    """A person's translation of a similar source: "87 %: source → target"."""
    if match is None:
        return ""
    source, target = (without_codes(text) for text in (match.source, match.target))
    return f"{match.similarity * 100:.0f} %: {source} → {target}"
