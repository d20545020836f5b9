"""What is known of catalogs of translations (PO, XLIFF) before one is opened, and what users may choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from batchtx.formats.encodings import ENCODING, read_encoding
from batchtx.formats.format import Format
from batchtx.formats.options import FormatOptions, Setting

Fill = Literal["missing", "unsure"]


@dataclass(frozen=True, slots=True)
class CatalogOptions(FormatOptions):
    """`fill`: entries without a translation, or those with an unsure one too (fuzzy ones of PO, ones of
    XLIFF whose state asks for work). `mark_fuzzy`: what is filled stays marked as unsure. `encoding`
    overrides what the file says of itself."""

    encoding: str | None = None
    fill: Fill = "missing"
    mark_fuzzy: bool = False


SETTINGS = (
    ENCODING,
    Setting(
        "fill",
        "PO, XLIFF: entries without a translation, or unsure ones (fuzzy) too.",
        choices=("missing", "unsure"),
        default="missing",
    ),
    Setting("mark_fuzzy", "PO: mark what is filled as fuzzy.", flag=True),
)


def read_options(values: Mapping[str, Any]) -> CatalogOptions:
    """Reads the options from the values of the settings. Raises ConfigError for an unknown encoding."""
    fill: Fill = "unsure" if values.get("fill") == "unsure" else "missing"
    return CatalogOptions(read_encoding(values), fill, bool(values.get("mark_fuzzy")))


PO = Format(
    name="po",
    extensions=(".po", ".pot"),
    opener="batchtx.formats.po:open_document",
    default=CatalogOptions(),
    settings=SETTINGS,
    read=read_options,
    audit="batchtx.formats.span_audit:audit_spans",
)
XLIFF = Format(
    name="xliff",
    extensions=(".xlf", ".xliff", ".sdlxliff"),
    opener="batchtx.formats.xliff:open_document",
    default=CatalogOptions(),
    settings=SETTINGS,
    read=read_options,
    audit="batchtx.formats.span_audit:audit_spans",
)
