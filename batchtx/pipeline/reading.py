"""Rooms 2 and 3: documents into segments, with what is needed to put them together again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from batchtx.errors import BatchtxError, DocumentError
from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.segments import UnitPlan, cut_unit
from batchtx.pipeline.snapshots import Snapshot
from batchtx.protocols import Document
from batchtx.records import Problem, Segment


@dataclass(frozen=True, slots=True)
class DocumentStart:
    """A document was opened; its segments follow."""

    job: Job
    document: Document


@dataclass(frozen=True, slots=True)
class UnitEnd:
    """All segments of a unit have passed."""

    plan: UnitPlan


@dataclass(frozen=True, slots=True)
class DocumentEnd:
    """The end of a document; with an `error` when it could not be opened or read to its end."""

    job: Job
    error: BatchtxError | None = None


logger = logging.getLogger(__name__)

_MOST_KEPT_BYTES = 64 * 2**20

Marker = DocumentStart | UnitEnd | Problem | DocumentEnd


def read_documents(
    jobs: Iterable[Job], opener: Callable[[Job], Document], pair: LanguagePair
) -> Iterator[Segment | Marker]:
    """Yields all segments of all documents in order; a bad document ends with its error, the next goes on."""
    for job in jobs:
        try:
            document = opener(job)
            yield DocumentStart(job, document)
            for unit in document.units():
                if isinstance(unit, Problem):
                    yield unit
                    continue
                plan = cut_unit(job.name, unit, pair)
                yield from plan.segments
                yield UnitEnd(plan)
        except DocumentError as error:
            yield DocumentEnd(job, error)
        except Exception as error:  # whatever one document does, the others go on
            logger.debug("%s", job.name, exc_info=True)
            yield DocumentEnd(
                job, DocumentError(job.name, f"cannot be read: {type(error).__name__}: {error}")
            )
        else:
            yield DocumentEnd(job)


class DocumentReader:
    """Reads documents, and remembers of each what its source was when it was opened."""

    def __init__(
        self, choices: FormatChoices, pair: LanguagePair, newest_correction: Callable[[], int]
    ) -> None:
        self._choices = choices
        self._pair = pair
        self._newest_correction = newest_correction
        self._snapshots: dict[Source, Snapshot] = {}

    def read(self, jobs: Iterable[Job]) -> Iterator[Segment | Marker]:
        """Yields the segments and markers of documents in order; see `read_documents`."""
        return read_documents(jobs, self._open, self._pair)

    def snapshot(self, job: Job) -> Snapshot | None:
        """Returns what the source was when it was opened, once; None when it never was."""
        return self._snapshots.pop(job.source, None)

    def _open(self, job: Job) -> Document:
        self._snapshots[job.source] = Snapshot.of(job.source.path, self._newest_correction())
        return open_document(job.format, job.source, self._choices, self._pair)


class KeepingReader(DocumentReader):
    """Reads each document once, although it is looked at before it is written.

    What was read is kept as long as the documents have no more bytes than `_MOST_KEPT_BYTES`; the others
    are read again, so that memory stays flat however many there are.
    """

    def __init__(
        self, choices: FormatChoices, pair: LanguagePair, newest_correction: Callable[[], int]
    ) -> None:
        super().__init__(choices, pair, newest_correction)
        self._kept: dict[Source, list[Segment | Marker]] = {}
        self._n_bytes = 0

    def look_at(self, job: Job) -> Iterator[Segment | Marker]:
        """Yields the segments and markers of one document, and keeps them for `read`."""
        items = super().read([job])
        self._n_bytes += _size_bytes(job.source)
        if self._n_bytes > _MOST_KEPT_BYTES:
            return items
        self._kept[job.source] = list(items)
        return iter(self._kept[job.source])

    def read(self, jobs: Iterable[Job]) -> Iterator[Segment | Marker]:
        """Yields what was kept, and reads the rest."""
        for job in jobs:
            kept = self._kept.pop(job.source, None)
            if kept is None:
                yield from super().read([job])
                continue
            seen = self._snapshots.get(job.source)
            if seen is not None:  # corrections of other documents have come since
                self._snapshots[job.source] = replace(seen, correction=self._newest_correction())
            yield from kept


def _size_bytes(source: Source) -> int:
    try:
        return source.size_bytes() or 0
    except OSError:
        return 0
