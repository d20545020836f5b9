"""Corrected sheets and edited documents go back: into memory and documents. No model is loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from batchtx.cells import looks_converted
from batchtx.config import RunConfig
from batchtx.errors import BatchtxError
from batchtx.files import file_hash
from batchtx.glossary.table import Glossary, load
from batchtx.memory.store import Correction, OutputState, Store, path_key
from batchtx.pipeline.correction_importer import CorrectionImporter, is_damaged, refuse_all
from batchtx.pipeline.edited_outputs import EditedOutput, edited_output, find_output, note_taken
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
    """Takes the corrections of sheets into the memory and writes the documents anew.

    Raises:
        SheetError: a file is no sheet.
    """
    applied = Applied()
    hashes = {path: file_hash(path) for path in paths}  # of what is read, not of what comes later
    plans = [RunPlan.from_json(text) for text in store.plans()]
    if options.within is not None:
        plans = [plan.within(options.within) for plan in plans]
    edited = _edited(paths, plans, store, applied)
    sheets = [path for path in paths if path not in edited]
    from_outputs = (row for one in edited.values() for row in one.rows)
    rows = by_document((*(row for path in sheets for row in read_sheet(path)), *from_outputs))
    readers: dict[RunPlan, KeepingReader] = {}
    bases = {one.job.name: (one.plan, one.job) for one in edited.values()}
    found = list(_documents(rows, lambda name: bases.get(name) or base_of(plans, paths, name), applied))
    missing: set[Path] = set()
    elsewhere = _elsewhere(found)
    work: list[_Work] = []
    corrections: list[tuple[bytes, Correction]] = []
    for one in found:
        importer = _importer(one, store, options, applied, elsewhere[one.plan])
        corrections += importer.corrections(one.rows, one.plan, _reader(readers, one.plan, store))
        if importer.n_equal or _has_rows_of_sheets(one, sheets):
            missing.update(path for path, output in edited.items() if output.job == one.job)
        if one.rows or importer.n_equal:
            work.append(one)
    if options.strict and applied.refused:
        applied.aborted = True
        return applied
    store.correct(corrections)
    stand = _let_stand(edited, hashes, missing, store, options, applied)
    work = [one for one in work if options.output is not None or one.job.output not in stand]
    folders = _folders([one.job for one in work], options.output)
    for plan, jobs, by_ids in _by_plan(work):
        moved = [replace(job, output=folders.get(job.output, job.output)) for job in jobs]
        run = _run(plan, jobs, options, by_ids, applied)
        reader = _reader(readers, plan, store)
        applied.reports.append(write_documents(run, moved, reader, store, _Watch(listener, applied)))
    _let_overwrite(sheets, hashes, store, applied)
    return applied


def _let_overwrite(sheets: Sequence[Path], hashes: dict[Path, str], store: Store, applied: Applied) -> None:
    """Let the next run overwrite the sheets when all that they say is in the memory."""
    for path in sheets if applied.exit_code == 0 else ():
        store.set_output_state(path, OutputState("", hashes[path], "sheet", 0))


def _importer(
    one: _Work, store: Store, options: ApplyOptions, applied: Applied, elsewhere: dict[str, list[SheetRow]]
) -> CorrectionImporter:
    glossary = _glossary(one.plan, applied)
    return CorrectionImporter(store, one.job, glossary, options.reviewer, applied, elsewhere)


def _edited(
    paths: Sequence[Path], plans: Sequence[RunPlan], store: Store, applied: Applied
) -> dict[Path, EditedOutput]:
    """The paths that are outputs of runs, with what a person changed in them."""
    found: dict[Path, EditedOutput] = {}
    for path in paths:
        run = find_output(path, plans)
        if run is not None:
            plan, job = run
            found[path] = edited_output(path, plan, job, store, _glossary(plan, applied))
    return found


def _let_stand(
    edited: dict[Path, EditedOutput],
    hashes: dict[Path, str],
    missing: Collection[Path],
    store: Store,
    options: ApplyOptions,
    applied: Applied,
) -> set[Path | None]:
    """Note which edited outputs later runs may write anew: those of which nothing would be lost.

    Returns the outputs that stay as they are now: all but those in which a correction is `missing`.
    """
    stand: set[Path | None] = set()
    for path, one in edited.items():
        refused = any(change.row.sheet == str(path) for change in applied.refused)
        for what in one.left:
            applied.notes.append(f"{path}: not taken in: {what}")
        if options.force or not (one.left or refused):
            complete = path not in missing and not one.behind
            note_taken(one, store, hashes[path], complete=complete)
            applied.taken.append(str(path))
            stand |= {one.job.output} if complete else set()
        else:
            applied.held_outputs.append(str(path))
            stand.add(one.job.output)
    return stand


def _has_rows_of_sheets(one: _Work, sheets: Collection[Path]) -> bool:
    """Whether a sheet decides something in a document, not only what was edited in it."""
    names = set(map(str, sheets))
    return any(row.decided and row.sheet in names for row in one.rows.values())


def _reader(readers: dict[RunPlan, KeepingReader], plan: RunPlan, store: Store) -> KeepingReader:
    """Reads documents as the run read them."""
    return readers.setdefault(plan, KeepingReader(plan.options, plan.pair, store.newest_correction))


@dataclass(frozen=True, slots=True)
class _Work:
    """A document that a sheet corrects, with its rows by id: none where equal places stand for its own."""

    plan: RunPlan
    job: Job
    rows: dict[str, SheetRow]


def _documents(
    rows: dict[str, dict[str, SheetRow]],
    find: Callable[[str], tuple[RunPlan, Job] | None],
    applied: Applied,
) -> Iterator[_Work]:
    """The documents of the sheets, then those of the same runs that may have places of their folded rows."""
    reach: dict[RunPlan, None] = {}
    known = set()
    for document, by_id in rows.items():
        found = find(document)
        if found is None:
            reason = f"{document} is not known to this memory; translate it first"
            refuse_all(
                by_id, reason if document else "no document stands there: rows cannot be added", applied
            )
            continue
        plan, job = found
        known.add((plan, job.name))
        if any(row.holds_elsewhere and row.in_several for row in by_id.values()):
            reach[plan] = None
        yield _Work(plan, job, by_id)
    for plan in reach:
        yield from (_Work(plan, job, {}) for job in plan.jobs if (plan, job.name) not in known)


def _elsewhere(work: Sequence[_Work]) -> dict[RunPlan, dict[str, list[SheetRow]]]:
    """For each run the rows that stand for several places, by hash of their source."""
    found: dict[RunPlan, dict[str, list[SheetRow]]] = {one.plan: {} for one in work}
    for one in work:
        for row in one.rows.values():
            if row.holds_elsewhere:
                found[one.plan].setdefault(row.hash, []).append(row)
    return found


def _by_plan(work: Sequence[_Work]) -> Iterator[tuple[RunPlan, list[Job], dict[tuple[str, str], SheetRow]]]:
    """Documents that one run had translated together, with their rows by (document, id)."""
    for plan in dict.fromkeys(one.plan for one in work):
        mine = [one for one in work if one.plan == plan]
        rows = {(one.job.name, key): row for one in mine for key, row in one.rows.items()}
        yield plan, [one.job for one in mine], rows


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
        self._folded = {row.hash: row for row in rows.values() if row.in_several}

    def __call__(self, segment: Segment) -> Outcome:
        """Returns what the sheet shows for a segment; without a row the source stays, as failed."""
        same = self._by_source.get(
            (segment.document, source_hash(segment.source)), self._folded.get(source_hash(segment.source))
        )
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
