"""Where the characters of the source language are in a document: in its units, or kept, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from batchtx.errors import DocumentError
from batchtx.formats.audit import ELSEWHERE, PartCoverage
from batchtx.formats.ooxml import PackageDocument
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.streamed import StreamedText
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.text.inline_codes import without_codes

XML_NAMES = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".vml")
"""How the names of parts end that hold XML."""

_TAG = re.compile(r"<[^>]*>")


def coverage_of(document: Document, pair: LanguagePair) -> Iterator[PartCoverage]:
    """Yields the coverage of each part of an opened document; nothing for a format that counts its own.

    Reads the whole document once more, tables of any size in flat memory.
    """
    if isinstance(document, SpanDocument):
        yield span_coverage(document, pair, document.name, "text")
    elif isinstance(document, PackageDocument):
        yield from package_coverage(document, pair)


def span_coverage(document: SpanDocument, pair: LanguagePair, part: str, story: str) -> PartCoverage:
    """Returns where the characters of the source language are: in units, or kept, and why."""
    n_units = sum(pair.count_source(without_codes(span.unit.text)) for span in document.spans)
    kept: Counter[str] = Counter()
    rest = list(document.text)
    for span in document.spans:
        rest[span.start : span.end] = " " * (span.end - span.start)
    n_raw = pair.count_source(document.text) - pair.count_source("".join(rest))
    kept[document.kept_inside] += max(0, n_raw - n_units)
    for start, end, reason in document.kept_regions():
        kept[reason] += pair.count_source("".join(rest[start:end]))
        rest[start:end] = " " * (end - start)
    beside = max(0, n_units - n_raw) if document.two_texts else 0  # sources that stay
    kept[document.kept_outside or ELSEWHERE] += max(0, pair.count_source("".join(rest)) - beside)
    return _total(part, story, n_units, kept)


def package_coverage(document: PackageDocument, pair: LanguagePair) -> Iterator[PartCoverage]:
    """Yields the coverage of each part with text, and of those that hold some and are not read."""
    texts = {text.part_name: text for text in document.read_texts}
    for info in document.package.entries:
        part = info.filename
        text = texts.get(part)
        if isinstance(text, StreamedText):
            yield _table_coverage(text, pair)
        elif text is not None:
            yield span_coverage(text, pair, part, "text")
        elif part.lower().endswith(XML_NAMES):
            try:
                content = document.package.text(part)
            except DocumentError:
                continue
            tags = sum(pair.count_source(tag) for tag in _TAG.findall(content))
            reason = next(
                (why for pattern, why in document.kept_parts if re.search(pattern, part)), ELSEWHERE
            )
            kept = Counter({reason: pair.count_source(content) - tags, "attributes": tags})
            if kept.total():
                yield _total(part, "kept", 0, kept)


def _table_coverage(text: StreamedText, pair: LanguagePair) -> PartCoverage:
    """The coverage of a part with very many texts, item by item."""
    kept: Counter[str] = Counter()
    n_units = 0
    for before, item, spans in text.items():
        in_units = sum(pair.count_source(without_codes(span.unit.text)) for span in spans)
        n_units += in_units
        n_rest = pair.count_source(before) + pair.count_source(item) - in_units
        if n_rest > 0:
            tags = sum(pair.count_source(tag) for piece in (before, item) for tag in _TAG.findall(piece))
            kept["attributes"] += min(tags, n_rest)
            kept[text.table.kept or ELSEWHERE] += max(0, n_rest - tags)
    return _total(text.part_name, "text", n_units, kept)


def _total(part: str, story: str, n_units: int, kept: Counter[str]) -> PartCoverage:
    reasons = tuple((reason, count) for reason, count in kept.most_common() if count)
    return PartCoverage(part, story, n_units + sum(kept.values()), n_units, reasons)
