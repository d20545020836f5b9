"""DOCX on the zip and lxml level: what is not translated stays byte for byte."""

from __future__ import annotations

from batchtx.formats.docx.options import SETTINGS, DocxOptions, read_options
from batchtx.formats.format import Format

FORMAT = Format(
    name="docx",
    extensions=(".docx", ".docm", ".dotx", ".dotm"),
    opener="batchtx.formats.docx.document:open_document",
    default=DocxOptions(),
    settings=SETTINGS,
    read=read_options,
    streams=False,
    bilingual="batchtx.formats.docx.bilingual:write_bilingual",
    paragraph_texts="batchtx.formats.docx.paragraph_texts:paragraph_texts",
    audit="batchtx.formats.docx.check.audit:audit_documents",
)
