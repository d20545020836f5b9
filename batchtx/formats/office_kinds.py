"""What is known of presentations, workbooks and books before one is opened: no XML library is loaded."""

from __future__ import annotations

from batchtx.formats.format import Format

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
