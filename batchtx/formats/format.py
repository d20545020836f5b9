"""What batchtx knows of a format before it opens a document of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from batchtx.formats.options import FormatOptions, Setting


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document.

    The record is light, so that the command line can read it; the functions it names
    ("module:function") are imported when the first document is opened.

        FORMAT = Format(
            name="srt",
            extensions=(".srt",),
            opener="my_package.srt:open_document",  # (Source, options, LanguagePair) -> Document
        )

    Args:
        name: as in --format and in reports.
        extensions: lower-case file name extensions.
        opener: the function that opens a document.
        default: its options when the user chooses nothing.
        settings: what the command line offers for it.
        read: options from the values of settings, by name; raises ConfigError for those that make no sense.
        streams: whether a document can come through standard input and go to standard output.
        bilingual: the function that writes a copy with both languages, "" where there is none.
        paragraph_texts: the function that reads a file's texts by part and address, so that edits in an
            output can be taken in (`apply`); "" where there is none.
        audit: the function that compares a file with its translation, "" where none can
            ((original, translated, options, LanguagePair) -> Audit; raises DocumentError).
    """

    name: str
    extensions: tuple[str, ...]
    opener: str
    default: FormatOptions = field(default_factory=FormatOptions)
    settings: tuple[Setting, ...] = ()
    read: Callable[[Mapping[str, Any]], FormatOptions] = lambda values: FormatOptions()
    streams: bool = True
    bilingual: str = ""
    paragraph_texts: str = ""
    audit: str = ""


def load(path: str) -> Any:
    """Returns what "module:attribute" names."""
    module, _, attribute = path.partition(":")
    return getattr(import_module(module), attribute)
