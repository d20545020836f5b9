"""One job as a run: its document translated, with a review sheet, and what was counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from batchtx.config import RunConfig
from batchtx.errors import DocumentError
from batchtx.executors.shared import Interrupted
from batchtx.formats.source import Source
from batchtx.glossary.table import Glossary, load
from batchtx.memory.store import Store
from batchtx.pipeline.apply import ApplyOptions, apply_sheets
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.run import translate_documents
from batchtx.pipeline.setup import Ready, assemble_run
from batchtx.pipeline.silent import Silent
from batchtx.protocols import Executor
from batchtx.records import Translation
from batchtx.report.report import DocumentReport, Report
from batchtx.review.apply_report import Applied
from batchtx.service.glossaries import GlossaryChoice, GlossaryShelf
from batchtx.service.jobs.folder import JobFolder
from batchtx.service.jobs.record import JobRecord
from batchtx.service.settings import ServiceSettings

_MOST_PROBLEMS = 100


@dataclass(slots=True)
class JobWatch:
    """Is told how a job gets on; breaks it off when it is to stop."""

    stop: Callable[[], bool]
    share: float = 0.0
    n_chars: int = 0

    def translated(self, report: Report, translation: Translation, share: float) -> None:
        """Hears of one more segment."""
        self.share = share
        self.n_chars += len(translation.segment.source)
        if self.stop():
            raise Interrupted

    def document(self, report: DocumentReport) -> None:
        """Hears that the document is done, or failed."""


def translate_job(
    record: JobRecord,
    folder: JobFolder,
    settings: ServiceSettings,
    ready: Ready,
    shelf: GlossaryShelf,
    executor: Executor,
    watch: JobWatch,
) -> Report:
    """Translates the document of a job; the report says whether it was broken off.

    Raises:
        BatchtxError: the engine, the memory or a glossary fail.
        Refusal: a glossary is no longer there.
    """
    names = None if record.glossary is None else tuple(filter(None, record.glossary.split(",")))
    paths = shelf.paths(GlossaryChoice(names))
    domains = settings.options.domains if names is None and paths else ()
    if folder.terms.exists():
        paths = (folder.terms, *paths)
    options = replace(settings.options, glossaries=paths, domains=domains)
    glossary = load(paths, domains, options.glossary_mode, ready.pair) if paths else Glossary()
    config = RunConfig(
        glossaries=paths,
        domains=domains,
        glossary_mode=options.glossary_mode,
        sheet=folder.sheet(record.sheet),
        force=True,  # what stands in this folder is the service's own
    )
    run = assemble_run(replace(ready, glossary=replace(glossary, notes=())), options, config, executor)
    source = Source(record.name, path=folder.source(record.suffix))
    with Store(settings.memory) as store:
        return translate_documents(
            run, [Job(source, record.format, folder.target(record.suffix))], store, watch
        )


def apply_to_job(folder: JobFolder, sheet: Path, settings: ServiceSettings, reviewer: str) -> Applied:
    """Puts a corrected sheet into the memory and into the translation of a job, of no other.

    Raises:
        SheetError: it is no sheet.
        StoreError: the memory cannot be read or written.
    """
    options = ApplyOptions(reviewer=reviewer, force=True, within=folder.path)
    with Store(settings.memory) as store:
        return apply_sheets([sheet], store, options, Silent())


def report_facts(report: Report, folder: JobFolder) -> str:
    """Returns what a client may know of a report, as JSON: no paths of the service.

    Raises:
        DocumentError: the document could not be translated.
    """
    (document,) = report.documents
    if document.state == "failed":
        raise DocumentError("", without_paths(document.error, folder))
    facts: dict[str, Any] = {
        "words": report.n_words,
        "elapsed_s": round(report.elapsed_s, 3),
        "segments": {name: n for name, n in document.origins.items() if n},
        "flags": {name: n for name, n in document.severities.items() if n},
        "checks": dict(sorted(document.checks.items())),
        "scores": report.scores,
        "notes": [without_paths(note, folder) for note in (*document.notes, *report.troubles)],
        "problems": [without_paths(one, folder) for one in document.problems[:_MOST_PROBLEMS]],
    }
    return json.dumps(facts, ensure_ascii=False)


def without_paths(text: str, folder: JobFolder) -> str:
    """Returns a message without the folder in front of the names of files."""
    for path in (folder.path.resolve(), folder.path):
        text = text.replace(f"{path}/", "").replace(str(path), "")
    return text.removeprefix(": ")
