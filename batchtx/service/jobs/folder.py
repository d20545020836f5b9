"""The files of jobs: one folder a job, under a random name; what a client calls a file is never a path."""

from __future__ import annotations

import re
import shutil
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from batchtx.text.control import cleaned

_UNFIT = re.compile(r'[<>:"|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]')
_LONGEST_NAME = 150
_ID = re.compile(r"[0-9a-f]{32}")
_NAMELESS = "document"


class JobFolder:
    """The folder of one job.

    Raises:
        ValueError: `job` is no id of a job.
    """

    def __init__(self, root: Path, job: str) -> None:
        if not _ID.fullmatch(job):
            raise ValueError("no id of a job")
        self.path = root / job

    def source(self, suffix: str) -> Path:
        """Returns the document as it was uploaded."""
        return self.path / f"source{suffix}"

    def target(self, suffix: str) -> Path:
        """Its translation."""
        return self.path / f"target{suffix}"

    def sheet(self, suffix: str) -> Path:
        """Its review sheet."""
        return self.path / f"review{suffix}"

    def corrected(self, number: int, suffix: str) -> Path:
        """Returns a sheet that came back."""
        return self.path / f"review-corrected-{number}{suffix}"

    @property
    def terms(self) -> Path:
        """The terms that came with the document, as CSV."""
        return self.path / "terms.csv"

    def keep(self, path: Path, content: BinaryIO) -> None:
        """Writes what was uploaded.

        Raises:
            OSError: there is no room.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)

    def remove(self) -> None:
        """Removes the folder with all its files."""
        shutil.rmtree(self.path, ignore_errors=True)


def used_bytes(root: Path) -> int:
    """Returns the bytes of all files of jobs."""
    total = 0
    for path in root.glob("*/*"):
        try:
            total += path.stat().st_size
        except OSError:  # it went meanwhile
            continue
    return total


def shown_name(name: str) -> str:
    """Returns what a client calls a file, without folders and characters that no file name has."""
    last = re.split(r"[/\\]", cleaned(name))[-1]
    last = _UNFIT.sub("_", last).strip(" .")
    stem, suffix = PurePosixPath(last).stem, PurePosixPath(last).suffix[:20]
    return f"{stem[: _LONGEST_NAME - len(suffix)] or _NAMELESS}{suffix}"


def target_name(name: str, language: str) -> str:
    """Returns what the translation of a file is called: report.docx → report.en.docx."""
    path = PurePosixPath(name)
    return f"{path.stem}.{language}{path.suffix}"
