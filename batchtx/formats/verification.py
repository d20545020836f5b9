"""Documents and their translations, in pairs: which belong together, and what became of each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from batchtx.errors import ConfigError, DocumentError
from batchtx.files import shown_path
from batchtx.formats import find_format, format_of, is_lock_file
from batchtx.formats.audit import Audit
from batchtx.formats.format import load
from batchtx.formats.options import FormatChoices
from batchtx.language.pair import LanguagePair


def audit_pair(original: Path, translated: Path, choices: FormatChoices, pair: LanguagePair) -> Audit:
    """Compares one pair of files; a file that cannot be read is told in `error`."""
    names = str(original), str(translated)
    if not translated.is_file():
        return Audit(*names, error="there is no translation")
    kind = find_format(format_of(original.name) or "")
    if not kind.audit:
        return Audit(*names, error=f"documents of the format {kind.name} are not compared")
    options = choices.get(kind.name) or kind.default
    try:
        return cast(Audit, load(kind.audit)(original, translated, options, pair))
    except DocumentError as error:
        return Audit(*names, error=str(error))


def document_pairs(original: Path, translated: Path) -> list[tuple[Path, Path]]:
    """Returns two files, or the documents of a folder each with the one of the same place in the other.

    Raises:
        ConfigError: one of them is missing or no document, or one is a file and the other a folder.
    """
    for path in (original, translated):
        if not path.exists():
            raise ConfigError(f"{shown_path(path)}: no such file or folder")
    if original.is_dir() != translated.is_dir():
        raise ConfigError(
            f"{shown_path(original)} and {shown_path(translated)}: give two files or two folders"
        )
    if not original.is_dir():
        if format_of(original.name) is None:
            raise ConfigError(f"{shown_path(original)}: not a document that batchtx translates")
        return [(original, translated)]
    return [(path, translated / path.relative_to(original)) for path in _documents(original)]


def _documents(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            if format_of(file) is not None and not is_lock_file(file) and not file.startswith("."):
                yield Path(root) / file
