"""Which documents a run reads, and where each goes."""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os.path import realpath  # unlike Path.resolve, at ease with links that lead in a circle
from pathlib import Path

from batchtx.config import STATE_FOLDER
from batchtx.errors import ConfigError
from batchtx.formats import FORMATS, format_of, is_lock_file
from batchtx.formats.source import Source
from batchtx.registry import unknown_message

_TO_SAVE_AS_DOCX = frozenset([".doc", ".dot", ".wps", ".rtf", ".odt", ".pages", ".pdf"])
_PLAIN = frozenset(
    [".md", ".markdown", ".rst", ".log", ".html", ".htm", ".xml", ".csv", ".tsv", ".srt", ".tex"]
)
_LONGEST_NAME = 255  # bytes
_LONGEST_SUFFIX = 10
_NUMBER_BYTES = 8


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
    a folder, standard input under the name "stdin". As an output too, "-" is standard output.

    Raises:
        ConfigError: an input is missing or of no known format, or an output would overwrite an input
            or another output.
    """
    if format_name is not None and format_name not in FORMATS:
        raise ConfigError(unknown_message("format", format_name, list(FORMATS)))
    if inputs.count("-") > 1:
        raise ConfigError("standard input (-) can be read only once")
    if output == Path("-"):
        return Plan((_job_to_stdout(inputs, format_name),), (), None)
    jobs: list[Job] = []
    notes: list[str] = []
    into_folder = output is not None and (len(inputs) > 1 or output.is_dir() or not output.suffix)
    for text in inputs:
        path = Path(text)
        if text == "-":
            in_folder = output is not None and (len(inputs) > 1 or output.is_dir())
            jobs.append(_stdin_job(output / "stdin" if output and in_folder else output, format_name))
        elif path.is_dir():
            target = output or _folder_beside(path, language)
            jobs += _folder_jobs(path, target, format_name, notes)
        else:
            if output is None:
                target = fitting(path.with_name(f"{path.stem}.{language}{path.suffix}"))
            else:
                target = output / path.name if into_folder else output
            jobs.append(_file_job(path, target, format_name))
    _check_outputs(jobs)
    sheet = _sheet_path(inputs, output, into_folder, language)
    return Plan(tuple(jobs), tuple(notes), sheet and fitting(sheet, _NUMBER_BYTES))


def check_side_files(jobs: Sequence[Job], files: Mapping[str, Path | None]) -> None:
    """Raise ConfigError when a sheet, report or memory (by option name) would take a document's place,
    or that of another of them."""
    taken = {realpath(job.source.path): f"the input {job.name}" for job in jobs if job.source.path}
    taken |= {realpath(job.output): f"the output {shown(job.output)}" for job in jobs if job.output}
    for option, path in files.items():
        if path is None:
            continue
        if realpath(path) in taken:
            raise ConfigError(f"{option} {shown(path)}: would overwrite {taken[realpath(path)]}")
        if path.is_dir():
            raise ConfigError(f"{option} {shown(path)}: is a folder; name a file")
        _check_writable(option, path)
        taken[realpath(path)] = f"the file of {option}"


def _check_writable(option: str, path: Path) -> None:
    """Say it now, not when all is translated. Folders that are missing are made later."""
    folder = next((folder for folder in path.absolute().parents if folder.exists()), Path("/"))
    if not folder.is_dir():
        raise ConfigError(f"{option} {shown(path)}: {shown(folder)} is not a folder")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise ConfigError(f"{option} {shown(path)}: cannot be written there; choose another place")


def fitting(path: Path, n_more: int = 0) -> Path:
    """The path with a name that file systems take, a long one cut and told apart by a hash.

    `n_more` bytes may still come into the name (a number).
    """
    name = os.fsencode(path.name)
    longest = _LONGEST_NAME - n_more
    if len(name) <= longest:
        return path
    mark = f"~{zlib.crc32(name):08x}"
    stem, suffixes = _parted(path.name)
    room = longest - len(os.fsencode(mark + suffixes))
    while stem and len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return path.with_name(f"{stem}{mark}{suffixes}")


def _parted(name: str) -> tuple[str, str]:
    """The stem and the short suffixes at the end (.en.txt.review.csv)."""
    pieces = name.split(".")
    kept: list[str] = []
    while len(pieces) > 1 and len(pieces[-1]) <= _LONGEST_SUFFIX and len(kept) < 5:
        kept.insert(0, pieces.pop())
    return ".".join(pieces), "".join(f".{piece}" for piece in kept)


def shown(path: Path) -> str:
    """The path as text that can be written anywhere; bytes of a name that are no UTF-8 as \\xe4."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def file_hash(path: Path) -> str:
    """SHA-256 of a file in hexadecimal; "" when there is none, or a pipe, which would make us wait."""
    if not path.is_file():
        return ""
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
    if sys.stdin is None:
        raise ConfigError("standard input (-) is closed")
    return Job(Source("-", stream=sys.stdin.buffer), format_name, output)


def _job_to_stdout(inputs: Sequence[str], format_name: str | None) -> Job:
    """The one text document that goes to standard output."""
    path = Path(inputs[0])
    if len(inputs) > 1 or path.is_dir():
        raise ConfigError("only one document can go to standard output (-o -)")
    if sys.stdout is None:
        raise ConfigError("standard output (-o -) is closed")
    job = _stdin_job(None, format_name) if inputs[0] == "-" else _file_job(path, None, format_name)
    if job.format == "docx":
        raise ConfigError("a DOCX document cannot go to standard output; give a path with -o")
    return job


def _file_job(path: Path, target: Path | None, format_name: str | None) -> Job:
    if not path.exists():
        raise ConfigError(f"{shown(path)}: no such file or folder")
    if not path.is_file():
        raise ConfigError(f"{shown(path)}: not a regular file; pipe it into: batchtx translate -")
    name = format_name or format_of(path.name)
    if name is None:
        raise ConfigError(f"{shown(path)}: {_way_out(path.suffix.lower())}")
    return Job(Source(shown(path), path=path), name, target)


def _way_out(suffix: str) -> str:
    """What to do with a file whose name ends so."""
    if suffix in _TO_SAVE_AS_DOCX:
        return (
            f"documents of this kind ({suffix}) are not read; save it as .docx and translate that, or, if "
            "its name is wrong, say which with --format"
        )
    if suffix in _PLAIN:
        return (
            f"not a kind that batchtx knows ({suffix}); say which with --format: txt reads it as plain text, "
            "line by line"
        )
    return "not a known kind of document; say which with --format (txt, jsonl, docx)"


def _folder_beside(folder: Path, language: str) -> Path:
    """docs → docs.en; "." and ".." have no name of their own."""
    named = folder if folder.name not in ("", "..") else Path(realpath(folder))
    if not named.name:
        raise ConfigError(f"{folder}: say with -o where the translations go")
    return named.with_name(f"{named.name}.{language}")


def _folder_jobs(folder: Path, target: Path, format_name: str | None, notes: list[str]) -> list[Job]:
    jobs: list[Job] = []
    skipped_folder = realpath(target)
    for root, folders, files in os.walk(folder):
        here = Path(root)
        notes += [
            f"{shown(here / name)}: {why}, skipped" for name in folders if (why := _skipped(here / name))
        ]
        folders[:] = sorted(
            name for name in folders if not _skipped(here / name) and realpath(here / name) != skipped_folder
        )
        for file in sorted(files):
            path = here / file
            name = format_of(file)
            if is_lock_file(file):
                notes.append(f"{shown(path)}: a lock file of an open document, skipped")
            elif file.startswith("."):
                notes.append(f"{shown(path)}: hidden, skipped")
            elif name is None or (format_name is not None and name != format_name):
                notes.append(f"{shown(path)}: not a document that batchtx translates, skipped")
            elif path.exists() and not path.is_file():
                notes.append(f"{shown(path)}: not a regular file, skipped")
            else:
                source = Source(shown(path), path=path)
                jobs.append(Job(source, name, target / path.relative_to(folder)))
    if not jobs:
        notes.append(f"{shown(folder)}: no documents in it")
    return jobs


def _skipped(folder: Path) -> str:
    """Why a folder inside an input folder is not read; "" when it is."""
    if folder.name == STATE_FOLDER:
        return "batchtx's own"
    if folder.name.startswith("."):
        return "a hidden folder"
    return "a link to a folder" if folder.is_symlink() else ""


def _check_outputs(jobs: Sequence[Job]) -> None:
    sources = {realpath(job.source.path): job for job in jobs if job.source.path is not None}
    targets: dict[str, Job] = {}
    for job in jobs:
        if job.output is None:
            continue
        target = realpath(job.output)
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
        return output.with_name(f"{output.name}.review.csv")
    if len(inputs) == 1 and inputs[0] != "-":
        path = Path(inputs[0])
        if path.is_dir():
            return _folder_beside(path, language) / "review.csv"
        return path.with_name(f"{path.stem}.{language}{path.suffix}.review.csv")
    return Path("review.csv")
