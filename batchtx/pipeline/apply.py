"""A corrected sheet goes back: into the memory, and into the documents. No model is loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from batchtx.cells import looks_converted
from batchtx.config import RunConfig
from batchtx.errors import BatchtxError
from batchtx.files import file_hash
from batchtx.glossary.table import Glossary, load
from batchtx.memory.store import Correction, OutputState, Store, path_key
from batchtx.pipeline.correction_importer import CorrectionImporter, is_damaged, refuse_all
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.reading import KeepingReader
from batchtx.pipeline.run import ProgressListener, Run, write_documents
from batchtx.pipeline.run_plan import RunPlan, base_of
from batchtx.records import Flag, Outcome, Segment, Translation
from batchtx.report.report import DocumentReport, Report
from batchtx.review.apply_report import Applied
from batchtx.review.corrections import SheetRow, by_document, read_sheet
from batchtx.text.fingerprint import source_hash
from batchtx.text.inline_codes import code_fault, read_codes, show_codes


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """`output`: a folder for the documents instead of their usual places. `reviewer`: who corrected
    rows that do not say. `strict`: write nothing when one row is refused. `within`: only documents whose
    translation stands in this folder count; None: all that the memory knows."""

    output: Path | None = None
    reviewer: str = ""
    strict: bool = False
    force: bool = False
    within: Path | None = None


def apply_sheets(
    paths: Sequence[Path], store: Store, options: ApplyOptions, listener: ProgressListener
) -> Applied:
    """Take the corrections of sheets into the memory and write the documents anew.

    Raises:
        SheetError: a file is no sheet.
    """
    applied = Applied()
    sheet_hashes = {path: file_hash(path) for path in paths}  # of what is read, not of what comes later
    rows = by_document(row for path in paths for row in read_sheet(path))
    plans = [RunPlan.from_json(text) for text in store.plans()]
    if options.within is not None:
        plans = [plan.within(options.within) for plan in plans]
    readers: dict[RunPlan, KeepingReader] = {}
    work: list[tuple[RunPlan, Job, dict[str, SheetRow]]] = []
    corrections: list[tuple[bytes, Correction]] = []
    for document, by_id in rows.items():
        found = base_of(plans, paths, document)
        if found is None:
            reason = f"{document} is not known to this memory; translate it first"
            refuse_all(
                by_id, reason if document else "no document stands there: rows cannot be added", applied
            )
            continue
        plan, job = found
        importer = CorrectionImporter(store, job, _glossary(plan, applied), options.reviewer, applied)
        corrections += importer.corrections(by_id, plan, _reader(readers, plan, store))
        work.append((plan, job, by_id))
    if options.strict and applied.refused:
        applied.aborted = True
        return applied
    store.correct(corrections)
    folders = _folders([job for _, job, _ in work], options.output)
    for plan, jobs, by_ids in _by_plan(work):
        run = _run(plan, jobs, options, by_ids, applied)
        watch = _Watch(listener, applied)
        moved = [replace(job, output=folders.get(job.output, job.output)) for job in jobs]
        reader = _reader(readers, plan, store)
        applied.reports.append(write_documents(run, moved, reader, store, watch))
    if applied.exit_code == 0:  # all is in the memory: the next run may overwrite the sheets
        for path, sheet_hash in sheet_hashes.items():
            store.set_output_state(path, OutputState("", sheet_hash, "sheet", 0))
    return applied


def _reader(readers: dict[RunPlan, KeepingReader], plan: RunPlan, store: Store) -> KeepingReader:
    """Reads documents as the run read them."""
    return readers.setdefault(plan, KeepingReader(plan.options, plan.pair, store.newest_correction))


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
    return Run(
        config=RunConfig(
            glossaries=tuple(map(Path, plan.glossaries)),
            domains=plan.domains,
            glossary_mode=plan.glossary_mode,
            force=options.force,
        ),
        options=plan.options,
        rules=plan.rules,
        pair=plan.pair,
        unknown=SheetTranslations(rows),
        glossary=_glossary(plan, applied),
        memory_signature=plan.memory_signature,
        full_signature=plan.full_signature,
        standing={job.name: path_key(job.output) for job in jobs if job.output is not None},
    )


def _glossary(plan: RunPlan, applied: Applied) -> Glossary:
    """The glossary of a run as it is now; none, which is noted, when it cannot be read any more."""
    try:
        glossary = (
            load(plan.glossaries, plan.domains, plan.glossary_mode, plan.pair)
            if plan.glossaries
            else Glossary()
        )
    except BatchtxError as error:
        note = f"{error}; what stands in the documents is kept"
        applied.notes += [] if note in applied.notes else [note]
        return Glossary()
    return replace(glossary, notes=())


class _Watch:
    """Tells the listener, and notes what is left without a translation and which documents failed."""

    def __init__(self, listener: ProgressListener, applied: Applied) -> None:
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


def _folders(jobs: Sequence[Job], folder: Path | None) -> dict[Path | None, Path]:
    """Where the documents go in another folder: below it as they stand now, where two have one name."""
    outputs = {job.output or Path(job.name) for job in jobs} if folder is not None else set()
    if folder is None or len({output.name for output in outputs}) == len(outputs):
        return {output: folder / output.name for output in outputs} if folder is not None else {}
    root = os.path.commonpath([output.parent for output in outputs])
    return {output: folder / output.relative_to(root) for output in outputs}


class SheetTranslations:
    """What the memory has lost of a document, as the translation column of its sheet has it."""

    def __init__(self, rows: dict[tuple[str, str], SheetRow]) -> None:
        self._rows = rows
        self._by_source = {(name, row.hash): row for (name, _), row in rows.items()}

    def __call__(self, segment: Segment) -> Outcome:
        """Returns what the sheet shows for a segment; without a row the source stays, as failed."""
        same = self._by_source.get((segment.document, source_hash(segment.source)))
        row = self._rows.get((segment.document, f"{segment.address}/{segment.index + 1}"), same)
        row = row if row is not None and row.hash == source_hash(segment.source) else same
        if row is not None and row.translation and _is_trusted(row, segment):
            try:
                target = read_codes(row.translation, segment.codes)
            except ValueError:
                target = ""
            if target and code_fault(segment.source, target, segment.codes) is None:
                return Outcome(target)
        flag = Flag("failed", "not translated: neither in the memory nor in the sheet", "critical")
        return Outcome(segment.source, None, (flag,), failed=True)


def _is_trusted(row: SheetRow, segment: Segment) -> bool:
    """Whether the translation in a sheet is still what batchtx wrote, as far as one can tell."""
    shown = show_codes(segment.source, segment.codes)
    return not looks_converted(row.translation) and not is_damaged(row.source, shown)
