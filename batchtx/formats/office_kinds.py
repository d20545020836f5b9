"""What is known of presentations, workbooks and books before one is opened: no XML library is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from batchtx.formats.format import Format
from batchtx.formats.options import FormatOptions, Setting


@dataclass(frozen=True, slots=True)
class XlsxOptions(FormatOptions):
    """`column_widths`: columns become as wide as their words, up to a limit."""

    column_widths: bool = False


def read_xlsx_options(values: Mapping[str, Any]) -> XlsxOptions:
    """Reads the options from the values of the settings."""
    return XlsxOptions(bool(values.get("column_widths")))


PPTX = Format(
    name="pptx",
    extensions=(".pptx", ".pptm", ".ppsx", ".potx"),
    opener="batchtx.formats.pptx:open_document",
    streams=False,
    audit="batchtx.formats.package_audit:audit_package",
)
XLSX = Format(
    name="xlsx",
    extensions=(".xlsx", ".xlsm", ".xltx"),
    opener="batchtx.formats.xlsx:open_document",
    default=XlsxOptions(),
    settings=(Setting("column_widths", "XLSX: widen columns to their words.", flag=True),),
    read=read_xlsx_options,
    streams=False,
    audit="batchtx.formats.package_audit:audit_package",
)
EPUB = Format(
    name="epub",
    extensions=(".epub",),
    opener="batchtx.formats.epub:open_document",
    streams=False,
    audit="batchtx.formats.package_audit:audit_package",
)
