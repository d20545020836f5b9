"""A corrected sheet goes back: into the memory, and into the documents. No model is loaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from batchtx.config import RunConfig
from batchtx.engines.spec import EngineSpec
from batchtx.errors import BatchtxError, SheetError
from batchtx.formats import open_document
from batchtx.glossary.table import Glossary, load
from batchtx.memory.keys import place_key, source_key
from batchtx.memory.store import Correction, OutputState, Store
from batchtx.pipeline.documents import Job, file_hash
from batchtx.pipeline.plans import RunPlan, newest_plan
from batchtx.pipeline.reading import DocumentEnd, read_documents
from batchtx.pipeline.report import Report
from batchtx.pipeline.run import Listener, Run, translate_documents
from batchtx.pipeline.work import Outcome, WorkSpec
from batchtx.protocols import Document
from batchtx.records import Flag, Segment
from batchtx.review.corrections import SheetRow, read_sheet
from batchtx.text.codes import code_fault, read_codes, show_codes
from batchtx.text.fingerprint import source_hash

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


@dataclass(slots=True)
class Applied:
    """What became of the rows of a sheet; `refused` are sentences that name the row."""

    n_changed: int = 0
    n_unchanged: int = 0
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 everything applied · 1 a row was refused or a document not written."""
        return 1 if self.refused or any(report.exit_code for report in self.reports) else 0


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """`output`: a folder for the documents instead of their usual places. `strict`: refuse the whole
    sheet when one row is refused."""

    output: Path | None = None
    reviewer: str = ""
    strict: bool = False
    force: bool = False


def apply_sheet(path: Path, store: Store, options: ApplyOptions, listener: Listener) -> Applied:
    """Take the corrections of a sheet into the memory and write the documents anew.

    Raises:
        SheetError: the file is no sheet, or `strict` and a row is refused.
    """
    applied = Applied()
    rows = _by_document(read_sheet(path))
    plans = [RunPlan.from_json(text) for text in store.plans()]
    work: list[tuple[RunPlan, Job, dict[str, SheetRow]]] = []
    corrections: list[tuple[bytes, Correction]] = []
    for document, by_id in rows.items():
        found = newest_plan(plans, document)
        if found is None:
            _refuse_all(by_id, f"{document} is not known to this memory; translate it first", applied)
            continue
        plan, job = found
        corrections += _corrections(plan, job, by_id, options.reviewer, applied)
        work.append((plan, job, by_id))
    if options.strict and applied.refused:
        raise SheetError(str(path), f"{len(applied.refused)} rows refused: {applied.refused[0]}")
    store.correct(corrections)
    for plan, jobs, by_ids in _by_plan(work):
        run = _run(plan, options, by_ids, applied)
        applied.reports.append(translate_documents(run, _moved(jobs, options.output), store, listener))
    if not applied.refused:
        store.set_output_state(path, OutputState("", file_hash(path), "sheet", 0))
    return applied


def _by_document(rows: Iterable[SheetRow]) -> dict[str, dict[str, SheetRow]]:
    grouped: dict[str, dict[str, SheetRow]] = {}
    for row in rows:
        grouped.setdefault(row.document, {})[row.id] = row
    return grouped


def _corrections(
    plan: RunPlan, job: Job, rows: dict[str, SheetRow], reviewer: str, applied: Applied
) -> Iterator[tuple[bytes, Correction]]:
    """The corrections of one document that fit its present text, under place and source."""
    missing = {row_id: row for row_id, row in rows.items() if row.correction}
    applied.n_unchanged += len(rows) - len(missing)
    if not missing:
        return
    for segment in _segments(plan, job, applied):
        row = missing.pop(f"{segment.address}/{segment.index + 1}", None)
        if row is None:
            continue
        target = _checked(row, segment, applied)
        if target is None:
            continue
        if row.correction == row.translation:
            applied.n_unchanged += 1
            continue
        applied.n_changed += 1
        machine = row.translation
        correction = Correction(segment.source, target, machine, reviewer, job.name, time.time())
        yield place_key(segment), correction
        yield source_key(segment.source), correction
    _refuse_all(missing, "no such place in the document any more", applied)


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
    if row.hash != source_hash(segment.source):
        applied.refused.append(f"row {row.number}: the source has changed since the sheet was written")
        return None
    try:
        target = read_codes(row.correction, segment.codes)
    except ValueError as error:
        applied.refused.append(f"row {row.number}: {error}")
        return None
    fault = code_fault(segment.source, target, segment.codes)
    if fault is not None:
        shown = show_codes(segment.source, segment.codes)
        applied.refused.append(f"row {row.number}: {fault}; the source has: {shown}")
        return None
    return target


def _refuse_all(rows: dict[str, SheetRow], reason: str, applied: Applied) -> None:
    applied.refused += [f"row {row.number}: {reason}" for row in rows.values() if row.correction]


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
    plan: RunPlan, options: ApplyOptions, rows: dict[tuple[str, str], SheetRow], applied: Applied
) -> Run:
    glossary = Glossary()
    try:
        glossary = load(plan.glossaries) if plan.glossaries else glossary
    except BatchtxError as error:
        applied.notes.append(f"{error}; the sheet's own translations are used")
    return Run(
        config=RunConfig(force=options.force),
        options=plan.options,
        spec=WorkSpec(EngineSpec(), plan.source_language, plan.target_language),
        executor=SheetExecutor(rows),
        glossary=replace(glossary, notes=()),
        memory_signature=plan.memory_signature,
        full_signature=plan.full_signature,
        spaced=plan.spaced,
    )


def _moved(jobs: Sequence[Job], folder: Path | None) -> list[Job]:
    if folder is None:
        return list(jobs)
    return [replace(job, output=folder / (job.output or Path(job.name)).name) for job in jobs]


class SheetExecutor:
    """Stands in for the engine: what the memory has lost comes from the sheet's translation column."""

    peak_worker_bytes = 0

    def __init__(self, rows: dict[tuple[str, str], SheetRow]) -> None:
        self._rows = rows

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
        row = self._rows.get((segment.document, f"{segment.address}/{segment.index + 1}"))
        if row is not None and row.hash == source_hash(segment.source) and row.translation:
            try:
                target = read_codes(row.translation, segment.codes)
            except ValueError:
                target = ""
            if target and code_fault(segment.source, target, segment.codes) is None:
                return Outcome(target)
        flag = Flag("failed", "not translated: neither in the memory nor in the sheet", "critical")
        return Outcome(segment.source, None, (flag,), failed=True)
