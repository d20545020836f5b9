"""Which documents a run reads, and where each goes."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from batchtx.errors import ConfigError
from batchtx.formats import FORMATS, format_of, is_lock_file
from batchtx.formats.source import Source
from batchtx.registry import unknown_message


@dataclass(frozen=True, slots=True)
class Job:
    """One document to translate. `output` None: standard output."""

    source: Source
    format: str
    output: Path | None

    @property
    def name(self) -> str:
        """What reports and sheets call the document."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Plan:
    """The documents of a run; `notes` says what was skipped and why. `sheet` is where the review sheet
    goes when nobody says; None for standard input."""

    jobs: tuple[Job, ...]
    notes: tuple[str, ...]
    sheet: Path | None


def plan_documents(
    inputs: Sequence[str], output: Path | None, format_name: str | None, language: str = "en"
) -> Plan:
    """Files, folders and "-" as jobs.

    Without `output`: docs/ → docs.en/, a.docx → a.en.docx, - → standard output. With it: one file
    goes to that very file (into it, if it is a folder or has no extension), everything else into it as
    a folder.

    Raises:
        ConfigError: an input is missing or of no known format, or an output would overwrite an input
            or another output.
    """
    if format_name is not None and format_name not in FORMATS:
        raise ConfigError(unknown_message("format", format_name, list(FORMATS)))
    if inputs.count("-") > 1:
        raise ConfigError("standard input (-) can be read only once")
    jobs: list[Job] = []
    notes: list[str] = []
    into_folder = output is not None and (len(inputs) > 1 or output.is_dir() or not output.suffix)
    for text in inputs:
        path = Path(text)
        if text == "-":
            jobs.append(_stdin_job(output, format_name))
        elif path.is_dir():
            target = output or path.with_name(f"{path.resolve().name}.{language}")
            jobs += _folder_jobs(path, target, format_name, notes)
        elif path.exists():
            if output is None:
                target = path.with_name(f"{path.stem}.{language}{path.suffix}")
            else:
                target = output / path.name if into_folder else output
            jobs.append(_file_job(path, target, format_name))
        else:
            raise ConfigError(f"{text}: no such file or folder")
    _check_outputs(jobs)
    return Plan(tuple(jobs), tuple(notes), _sheet_path(inputs, output, into_folder, language))


def file_hash(path: Path) -> str:
    """SHA-256 of a file in hexadecimal; "" when there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _stdin_job(output: Path | None, format_name: str | None) -> Job:
    if format_name is None:
        raise ConfigError("reading from standard input needs --format txt or --format jsonl")
    if format_name == "docx":
        raise ConfigError("a DOCX document cannot come through standard input; give its path")
    return Job(Source("-", stream=sys.stdin.buffer), format_name, output)


def _file_job(path: Path, target: Path, format_name: str | None) -> Job:
    name = format_name or format_of(path.name)
    if name is None:
        raise ConfigError(f"{path}: not a known kind of document; say which with --format")
    return Job(Source(str(path), path=path), name, target)


def _folder_jobs(folder: Path, target: Path, format_name: str | None, notes: list[str]) -> list[Job]:
    jobs: list[Job] = []
    skipped_folder = target.resolve()
    for root, folders, files in os.walk(folder):
        here = Path(root)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (here / name).resolve() != skipped_folder
        )
        for file in sorted(files):
            path = here / file
            name = format_of(file)
            if is_lock_file(file):
                notes.append(f"{path}: a lock file of an open document, skipped")
            elif file.startswith("."):
                notes.append(f"{path}: hidden, skipped")
            elif name is None or (format_name is not None and name != format_name):
                notes.append(f"{path}: not a document that batchtx translates, skipped")
            else:
                jobs.append(_file_job(path, target / path.relative_to(folder), name))
    if not jobs:
        notes.append(f"{folder}: no documents in it")
    return jobs


def _check_outputs(jobs: Sequence[Job]) -> None:
    sources = {job.source.path.resolve(): job for job in jobs if job.source.path is not None}
    targets: dict[Path, Job] = {}
    for job in jobs:
        if job.output is None:
            continue
        target = job.output.resolve()
        if target in sources:
            raise ConfigError(f"{job.output}: would overwrite an input; choose another place with -o")
        if target in targets:
            raise ConfigError(f"{job.output}: both {targets[target].name} and {job.name} would go there")
        targets[target] = job


def _sheet_path(inputs: Sequence[str], output: Path | None, into_folder: bool, language: str) -> Path | None:
    """Where the review sheet goes by default: into the output folder, or beside a single output."""
    if list(inputs) == ["-"]:
        return None
    if output is not None and (into_folder or any(Path(text).is_dir() for text in inputs)):
        return output / "review.csv"
    if output is not None:
        return output.with_name(f"{output.stem}.review.csv")
    if len(inputs) == 1 and inputs[0] != "-":
        path = Path(inputs[0])
        if path.is_dir():
            return path.with_name(f"{path.resolve().name}.{language}") / "review.csv"
        return path.with_name(f"{path.stem}.{language}.review.csv")
    return Path("review.csv")
