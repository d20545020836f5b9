"""The rows of a review sheet: one a segment, the doubtful ones first, kept on disk until they are written."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from batchtx.files import temporary_database
from batchtx.messages import known_as, told, told_place
from batchtx.records import SEVERITIES, Flag, Match, Severity, Translation
from batchtx.report.report import DoubtfulRow
from batchtx.text.fingerprint import source_hash, text_key
from batchtx.text.inline_codes import show_codes, without_codes

COLUMNS = (
    "id",
    "document",
    "place",
    "source",
    "translation",
    "correction",
    "status",
    "scope",
    "repeats",
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

EDITABLE = ("correction", "status", "scope", "comment", "reviewer")
"""Columns that are the reviewer's; `apply` reads what stands there."""

NUMBERS = ("score",)
STATUSES = ("approved", "corrected", "question")
"""What a reviewer can choose; "approved" makes the translation the reviewer's own."""

SCOPES = ("all", "here")
"""Where a decision holds: at every place with this source (nothing says the same), or at this one alone."""

Order = Literal["doubt", "document"]
Chosen = Literal["all", "translated", "flagged", "major", "critical"]
"""All rows; those in which something was translated; those with a flag, of any or at least this severity."""

Fold = Literal["no", "document", "run"]
"""Whether rows of one source and one translation stand once: in their document, or in the whole run."""

Languages = tuple[str, str]
"""Source and target, as in BCP 47."""

_ROWS = (
    "CREATE TABLE rows (number INTEGER PRIMARY KEY, doubt REAL, document INTEGER, severity INTEGER, "
    "copied INTEGER, label INTEGER, same BLOB, cells TEXT, words TEXT)"
)
_LEAST_SEVERITY: dict[Chosen, int] = {"all": 0, "translated": 0, "flagged": 1, "major": 2, "critical": 3}
_LABEL_CHARS = 10
_SENTENCE_END = re.compile(r"[。！？.!?；;]\W*$")
_WEIGHTS: dict[Severity, float] = {"minor": 0.4, "major": 2.0, "critical": 100.0}
"""Chosen on held-out sets: eight to ten in ten major flags then stand in the top fifth of a sheet, which
still holds half of the worst translations (docs/quality.md)."""

_SOURCE, _TRANSLATION, _REPEATS = map(COLUMNS.index, ("source", "translation", "repeats"))
_IN_SEVERAL = " in several documents"
_NO_SCORE = 0.99
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows a sheet gets: of what kind, of which document (None: all), and whether equal ones once."""

    rows: Chosen = "all"
    document: str | None = None
    fold: Fold = "no"


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
        """Adds the row of one segment."""
        document = self._documents.setdefault(translation.segment.document, len(self._documents))
        cells = _cells(translation)
        worst = max((_rank(flag.severity) for flag in translation.flags), default=0)
        source = without_codes(translation.segment.source)
        row = (
            risk(translation),
            document,
            worst,
            translation.origin == "copied",
            len(source) <= _LABEL_CHARS and not _SENTENCE_END.search(source),
            text_key("\0".join((cells[_SOURCE], cells[_TRANSLATION]))),
            json.dumps(cells),
            json.dumps(_words(translation)),
        )
        self._connection.execute(f"INSERT INTO rows VALUES (NULL{', ?' * len(row)})", row)

    def flag(self, number: int, flag: Flag) -> str:
        """Adds a flag to the row with this number (from 1, in the order of `add`); gives its document.

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
        changed = (doubt_now, _rank(flag.severity), json.dumps(list(row.values())), number)
        self._connection.execute(
            "UPDATE rows SET doubt = ?, severity = max(severity, ?), cells = ? WHERE number = ?", changed
        )
        return str(row["document"])

    def texts(self, number: int) -> tuple[str, str, str]:
        """Returns where the row with this number stands, its source and its translation, as the sheet
        shows them.
        """
        query = "SELECT cells FROM rows WHERE number = ?"
        (text,) = self._connection.execute(query, (number,)).fetchone()
        row = dict(zip(COLUMNS, json.loads(text), strict=True))
        return f"{row['document']}, {row['place']}", row["source"], row["translation"]

    @property
    def documents(self) -> list[str]:
        """The documents that have rows, in the order of the run."""
        return list(self._documents)

    def count(self, choice: Choice) -> int:
        """Returns how many rows `choice` takes."""
        query, values = _query("COUNT(*)", choice, self._documents)
        return int(self._connection.execute(query, values).fetchone()[0])

    def ordered(self, choice: Choice, order: Order, *, by_document: bool = False) -> Iterator[list[str]]:
        """Yields the rows, the most doubtful first or in the order of the documents.

        `by_document` keeps the rows of a document together in either order. In the order of doubt short
        labels that nobody doubts stand together at the end.
        """
        by = "severity = 0 AND label, doubt DESC, number" if order == "doubt" else "number"
        by = f"document, {by}" if by_document else by
        query, values = _query("cells, times, first_document < last_document", choice, self._documents)
        for text, times, in_several in self._connection.execute(f"{query} ORDER BY {by}", values):
            cells = json.loads(text)
            if times > 1:
                cells[_REPEATS] = repeats_text(times, in_several=in_several)
            yield cells

    def doubtful(self) -> Iterator[DoubtfulRow]:
        """Yields the flagged rows with the words that their flags point at, the most doubtful first."""
        query = "SELECT cells, words FROM rows WHERE severity > 0 ORDER BY doubt DESC, number"
        for cells, words in self._connection.execute(query):
            yield DoubtfulRow(
                dict(zip(COLUMNS, json.loads(cells), strict=True)), *map(tuple, json.loads(words))
            )


def repeats_text(times: int, *, in_several: bool) -> str:
    """Returns how often an equal row stands in the run, as a cell: "×33 in several documents"."""
    return f"×{times}" + (_IN_SEVERAL if in_several else "")


def read_repeats(cell: str) -> tuple[int, bool]:
    """Returns how often a row stands in its run, and whether in several documents; the inverse of
    `repeats_text`.
    """
    found = re.match(r"×\s*(\d+)", cell)
    return (int(found[1]), cell.endswith(_IN_SEVERAL)) if found else (1, False)


def _query(wanted: str, choice: Choice, documents: dict[str, int]) -> tuple[str, list[int]]:
    """The rows of a choice; of equal ones the most doubtful stands for all (`times` of them)."""
    conditions, values = ["place = 1", "severity >= ?"], [_LEAST_SEVERITY[choice.rows]]
    if choice.rows == "translated":
        conditions.append("(NOT copied OR severity > 0)")
    if choice.document is not None:
        conditions.append("document = ?")
        values.append(documents[choice.document])
    equal = "number" if choice.fold == "no" else "same"
    if choice.fold == "document" or choice.document is not None:
        equal += ", document"
    table = (
        f"(SELECT *, ROW_NUMBER() OVER (PARTITION BY {equal} ORDER BY doubt DESC, number) AS place, "
        "COUNT(*) OVER equal AS times, "
        "MIN(document) OVER equal AS first_document, MAX(document) OVER equal AS last_document "
        f"FROM rows WINDOW equal AS (PARTITION BY {equal}))"
    )
    return f"SELECT {wanted} FROM {table} WHERE {' AND '.join(conditions)}", values


def risk(translation: Translation) -> float:
    """Returns how much a reviewer should look; larger is more doubtful.

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


def _rank(severity: Severity) -> int:
    return SEVERITIES.index(severity) + 1


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


def scopes() -> list[str]:
    """Returns where a decision can hold, in the language of the user; see `scope_of`."""
    return [told(name, context="scope") for name in SCOPES]


def scope_of(text: str) -> str | None:
    """Returns the scope that a reviewer chose, whatever its language and width; "" for none.

    None for what is no scope: nobody can tell whether it was to be here or at all places.
    """
    name = unicodedata.normalize("NFKC", text).strip(" \t\r\n\u00a0.。\"'").lower()
    scope = known_as("scope").get(name, name)
    return scope if scope in ("", *SCOPES) else None


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
