"""The records that travel between the rooms of a run: frozen, small, picklable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["minor", "major", "critical"]
"""MQM's words; ordered from least to worst."""

SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")

Origin = Literal["mt", "repeat", "memory", "phrasebook", "human", "copied", "failed"]
"""Where a translation comes from. Every segment ends in exactly one of these states."""

ORIGINS: tuple[Origin, ...] = ("mt", "repeat", "memory", "phrasebook", "human", "copied", "failed")

GlossaryMode = Literal["require", "prefer", "check-only"]
"""What entries are that do not say themselves whether they are required; see docs/glossary.md."""

TermUse = Literal["ask", "force", "check"]

CodeKind = Literal["open", "close", "point"]

UnitKind = Literal["text", "heading", "cell", "item", "title", "caption", "label"]
"""What a unit is in its document. Only "text" is expected to be made of full sentences."""


@dataclass(frozen=True, slots=True)
class Code:
    """One inline code of a unit.

    `kind` "point" stands alone (note mark, drawing, tab), "open" and "close" enclose text;
    `pair` is the index of the partner code, -1 for a point. `label` is for people ("footnote",
    "bold", "link"). `format_only` codes may be dropped when they cannot be placed (a changed look);
    all others must stand in the target exactly once.
    """

    kind: CodeKind
    label: str
    pair: int = -1
    format_only: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A place in a document that holds text and takes text back.

    `address` is unique in the document and stable while the document does not change
    ("word/document.xml#p12", "line 3", "line 3, text"). `place` is for people
    ("table 2, row 3, cell 1"). `text` may hold inline codes (see text.inline_codes).
    """

    address: str
    place: str
    text: str
    kind: UnitKind = "text"
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A place that could not be read; it stays in the document as it was, and is counted as failed."""

    address: str
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class UnitTarget:
    """What goes back into a unit: every code that is not `format_only` exactly once, pairs nested.

    The text equals the unit's text when nothing was translated.
    """

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry as found in one segment.

    `start` and `end` are character offsets in the segment's source. `targets` holds the allowed
    targets, the preferred one first; for a do-not-translate entry it is the source text itself.
    `use`: the engine is asked for it, or it goes behind a mark ("force"), or it is only checked.
    """

    start: int
    end: int
    source: str
    targets: tuple[str, ...]
    case: Literal["keep", "match", "ignore"] = "match"
    required: bool = True
    forbidden: tuple[str, ...] = ()
    use: TermUse = "ask"


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence (or heading, cell, list item) of a unit, as handed to a worker.

    `document` is the document's name in reports. `source` may hold inline codes, whose records are
    `codes` (all codes of the unit, so that indices stay valid). `index` counts the segments of the
    unit from 0. `forced` tells that a sentence was cut because it was too long. `persons` are names in it
    that its document tells elsewhere.
    """

    document: str
    address: str
    place: str
    index: int
    source: str
    kind: UnitKind = "text"
    codes: tuple[Code, ...] = ()
    terms: tuple[Term, ...] = ()
    forced: bool = False
    persons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One alignment link: source characters [source_start, source_end) ↔ target characters likewise."""

    source_start: int
    source_end: int
    target_start: int
    target_end: int


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Raw output of an engine for one source.

    `score` is the mean log-probability per target token in nats, None where the engine has none.
    `complete` is False when the length limit ended the decoding. `alignment` is None where the
    engine cannot tell.
    """

    text: str
    score: float | None = None
    complete: bool = True
    alignment: tuple[Link, ...] | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A doubt about a translation that a reviewer settles. `check` is the name of the check.

    The spans say where it points, by character of the segment's source and of the target; none where it
    is about the whole of it.
    """

    check: str
    message: str
    severity: Severity = "minor"
    source_spans: tuple[tuple[int, int], ...] = ()
    target_spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A person's translation of a similar source; `similarity` 0 to 1."""

    source: str
    target: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one segment in a worker; `failed` when nothing could be done.

    `score` is the estimated quality, 0 to 1; None where the engine tells nothing.
    """

    target: str
    score: float | None = None
    flags: tuple[Flag, ...] = ()
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """A segment with its target. `machine` is the machine's version where a person's replaced it.

    `score` is the estimated quality, 0 to 1 (batchtx.quality); None where nothing is known.
    """

    segment: Segment
    target: str
    origin: Origin
    score: float | None = None
    flags: tuple[Flag, ...] = ()
    machine: str = ""
    match: Match | None = None
