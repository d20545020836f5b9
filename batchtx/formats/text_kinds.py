"""What is known of pages, Markdown and subtitles before one is opened: nothing that reads them is loaded."""

from __future__ import annotations

from batchtx.formats.encodings import ENCODING, EncodingOptions, read_encoding_options
from batchtx.formats.format import Format


def _format(name: str, extensions: tuple[str, ...], opener: str) -> Format:
    return Format(
        name=name,
        extensions=extensions,
        opener=f"batchtx.formats.{opener}",
        default=EncodingOptions(),
        settings=(ENCODING,),
        read=read_encoding_options,
        audit="batchtx.formats.span_audit:audit_spans",
    )


HTML = _format("html", (".html", ".htm", ".xhtml"), "html:open_document")
MARKDOWN = _format("md", (".md", ".markdown", ".mdx", ".qmd", ".rmd"), "markdown:open_document")
SRT = _format("srt", (".srt",), "subtitles:open_srt")
VTT = _format("vtt", (".vtt",), "subtitles:open_vtt")
ASS = _format("ass", (".ass", ".ssa"), "subtitles:open_ass")
