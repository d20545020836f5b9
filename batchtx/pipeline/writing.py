"""Writes one document: beside, verified, renamed; never over a person's work, never with less than stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from batchtx.config import RunConfig
from batchtx.errors import DocumentError
from batchtx.files import atomic_output, file_hash, fitting, shown_path
from batchtx.formats import find_format
from batchtx.formats.format import load
from batchtx.language.pair import LanguagePair
from batchtx.memory.store import OutputState, Store
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.snapshots import Snapshot
from batchtx.protocols import Document
from batchtx.records import Segment, UnitTarget
from batchtx.report.report import DocumentReport, DocumentState, Report


@dataclass(slots=True)
class DocumentWriter:
    """Writes the documents of a run. `lost` are the segments of the present one that were translated once
    and for which there is no translation now."""

    config: RunConfig
    signature: str
    """What an output depends on."""

    pair: LanguagePair
    stdout: BinaryIO | None
    store: Store
    report: Report
    lost: list[Segment] = field(default_factory=list)

    def write(
        self,
        job: Job,
        report: DocumentReport,
        document: Document,
        snapshot: Snapshot,
        targets: Iterator[UnitTarget],
    ) -> DocumentState:
        """Writes the output of a job from its targets, whole or not at all.

        Raises:
            DocumentError: the source changed meanwhile, or the output is a person's work, or would lose
                translations.
        """
        if job.output is None:
            return self._write_to_stdout(job, document, targets)
        known = self.store.output_state(job.output)
        wanted = wanted_state(self.signature, snapshot, job.output)
        if wanted.up_to_date(known):
            for _ in targets:
                pass
            _refuse_mixture(job, snapshot)
            _look_newer(job)
            return "up_to_date"
        written_hash = self._replace(job, job.output, document, snapshot, targets, known, wanted)
        self._write_bilingual(job)
        done = replace(wanted, output_hash=written_hash)
        if snapshot.replaced:
            reason = "was replaced while it was read; run the same command again"
            self.report.troubles.append(f"{job.name} {reason}")
        if report.checks["failed"] or snapshot.replaced:
            done = replace(done, source_hash="")  # the next run is to try again
        self.store.set_output_state(job.output, done)
        return "written"

    def _replace(
        self,
        job: Job,
        output: Path,
        document: Document,
        snapshot: Snapshot,
        targets: Iterator[UnitTarget],
        known: OutputState | None,
        wanted: OutputState,
    ) -> str:
        """Write beside and rename; the hash of what stands there now."""
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DocumentError(str(output), f"its folder cannot be made ({error.strerror})") from None
        written_hash = ""

        def verify(written: Path) -> None:
            nonlocal written_hash
            _refuse_mixture(job, snapshot)
            document.verify(written)
            self._refuse_to_lose(job)
            written_hash = file_hash(written)
            self._refuse_to_overwrite(job, known, wanted.output_hash, written_hash)

        with atomic_output(output, verify=verify) as file:
            document.write(targets, file)
        return written_hash

    def _write_to_stdout(self, job: Job, document: Document, targets: Iterator[UnitTarget]) -> DocumentState:
        if self.stdout is None:
            raise DocumentError(job.name, "there is no standard output to write to; name a file with -o")
        document.write(targets, self.stdout)
        self.stdout.flush()
        return "written"

    def _write_bilingual(self, job: Job) -> None:
        """The review copy with both languages beside the translated document, when asked for."""
        layout = self.config.bilingual
        writer = find_format(job.format).bilingual
        if layout is None or not writer or job.output is None or job.source.path is None:
            return
        copy = fitting(job.output.with_name(f"{job.output.stem}.bilingual{job.output.suffix}"))
        try:
            with atomic_output(copy) as file:
                load(writer)(job.source.path, job.output, file, layout, self.pair)
        except DocumentError as error:
            self.report.notes.append(f"{copy}: no bilingual copy: {error.reason}")

    def _refuse_to_lose(self, job: Job) -> None:
        """Raise DocumentError when source text would take the place of a translation."""
        if self.lost and job.output is not None and job.output.exists():
            reason = (
                f"stays as it was: of {len(self.lost)} of its sentences the translation is neither in the "
                f"memory nor in the sheet (the first: {self.lost[0].place}); translate {job.name} again as "
                "before: the corrections are remembered"
            )
            raise DocumentError(shown_path(job.output), reason)

    def _refuse_to_overwrite(self, job: Job, known: OutputState | None, there: str, written: str) -> None:
        """Raise DocumentError when the output `there` (hashes) is a person's work.

        One with the very bytes that are `written` is not: a run was killed before it noted them, or
        the memory was lost.
        """
        if there in ("", written) or self.config.force or (known and known.output_hash == there):
            return
        name = shown_path(job.output or Path("-"))
        raise DocumentError(name, f"{edited_reason(job, known)}, or overwrite it with --force")


def edited_reason(job: Job, known: OutputState | None) -> str:
    """Returns why an output is a person's work, and how it can be taken in where its format allows."""
    if known is None:
        return "exists and is not known to be batchtx's own; move it away"
    reason = "was edited after batchtx wrote it"
    if not find_format(job.format).paragraph_texts:
        return f"{reason}; move it away"
    return f"{reason}; take the edits in (batchtx apply {shown_path(job.output or Path('-'))}), move it away"


def wanted_state(signature: str, source: Snapshot, output: Path) -> OutputState:
    """Returns the source as it was read and the output as it is now, under the settings of this run."""
    return OutputState(source.hash, file_hash(output), signature, source.correction)


def _refuse_mixture(job: Job, snapshot: Snapshot) -> None:
    """Raise DocumentError when the source was written into while it was read."""
    if snapshot.written_into:
        raise DocumentError(job.name, "was changed while it was read; run the same command again")


def _look_newer(job: Job) -> None:
    """make compares times: an output that is right must not look older than its source."""
    if job.source.path and job.output and job.output.stat().st_mtime < job.source.path.stat().st_mtime:
        os.utime(job.output)
