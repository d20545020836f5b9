"""What is known of presentations and workbooks before one is opened: light, no XML library is loaded."""

from __future__ import annotations

from batchtx.formats.format import Format

PPTX = Format(
    name="pptx",
    extensions=(".pptx", ".pptm", ".ppsx", ".potx"),
    opener="batchtx.formats.pptx:open_document",
    streams=False,
)
XLSX = Format(
    name="xlsx",
    extensions=(".xlsx", ".xlsm", ".xltx"),
    opener="batchtx.formats.xlsx:open_document",
    streams=False,
)
