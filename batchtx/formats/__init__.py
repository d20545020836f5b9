"""Formats: how a document gives its text away and takes the translation back.

`FORMATS` and `EXTENSIONS` are plain tables, so that the command line can read them without loading
lxml. A format is reached by name: its entry names a function `open_document(source, options)`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import cast

from batchtx.errors import UnknownName
from batchtx.formats.source import FormatOptions, Source
from batchtx.protocols import Document

FORMATS: dict[str, str] = {
    "txt": "batchtx.formats.txt:open_document",
    "jsonl": "batchtx.formats.jsonl:open_document",
    "docx": "batchtx.formats.docx.document:open_document",
}
"""Format name → "module:function" of its opener."""

EXTENSIONS: dict[str, str] = {
    ".txt": "txt",
    ".text": "txt",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".dotm": "docx",
}
"""Lower-case file name extension → format name."""


def format_of(name: str) -> str | None:
    """The format that a file name's extension stands for, in any case; None for other files."""
    return EXTENSIONS.get(PurePath(name).suffix.lower())


def is_lock_file(name: str) -> bool:
    """Word and WPS owner files (`~$report.docx`), which are no documents: skip them with a note."""
    return PurePath(name).name.startswith(("~$", ".~"))


def open_document(format_name: str, source: Source, options: FormatOptions) -> Document:
    """Open one document. Raises UnknownName for a format nobody has, DocumentError for a bad file."""
    try:
        module, function = FORMATS[format_name].split(":")
    except KeyError:
        known = ", ".join(FORMATS)
        raise UnknownName(f"format {format_name!r} is not known; there are {known}") from None
    return cast(Document, getattr(import_module(module), function)(source, options))
