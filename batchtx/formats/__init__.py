"""Formats: how a document gives its text away and takes the translation back.

A format is reached by name: a table of built-ins first, then the entry points `batchtx.formats` of
installed packages, which name a `Format`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import PurePath
from typing import Any, cast

from batchtx.errors import UnknownName
from batchtx.formats.format import Format, load
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.registry import resolve

FORMATS: dict[str, str] = {
    "txt": "batchtx.formats.txt:FORMAT",
    "jsonl": "batchtx.formats.jsonl:FORMAT",
    "docx": "batchtx.formats.docx:FORMAT",
    "pptx": "batchtx.formats.office_kinds:PPTX",
    "xlsx": "batchtx.formats.office_kinds:XLSX",
    "epub": "batchtx.formats.office_kinds:EPUB",
    "md": "batchtx.formats.text_kinds:MARKDOWN",
    "html": "batchtx.formats.text_kinds:HTML",
    "srt": "batchtx.formats.text_kinds:SRT",
    "vtt": "batchtx.formats.text_kinds:VTT",
    "ass": "batchtx.formats.text_kinds:ASS",
    "po": "batchtx.formats.catalogs:PO",
    "xliff": "batchtx.formats.catalogs:XLIFF",
}
"""Format name → "module:record" of its `Format`."""


@lru_cache
def find_format(name: str) -> Format:
    """Returns the format of that name.

    Raises:
        UnknownName: nobody has it; the message names the nearest known one.
    """
    return cast(Format, resolve("formats", name, FORMATS))


@lru_cache
def built_in_formats() -> tuple[Format, ...]:
    """Returns batchtx's own formats, in the order of the table."""
    return tuple(map(find_format, FORMATS))


def format_of(name: str) -> str | None:
    """Returns the format that a file name's extension stands for, in any case; None for other files."""
    extension = PurePath(name).suffix.lower()
    return _extensions().get(extension) or (_installed_extensions().get(extension) if extension else None)


def is_lock_file(name: str) -> bool:
    """Tells Word and WPS owner files (`~$report.docx`), which are no documents: skip them with a note."""
    return PurePath(name).name.startswith(("~$", ".~"))


def read_choices(values: Mapping[str, Any]) -> FormatChoices:
    """Reads the options of all built-in formats from the values of their settings, by name.

    Raises:
        ConfigError: a value makes no sense.
    """
    return FormatChoices(tuple((one.name, one.read(values)) for one in built_in_formats()))


def choices_from_facts(facts: Mapping[str, Any]) -> FormatChoices:
    """Reads what `FormatChoices.facts` gave; formats that nobody has any more are passed over."""
    found = []
    for name, one in facts.items():
        try:
            found.append((name, type(find_format(name).default).from_facts(one)))
        except UnknownName:
            continue
    return FormatChoices(tuple(found))


def open_document(format_name: str, source: Source, choices: FormatChoices, pair: LanguagePair) -> Document:
    """Opens one document.

    Raises:
        UnknownName: nobody has the format.
        DocumentError: a bad file.
    """
    found = find_format(format_name)
    options = choices.get(format_name) or found.default
    return cast(Document, load(found.opener)(source, options, pair))


@lru_cache
def _extensions() -> dict[str, str]:
    return {extension: one.name for one in built_in_formats() for extension in one.extensions}


@lru_cache
def _installed_extensions() -> dict[str, str]:
    """Extensions of the formats of installed packages; the scan costs up to 0.14 s, so it comes last."""
    names = [point.name for point in entry_points(group="batchtx.formats")]
    return {extension: name for name in names for extension in find_format(name).extensions}
