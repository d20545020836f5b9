"""Folders that are replaced as a whole: written beside, then renamed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path


def beside(folder: Path) -> Path:
    """Returns an empty folder beside this one, to be written and then put in its place."""
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    return new


def put_in_place(new: Path, folder: Path, *, keep_before: bool = False) -> None:
    """Renames `new` to `folder`; what stood there is deleted, or kept as *.before."""
    before = before_of(folder)
    if folder.exists():
        shutil.rmtree(before, ignore_errors=True)
        folder.rename(before)
    new.rename(folder)
    if not keep_before:
        shutil.rmtree(before, ignore_errors=True)


def before_of(folder: Path) -> Path:
    """Returns where the version before is kept while a folder is replaced."""
    return folder.with_name(folder.name + ".before")


def write_json(path: Path, value: object) -> None:
    """Writes readable JSON with a line feed at the end."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
