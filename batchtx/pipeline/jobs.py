"""Which documents a run reads, and where each goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os.path import realpath  # unlike Path.resolve, at ease with links that lead in a circle
from pathlib import Path
from typing import BinaryIO

from batchtx.config import STATE_FOLDER
from batchtx.errors import ConfigError, DocumentError
from batchtx.files import fitting, shown_path
from batchtx.formats import built_in_formats, find_format, format_of, is_lock_file
from batchtx.formats.conversion import converted_suffix, find_converter
from batchtx.formats.source import Source
from batchtx.language import DEFAULT_TARGET

_TO_SAVE = frozenset([".pages", ".numbers", ".key"])
_PDF = ".pdf"
_PLAIN = frozenset([".rst", ".log", ".xml", ".csv", ".tsv", ".tex"])


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
class JobPlan:
    """The documents of a run; `notes` says what was skipped and why. `sheet` is where the review sheet
    goes when nobody says; None for standard input."""

    jobs: tuple[Job, ...]
    notes: tuple[str, ...]
    sheet: Path | None


def plan_documents(
    inputs: Sequence[str],
    output: Path | None,
    format_name: str | None,
    language: str = DEFAULT_TARGET,
    stdin: BinaryIO | None = None,
    convert: bool = False,
    mine: Callable[[Path], bool] | None = None,
) -> JobPlan:
    """Files, folders and "-" as jobs.

    With `convert` documents of older kinds are converted first; the converted one stays beside the result.

    Without `output`: docs/ → docs.en/, a.docx → a.en.docx, - → standard output. With it: one file
    goes to that very file (into it, if it is a folder or has no extension), everything else into it as
    a folder, standard input under the name "stdin". As an output too, "-" is standard output.
    `mine` tells which files of folders count; the others leave no trace.

    Raises:
        ConfigError: an input is missing or of no known format, or an output would overwrite an input
            or another output.
    """
    if format_name is not None:
        find_format(format_name)
    if inputs.count("-") > 1:
        raise ConfigError("standard input (-) can be read only once")
    if output == Path("-"):
        return JobPlan((_job_to_stdout(inputs, format_name, stdin),), (), None)
    jobs: list[Job] = []
    notes: list[str] = []
    into_folder = output is not None and (len(inputs) > 1 or output.is_dir() or not output.suffix)
    for text in inputs:
        path = Path(text)
        if text == "-":
            in_folder = output is not None and (len(inputs) > 1 or output.is_dir())
            jobs.append(_stdin_job(output / "stdin" if output and in_folder else output, format_name, stdin))
        elif path.is_dir():
            target = output or _folder_beside(path, language)
            jobs += _folder_jobs(path, target, format_name, notes, convert, mine)
        else:
            suffix = (converted_suffix(path.name) if convert and format_name is None else "") or path.suffix
            beside = fitting(path.with_name(f"{path.stem}.{language}{suffix}"))
            inside = f"{path.stem}{suffix}"
            target = (output / inside if into_folder else output) if output else beside
            if suffix != path.suffix and path.is_file():
                jobs.append(_converted_job(path, target))
            else:
                jobs.append(_file_job(path, target, format_name))
    _check_outputs(jobs)
    sheet = _sheet_path(inputs, output, into_folder, language)
    if convert and sheet and output is None and len(inputs) == len(jobs) == 1 and jobs[0].output:
        sheet = jobs[0].output.with_name(f"{jobs[0].output.name}.review.csv")
    return JobPlan(tuple(jobs), tuple(notes), sheet and fitting(sheet, n_more=8))


def check_side_files(jobs: Sequence[Job], files: Mapping[str, Path | None]) -> None:
    """Raises ConfigError when a sheet, report or memory (by option name) would take a document's place,
    or that of another of them."""
    taken = {realpath(job.source.path): f"the input {job.name}" for job in jobs if job.source.path}
    taken |= {realpath(job.output): f"the output {shown_path(job.output)}" for job in jobs if job.output}
    for option, path in files.items():
        if path is None:
            continue
        if realpath(path) in taken:
            raise ConfigError(f"{option} {shown_path(path)}: would overwrite {taken[realpath(path)]}")
        if path.is_dir():
            raise ConfigError(f"{option} {shown_path(path)}: is a folder; name a file")
        _check_writable(option, path)
        taken[realpath(path)] = f"the file of {option}"


def _check_writable(option: str, path: Path) -> None:
    """Say it now, not when all is translated. Folders that are missing are made later."""
    folder = next((folder for folder in path.absolute().parents if folder.exists()), Path("/"))
    if not folder.is_dir():
        raise ConfigError(f"{option} {shown_path(path)}: {shown_path(folder)} is not a folder")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise ConfigError(f"{option} {shown_path(path)}: cannot be written there; choose another place")


def _stdin_job(output: Path | None, format_name: str | None, stdin: BinaryIO | None) -> Job:
    if format_name is None:  # plain text, as every filter reads it
        format_name = next(one.name for one in built_in_formats() if one.streams)
    if not find_format(format_name).streams:
        name = format_name.upper()
        raise ConfigError(f"a {name} document cannot come through standard input; give its path")
    if stdin is None:
        raise ConfigError("standard input (-) is closed")
    return Job(Source("-", stream=stdin), format_name, output)


def _job_to_stdout(inputs: Sequence[str], format_name: str | None, stdin: BinaryIO | None) -> Job:
    """The one text document that goes to standard output."""
    path = Path(inputs[0])
    if len(inputs) > 1 or path.is_dir():
        raise ConfigError("only one document can go to standard output (-o -)")
    job = _stdin_job(None, format_name, stdin) if inputs[0] == "-" else _file_job(path, None, format_name)
    if not find_format(job.format).streams:
        name = job.format.upper()
        raise ConfigError(f"a {name} document cannot go to standard output; give a path with -o")
    return job


def _file_job(path: Path, target: Path | None, format_name: str | None) -> Job:
    if not path.exists():
        raise ConfigError(f"{shown_path(path)}: no such file or folder")
    if not path.is_file():
        raise ConfigError(f"{shown_path(path)}: not a regular file; pipe it into: batchtx translate -")
    name = format_name or format_of(path.name)
    if name is None:
        raise ConfigError(f"{shown_path(path)}: {_way_out(path.suffix.lower())}")
    return Job(Source(shown_path(path), path=path), name, target)


def _converted_job(path: Path, target: Path) -> Job:
    """A document of an older kind, as it was converted; one that cannot be is a document that failed.

    What was converted before stands beside the result, and is used again while the document is the same.
    """
    suffix = converted_suffix(path.name)
    copy = target.with_name(f"{path.name}{suffix}")
    name = format_of(copy.name) or ""
    try:
        if not copy.exists() or copy.stat().st_mtime < path.stat().st_mtime:
            find_converter(shown_path(path)).convert(path, copy)
    except DocumentError as error:
        return Job(Source(shown_path(path), path=copy, fault=error.reason), name, target)
    return Job(Source(shown_path(copy), path=copy), name, target)


def _way_out(suffix: str) -> str:
    """What to do with a file whose name ends so."""
    target = converted_suffix(f"x{suffix}")
    if target:
        return (
            f"documents of this kind ({suffix}) are not read; --convert lets LibreOffice convert it, or save "
            f"it as {target} and translate that, or, if its name is wrong, say which with --format"
        )
    if suffix == _PDF:
        return (
            "PDF is not read; see docs/formats.md for a way to translate one, or save it as a text document, "
            "or, if its name is wrong, say which with --format"
        )
    if suffix in _TO_SAVE:
        return (
            f"documents of this kind ({suffix}) are not read; save it in a format of Office, or, if its name "
            "is wrong, say which with --format"
        )
    if suffix in _PLAIN:
        return (
            f"not a kind that batchtx knows ({suffix}); say which with --format: txt reads it as plain text, "
            "line by line"
        )
    return f"not a known kind of document; say which with --format ({_names()})"


def _folder_beside(folder: Path, language: str) -> Path:
    """docs → docs.en; "." and ".." have no name of their own."""
    named = folder if folder.name not in ("", "..") else Path(realpath(folder))
    if not named.name:
        raise ConfigError(f"{folder}: say with -o where the translations go")
    return named.with_name(f"{named.name}.{language}")


def _folder_jobs(
    folder: Path,
    target: Path,
    format_name: str | None,
    notes: list[str],
    convert: bool,
    mine: Callable[[Path], bool] | None,
) -> list[Job]:
    jobs: list[Job] = []
    skipped_folder = realpath(target)
    for root, folders, files in os.walk(folder):
        here = Path(root)
        notes += [
            f"{shown_path(here / name)}: {why}, skipped" for name in folders if (why := _skipped(here / name))
        ]
        folders[:] = sorted(
            name for name in folders if not _skipped(here / name) and realpath(here / name) != skipped_folder
        )
        for file in sorted(files):
            path = here / file
            name = format_of(file)
            if is_lock_file(file):
                notes.append(f"{shown_path(path)}: a lock file of an open document, skipped")
            elif file.startswith("."):
                notes.append(f"{shown_path(path)}: hidden, skipped")
            elif (
                convert and format_name is None and name is None and converted_suffix(file) and path.is_file()
            ):
                here_in_target = (target / path.relative_to(folder)).with_suffix(converted_suffix(file))
                jobs.append(_converted_job(path, here_in_target))
            elif name is None or (format_name is not None and name != format_name):
                notes.append(f"{shown_path(path)}: not a document that batchtx translates, skipped")
            elif path.exists() and not path.is_file():
                notes.append(f"{shown_path(path)}: not a regular file, skipped")
            elif mine is None or mine(path):
                source = Source(shown_path(path), path=path)
                jobs.append(Job(source, name, target / path.relative_to(folder)))
    if not jobs and mine is None:
        notes.append(f"{shown_path(folder)}: no documents in it")
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


def _names() -> str:
    return ", ".join(one.name for one in built_in_formats())
