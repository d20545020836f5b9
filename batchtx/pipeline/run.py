"""A run: documents in, documents, sheet and report out (docs/architecture.md, "The way of a segment")."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from os.path import realpath
from pathlib import Path
from typing import BinaryIO, Protocol

from batchtx.config import RunConfig
from batchtx.errors import BatchtxError, DocumentError, EngineError, StoreError
from batchtx.executors.memory_use import peak_bytes
from batchtx.files import shown_path
from batchtx.formats.options import FormatChoices
from batchtx.glossary.matcher import Matcher
from batchtx.glossary.table import Glossary
from batchtx.language.pair import LanguagePair
from batchtx.memory.lookup import Lookup
from batchtx.memory.store import Store, path_key
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.reading import DocumentEnd, DocumentReader, DocumentStart, Marker, UnitEnd
from batchtx.pipeline.run_plan import RunPlan
from batchtx.pipeline.scheduling import Rest, Workers, prepared, translate
from batchtx.pipeline.segments import join_targets
from batchtx.pipeline.writing import DocumentWriter
from batchtx.protocols import Document
from batchtx.records import Problem, Segment, Translation, UnitTarget
from batchtx.report.report import DocumentReport, Report
from batchtx.review.collect import Review
from batchtx.review.sheet_writer import SheetWriter

logger = logging.getLogger(__name__)

Stream = Iterator[Translation | Marker]

_PLACED_AT_ONCE = 256
_NO_RUN = -1  # no finished segment has this number


class ProgressListener(Protocol):
    """Is told how the run gets on; the command line shows it as a progress bar."""

    def translated(self, report: Report, translation: Translation, share: float) -> None:
        """Hears of one more segment; `share` of all input that is translated so far, 0 to 1."""
        ...

    def document(self, report: DocumentReport) -> None:
        """Hears that one more document is done, or failed."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run needs, put together by the command line or the service."""

    config: RunConfig
    options: FormatChoices
    pair: LanguagePair
    unknown: Workers | Rest
    """Who is asked for what the memory does not know."""

    glossary: Glossary
    memory_signature: str
    """Engine, model and steps: what a remembered segment depends on."""

    full_signature: str
    """The above and glossary and format options: what an output depends on."""

    rules: tuple[str, ...] = ()
    """The kinds of rules that hold (`--rules`)."""

    shard: str = ""
    """Which part of a larger run this is ("2/8"); "": the whole."""

    stdout: BinaryIO | None = None
    """Where a document without an output goes."""

    standing: Mapping[str, str] | None = None
    """For a sheet that goes back: the output of each document, whose translations count (see `Recall`)."""


def new_report(run: Run, jobs: Sequence[Job]) -> Report:
    """Returns the report of a run that has not begun."""
    languages = run.pair.source, run.pair.target
    report = Report(run.full_signature, shard=run.shard, languages=languages, fail_on=run.config.fail_on)
    report.documents = [DocumentReport(job.name, shown_path(job.output or Path("-"))) for job in jobs]
    return report


def translate_documents(
    run: Run, jobs: Sequence[Job], store: Store, listener: ProgressListener, report: Report | None = None
) -> Report:
    """Translates all jobs. One bad document never stops the others; Ctrl-C leaves a valid memory.

    `report` (see `new_report`) is filled; a caller that gives one has it when the run breaks off, too.
    """
    report = new_report(run, jobs) if report is None else report
    report.notes += [*store.notes, *run.glossary.notes]
    number = store.start_run(run.full_signature, _plan(run, jobs).to_json())
    started = time.monotonic()
    try:
        with ExitStack() as stack:
            wanted = run.config.sheet or run.config.n_worst
            review = stack.enter_context(Review(store, report)) if wanted else None
            reader = DocumentReader(run.options, run.pair, store.newest_correction)
            _Session(run, reader, store, number, report, review, listener, started).translate(jobs)
            if review is not None:
                review.finish(run.config.n_worst)
                languages = run.pair.source, run.pair.target
                SheetWriter(run.config, languages, store, report).write(review.rows)
    except KeyboardInterrupt:
        report.interrupted = True
    report.elapsed_s = time.monotonic() - started
    report.peak_parent_bytes = peak_bytes()
    if isinstance(run.unknown, Workers):
        report.peak_worker_bytes = run.unknown.executor.peak_worker_bytes
    store.end_run(number, report.to_json())
    return report


def write_documents(
    run: Run, jobs: Sequence[Job], reader: DocumentReader, store: Store, listener: ProgressListener
) -> Report:
    """Writes documents anew from what is known of them; this is no run, and the memory notes none.

    A document that would lose translations stays as it was. Nothing is remembered.
    """
    report = new_report(run, jobs)
    report.notes += store.notes
    started = time.monotonic()
    try:
        _Session(run, reader, store, _NO_RUN, report, None, listener, started).translate(jobs)
    except KeyboardInterrupt:
        report.interrupted = True
    report.elapsed_s = time.monotonic() - started
    report.peak_parent_bytes = peak_bytes()
    return report


class _Session:
    """The moving parts of one run."""

    def __init__(
        self,
        run: Run,
        reader: DocumentReader,
        store: Store,
        number: int,
        report: Report,
        review: Review | None,
        listener: ProgressListener,
        started: float,
    ) -> None:
        self._run = run
        self._store = store
        self._reader = reader
        self._writer = DocumentWriter(run.config, run.full_signature, run.pair, run.stdout, store, report)
        self._lookup = Lookup(store, run.memory_signature, number, run.pair, run.standing, run.rules)
        self._report = report
        self._review = review
        self._listener = listener
        self._started = started
        self._all_bytes = self._done_bytes = self._present_bytes = 0  # of the documents' files
        self._n_read: Counter[str] = Counter()  # segments by document
        self._document: Document | None = None
        self._to_place: list[Translation] = []

    def translate(self, jobs: Sequence[Job]) -> None:
        matcher = Matcher(self._run.glossary) if self._run.glossary.entries else None
        read = self._counted(self._reader.read(jobs))
        items = prepared(read, matcher, self._run.pair, self._run.rules)
        stream = translate(items, self._lookup, self._run.unknown)
        self._all_bytes = sum(sizes := [_size_bytes(job) for job in jobs])
        with closing(stream):
            for document_report, job, size in zip(self._report.documents, jobs, sizes, strict=True):
                self._present_bytes = size
                self._one_document(job, document_report, stream)
                self._done_bytes += size
                self._listener.document(document_report)

    def _one_document(self, job: Job, report: DocumentReport, stream: Stream) -> None:
        """Write one document from the stream; on an error the stream still moves on to the next."""
        start = next(stream, None)
        snapshot = self._reader.snapshot(job)
        if start is None or snapshot is None:
            raise EngineError("the run broke off; run the same command again to go on")
        if isinstance(start, DocumentEnd):
            report.state, report.error = "failed", str(start.error)
            return
        assert isinstance(start, DocumentStart)
        self._document = start.document
        self._writer.lost = []
        targets = self._unit_targets(job, report, stream)
        try:
            report.state = self._writer.write(job, report, start.document, snapshot, targets)
        except (EngineError, StoreError):
            raise
        except BrokenPipeError:
            if len(self._report.documents) == 1:  # nobody reads on: there is nothing left to do
                raise
            report.state, report.error = "failed", "standard output was closed before the end"
            for _ in _until_end(targets):
                pass
        except Exception as error:  # whatever one document does, the others go on
            logger.debug("%s", job.name, exc_info=True)
            report.state, report.error = "failed", _with_name(job, error)
            for _ in _until_end(targets):
                pass
        report.notes += start.document.notes
        if self._run.config.coverage and report.state != "failed":
            report.notes += _coverage(start.document, self._run.pair)

    def _unit_targets(self, job: Job, report: DocumentReport, stream: Stream) -> Iterator[UnitTarget]:
        """What the document's writer pulls; ends with the document, raises its reading error."""
        finished: list[str] = []
        for item in stream:
            if isinstance(item, Translation):
                finished.append(item.target)
                self._note(item, job, report)
            elif isinstance(item, UnitEnd):
                yield UnitTarget(
                    item.plan.unit.address, join_targets(item.plan, finished, spaced=self._run.pair.spaced)
                )
                finished = []
            elif isinstance(item, Problem):
                report.count_problem(item)
            elif isinstance(item, DocumentEnd):
                self._set_places(job)
                if item.error is not None:
                    raise item.error
                return

    def _set_places(self, job: Job) -> None:
        """Remember which segments stand in the output, for sheets that go back there."""
        if self._run.standing is None and job.output is not None:
            self._lookup.place(path_key(job.output), self._to_place)
        self._to_place.clear()

    def _note(self, translation: Translation, job: Job, report: DocumentReport) -> None:
        report.count(translation)
        self._to_place.append(translation)
        if len(self._to_place) >= _PLACED_AT_ONCE:
            self._set_places(job)
        if translation.origin == "failed" and self._run.standing is not None:
            self._writer.lost.append(translation.segment)
        if self._review is not None:
            self._review.add(translation)
        if self._report.first_translation_s is None and translation.origin == "mt":
            self._report.first_translation_s = time.monotonic() - self._started
        self._report.elapsed_s = time.monotonic() - self._started
        self._listener.translated(self._report, translation, self._share(report))

    def _share(self, report: DocumentReport) -> float:
        """How much of the input is translated: reading is far ahead of translating."""
        assert self._document is not None
        translated = report.origins.total() / max(1, self._n_read[report.name])
        present = self._present_bytes * self._document.progress() * min(1.0, translated)
        return (self._done_bytes + present) / self._all_bytes

    def _counted(self, items: Iterator[Segment | Marker]) -> Iterator[Segment | Marker]:
        for item in items:
            if isinstance(item, Segment):
                self._n_read[item.document] += 1
            yield item


def _plan(run: Run, jobs: Sequence[Job]) -> RunPlan:
    return RunPlan(
        jobs=tuple(jobs),
        options=run.options,
        glossaries=tuple(str(path) for path in run.config.glossaries),
        domains=run.config.domains,
        glossary_mode=run.config.glossary_mode,
        memory_signature=run.memory_signature,
        full_signature=run.full_signature,
        source_language=run.pair.source,
        target_language=run.pair.target,
        rules=run.rules,
        sheet=realpath(run.config.sheet) if run.config.sheet else "",
    )


def _coverage(document: Document, pair: LanguagePair) -> Iterator[str]:
    """What share of a document goes to translation and why the rest stays, in lines."""
    from batchtx.formats.audit import coverage_notes
    from batchtx.formats.coverage import coverage_of

    try:
        yield from coverage_notes(list(coverage_of(document, pair)))
    except DocumentError as error:  # gone, or changed while it was translated
        yield f"coverage: not counted: {error.reason}"


def _size_bytes(job: Job) -> int:
    """How much a document weighs in the progress of the run; never 0."""
    try:
        return (job.source.size_bytes() or 0) + 1
    except OSError:
        return 1


def _until_end(targets: Iterator[UnitTarget]) -> Iterator[None]:
    """Take the rest of a document from the stream; its reading error is told already."""
    try:
        for _ in targets:
            yield None
    except BatchtxError:
        return


def _with_name(job: Job, error: Exception) -> str:
    text = str(error) if isinstance(error, BatchtxError | OSError) else f"{type(error).__name__}: {error}"
    return text if job.name in text or str(job.output) in text else f"{job.name}: {text}"
