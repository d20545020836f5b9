"""A corrected sheet goes back: into the memory, and into the documents. No model is loaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from batchtx.config import RunConfig
from batchtx.engines.spec import EngineSpec
from batchtx.errors import BatchtxError
from batchtx.formats import open_document
from batchtx.glossary.table import Glossary, load
from batchtx.memory.keys import place_key, source_key
from batchtx.memory.store import Correction, OutputState, Store, path_key
from batchtx.pipeline.documents import Job, file_hash
from batchtx.pipeline.plans import RunPlan, base_of
from batchtx.pipeline.reading import DocumentEnd, read_documents
from batchtx.pipeline.report import DocumentReport, Report
from batchtx.pipeline.run import Listener, Run, translate_documents
from batchtx.pipeline.work import Outcome, WorkSpec
from batchtx.protocols import Document
from batchtx.records import Flag, Segment, Translation
from batchtx.review.corrections import SheetRow, by_document, read_sheet
from batchtx.text.codes import code_fault, read_codes, show_codes
from batchtx.text.fingerprint import source_hash

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Change:
    """A correction that was taken, or with `reason` one that was refused. Codes show as ⟦1⟧…⟦/1⟧."""

    row: SheetRow
    target: str = ""
    machine: str = ""
    reviewer: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


@dataclass(slots=True)
class Applied:
    """What became of the rows. `held_back`: nothing was written, because a row was refused and the
    caller is strict."""

    changed: list[Change] = field(default_factory=list)
    refused: list[Change] = field(default_factory=list)
    n_unchanged: int = 0
    held_back: bool = False
    untranslated: list[Segment] = field(default_factory=list)
    """What neither the memory nor the sheet has a translation of; it stands in its source language."""

    failed_documents: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 everything applied · 1 a row was refused or a document not written · 3 held back."""
        if self.held_back:
            return 3
        return 1 if self.refused or any(report.exit_code for report in self.reports) else 0

    def refuse(self, row: SheetRow, reason: str) -> None:
        """Note that the correction of a row cannot be used, and why."""
        self.refused.append(Change(row, reason=reason))

    @property
    def waiting(self) -> list[Change]:
        """Corrections that are remembered, but whose document could not be written."""
        return [change for change in self.changed if change.row.document in self.failed_documents]


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """`output`: a folder for the documents instead of their usual places. `reviewer`: who corrected
    rows that do not say. `strict`: write nothing when one row is refused."""

    output: Path | None = None
    reviewer: str = ""
    strict: bool = False
    force: bool = False


def apply_sheets(paths: Sequence[Path], store: Store, options: ApplyOptions, listener: Listener) -> Applied:
    """Take the corrections of sheets into the memory and write the documents anew.

    Raises:
        SheetError: a file is no sheet.
    """
    applied = Applied()
    sheet_hashes = {path: file_hash(path) for path in paths}  # of what is read, not of what comes later
    rows = by_document(row for path in paths for row in read_sheet(path))
    plans = [RunPlan.from_json(text) for text in store.plans()]
    work: list[tuple[RunPlan, Job, dict[str, SheetRow]]] = []
    corrections: list[tuple[bytes, Correction]] = []
    for document, by_id in rows.items():
        found = base_of(plans, paths, document)
        if found is None:
            reason = f"{document} is not known to this memory; translate it first"
            _refuse_all(
                by_id, reason if document else "no document stands there: rows cannot be added", applied
            )
            continue
        plan, job = found
        corrections += _Taking(store, job, options.reviewer, applied).corrections(by_id, plan)
        work.append((plan, job, by_id))
    if options.strict and applied.refused:
        applied.held_back = True
        return applied
    store.correct(corrections)
    for plan, jobs, by_ids in _by_plan(work):
        run = _run(plan, jobs, options, by_ids, applied)
        watch = _Watch(listener, applied)
        applied.reports.append(translate_documents(run, _moved(jobs, options.output), store, watch))
    if applied.exit_code == 0:  # all is in the memory: the next run may overwrite the sheets
        for path, sheet_hash in sheet_hashes.items():
            store.set_output_state(path, OutputState("", sheet_hash, "sheet", 0))
    return applied


class _Taking:
    """Takes the corrections of one document that fit its present text."""

    def __init__(self, store: Store, job: Job, reviewer: str, applied: Applied) -> None:
        self._store = store
        self._job = job
        self._reviewer = reviewer
        self._applied = applied

    def corrections(self, rows: dict[str, SheetRow], plan: RunPlan) -> Iterator[tuple[bytes, Correction]]:
        """The corrections, each under its place and its source."""
        wanted = {row_id: row for row_id, row in rows.items() if row.decided}
        self._applied.n_unchanged += len(rows) - len(wanted)
        if not wanted:
            return
        for segment in _segments(plan, self._job, self._applied):
            row = wanted.pop(f"{segment.address}/{segment.index + 1}", None)
            correction = self._correction(row, segment) if row else None
            if correction is not None:
                yield place_key(segment), correction
                yield source_key(segment.source), correction
        _refuse_all(wanted, "no such place in the document any more", self._applied)

    def _correction(self, row: SheetRow, segment: Segment) -> Correction | None:
        """None when the row changes nothing, or is refused."""
        target = _checked(row, segment, self._applied)
        if target is None:
            return None
        keys = place_key(segment), source_key(segment.source)
        known = self._store.find_corrections(keys)
        here = known.get(keys[0])
        if here is not None and here.target == target:
            self._applied.n_unchanged += 1
            return None
        if row.status != "approved" and row.final == row.translation:
            self._applied.n_unchanged += 1
            return None
        machine = _machine(row, segment, here or known.get(keys[1]))
        reviewer = row.reviewer or self._reviewer
        shown = show_codes(target, segment.codes)
        self._applied.changed.append(Change(row, shown, show_codes(machine, segment.codes), reviewer))
        if row.note:
            self._applied.notes.append(f"{row}: {row.note}")
        return Correction(segment.source, target, machine, reviewer, self._job.name, time.time())


def _machine(row: SheetRow, segment: Segment, earlier: Correction | None) -> str:
    """What the machine had said: where the sheet shows a person's words, what that person had seen."""
    if earlier is not None and show_codes(earlier.target, segment.codes) == row.translation:
        return earlier.machine
    try:
        return read_codes(row.translation, segment.codes)
    except ValueError:
        return row.translation


def _segments(plan: RunPlan, job: Job, applied: Applied) -> Iterator[Segment]:
    opener = _opener(plan)
    for item in read_documents([job], opener):
        if isinstance(item, Segment):
            yield item
        elif isinstance(item, DocumentEnd) and item.error is not None:
            applied.notes.append(str(item.error))


def _opener(plan: RunPlan) -> Callable[[Job], Document]:
    return lambda job: open_document(job.format, job.source, plan.options)


def _checked(row: SheetRow, segment: Segment, applied: Applied) -> str | None:
    """The correction with real codes; None, and the reason noted, when it cannot be used."""
    fault: str | None = row.fault
    if not fault and row.hash != source_hash(segment.source):
        fault = "the source has changed since the sheet was written"
    if fault:
        applied.refuse(row, fault)
        return None
    try:
        target = read_codes(row.final, segment.codes)
    except ValueError as error:
        applied.refuse(row, str(error))
        return None
    fault = code_fault(segment.source, target, segment.codes)
    if fault is not None:
        shown = show_codes(segment.source, segment.codes)
        applied.refuse(row, f"{fault}; the source has: {shown}")
        return None
    return target


def _refuse_all(rows: dict[str, SheetRow], reason: str, applied: Applied) -> None:
    for row in rows.values():
        if row.decided:
            applied.refuse(row, reason)
        else:
            applied.n_unchanged += 1


def _by_plan(
    work: Sequence[tuple[RunPlan, Job, dict[str, SheetRow]]],
) -> Iterator[tuple[RunPlan, list[Job], dict[tuple[str, str], SheetRow]]]:
    """Documents that one run had translated together, with their rows by (document, id)."""
    for plan in dict.fromkeys(plan for plan, _, _ in work):
        jobs = [job for other, job, _ in work if other == plan]
        rows = {
            (job.name, key): row for other, job, by_id in work if other == plan for key, row in by_id.items()
        }
        yield plan, jobs, rows


def _run(
    plan: RunPlan,
    jobs: Sequence[Job],
    options: ApplyOptions,
    rows: dict[tuple[str, str], SheetRow],
    applied: Applied,
) -> Run:
    glossary = Glossary()
    try:
        glossary = load(plan.glossaries, plan.domains, plan.glossary_mode) if plan.glossaries else glossary
    except BatchtxError as error:
        applied.notes.append(f"{error}; what stands in the documents is kept")
    return Run(
        config=RunConfig(
            glossaries=tuple(map(Path, plan.glossaries)),
            domains=plan.domains,
            glossary_mode=plan.glossary_mode,
            force=options.force,
        ),
        options=plan.options,
        spec=WorkSpec(EngineSpec(), plan.source_language, plan.target_language),
        executor=SheetExecutor(rows),
        glossary=replace(glossary, notes=()),
        memory_signature=plan.memory_signature,
        full_signature=plan.full_signature,
        spaced=plan.spaced,
        standing={job.name: path_key(job.output) for job in jobs if job.output is not None},
    )


class _Watch:
    """Tells the listener, and notes what is left without a translation and which documents failed."""

    def __init__(self, listener: Listener, applied: Applied) -> None:
        self._listener = listener
        self._applied = applied

    def translated(self, report: Report, translation: Translation, share: float) -> None:
        """One more segment."""
        if translation.origin == "failed":
            self._applied.untranslated.append(translation.segment)
        self._listener.translated(report, translation, share)

    def document(self, report: DocumentReport) -> None:
        """One more document is done, or failed: its corrections are in the memory, not in it."""
        if report.state == "failed":
            self._applied.failed_documents.add(report.name)
        self._listener.document(report)


def _moved(jobs: Sequence[Job], folder: Path | None) -> list[Job]:
    if folder is None:
        return list(jobs)
    return [replace(job, output=folder / (job.output or Path(job.name)).name) for job in jobs]


class SheetExecutor:
    """Stands in for the engine: what the memory has lost comes from the sheet's translation column."""

    peak_worker_bytes = 0

    def __init__(self, rows: dict[tuple[str, str], SheetRow]) -> None:
        self._rows = rows
        self._by_source = {(name, row.hash): row for (name, _), row in rows.items()}

    def map(
        self,
        build: Callable[[], Callable[[Sequence[ItemT]], list[ResultT]]],
        batches: Iterable[Sequence[ItemT]],
        give_up: Callable[[ItemT, str], ResultT],
    ) -> Iterator[list[ResultT]]:
        """One outcome per segment, from the sheet; without a row the source stays, as failed."""
        for batch in batches:
            yield [self._outcome(item) for item in batch]  # type: ignore[arg-type, misc]

    def _outcome(self, segment: Segment) -> Outcome:
        same = self._by_source.get((segment.document, source_hash(segment.source)))
        row = self._rows.get((segment.document, f"{segment.address}/{segment.index + 1}"), same)
        row = row if row is not None and row.hash == source_hash(segment.source) else same
        if row is not None and row.translation:
            try:
                target = read_codes(row.translation, segment.codes)
            except ValueError:
                target = ""
            if target and code_fault(segment.source, target, segment.codes) is None:
                return Outcome(target)
        flag = Flag("failed", "not translated: neither in the memory nor in the sheet", "critical")
        return Outcome(segment.source, None, (flag,), failed=True)
