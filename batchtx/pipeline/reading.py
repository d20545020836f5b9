"""Rooms 2 and 3: documents into segments, with what is needed to put them together again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from batchtx.errors import BatchtxError, DocumentError
from batchtx.language.pair import LanguagePair
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.segments import UnitPlan, cut_unit
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

Marker = DocumentStart | UnitEnd | Problem | DocumentEnd


def read_documents(
    jobs: Iterable[Job], open_document: Callable[[Job], Document], pair: LanguagePair
) -> Iterator[Segment | Marker]:
    """All segments of all documents in order; a bad document ends with its error, the next goes on."""
    for job in jobs:
        try:
            document = open_document(job)
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
