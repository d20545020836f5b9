"""A corrected sheet goes back: into the memory, and into the documents. No model is loaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from batchtx.config import RunConfig
from batchtx.engines.spec import EngineSpec
from batchtx.errors import BatchtxError
from batchtx.files import file_hash
from batchtx.formats import open_document
from batchtx.glossary.table import Glossary, load
from batchtx.memory.keys import place_key, source_key
from batchtx.memory.store import Correction, OutputState, Store
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.reading import DocumentEnd, read_documents
from batchtx.pipeline.run import ProgressListener, Run, translate_documents
from batchtx.pipeline.run_plan import RunPlan, first_plan
from batchtx.protocols import Document
from batchtx.records import Flag, Outcome, Segment
from batchtx.review.apply_report import Applied, AppliedCorrection
from batchtx.review.corrections import SheetRow, by_document, read_sheet
from batchtx.text.fingerprint import source_hash
from batchtx.text.inline_codes import code_fault, read_codes, show_codes
from batchtx.worker.worker import WorkSpec

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """`output`: a folder for the documents instead of their usual places. `reviewer`: who corrected
    rows that do not say. `strict`: write nothing when one row is refused."""

    output: Path | None = None
    reviewer: str = ""
    strict: bool = False
    force: bool = False


def apply_sheets(
    paths: Sequence[Path], store: Store, options: ApplyOptions, listener: ProgressListener
) -> Applied:
    """Take the corrections of sheets into the memory and write the documents anew.

    Raises:
        SheetError: a file is no sheet.
    """
    applied = Applied()
    rows = by_document(row for path in paths for row in read_sheet(path))
    newest_first = map(RunPlan.from_json, store.plans())
    plans = sorted(newest_first, key=lambda plan: not any(map(plan.wrote, paths)))
    work: list[tuple[RunPlan, Job, dict[str, SheetRow]]] = []
    corrections: list[tuple[bytes, Correction]] = []
    for document, by_id in rows.items():
        found = first_plan(plans, document)
        if found is None:
            reason = f"{document} is not known to this memory; translate it first"
            _refuse_all(
                by_id, reason if document else "no document stands there: rows cannot be added", applied
            )
            continue
        plan, job = found
        corrections += CorrectionImporter(store, job, options.reviewer, applied).corrections(by_id, plan)
        work.append((plan, job, by_id))
    if options.strict and applied.refused:
        applied.aborted = True
        return applied
    store.correct(corrections)
    for plan, jobs, by_ids in _by_plan(work):
        run = _run(plan, options, by_ids, applied)
        applied.reports.append(translate_documents(run, _moved(jobs, options.output), store, listener))
    if not applied.refused:  # all is in the memory: the next run may overwrite the sheets
        for path in paths:
            store.set_output_state(path, OutputState("", file_hash(path), "sheet", 0))
    return applied


class CorrectionImporter:
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
        self._applied.changed.append(
            AppliedCorrection(row, shown, show_codes(machine, segment.codes), reviewer)
        )
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
    for item in read_documents([job], opener, plan.pair):
        if isinstance(item, Segment):
            yield item
        elif isinstance(item, DocumentEnd) and item.error is not None:
            applied.notes.append(str(item.error))


def _opener(plan: RunPlan) -> Callable[[Job], Document]:
    return lambda job: open_document(job.format, job.source, plan.options, plan.pair)


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
    plan: RunPlan, options: ApplyOptions, rows: dict[tuple[str, str], SheetRow], applied: Applied
) -> Run:
    glossary = Glossary()
    try:
        glossary = (
            load(plan.glossaries, plan.domains, plan.glossary_mode, plan.pair)
            if plan.glossaries
            else glossary
        )
    except BatchtxError as error:
        applied.notes.append(f"{error}; the sheet's own translations are used")
    return Run(
        config=RunConfig(force=options.force),
        options=plan.options,
        spec=WorkSpec(EngineSpec(), plan.source_language, plan.target_language),
        pair=plan.pair,
        executor=SheetExecutor(rows),
        glossary=replace(glossary, notes=()),
        memory_signature=plan.memory_signature,
        full_signature=plan.full_signature,
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
            yield [(key, self._outcome(segment)) for key, segment in batch]  # type: ignore

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
