"""Books (EPUB): the pages in the order of reading, the table of contents, and title and description."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote

from batchtx.errors import DocumentError
from batchtx.formats.html import finish_page, page_spans
from batchtx.formats.ooxml import PackageDocument, TextPart
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.package import Package
from batchtx.formats.options import FormatOptions
from batchtx.formats.source import Source
from batchtx.formats.spans import Span, plain_span
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import Unit

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_ROOT = re.compile(r"""<(?:\w+:)?rootfile\b[^>]*?\bfull-path\s*=\s*["']([^"']+)["']""")
_ITEM = re.compile(r"<(?:\w+:)?item\b[^>]*>")
_REFERENCE = re.compile(r"""<(?:\w+:)?itemref\b[^>]*?\bidref\s*=\s*["']([^"']+)["']""")
_ATTRIBUTE = re.compile(r"""\b(id|href|media-type)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ABOUT = re.compile(r"<dc:(title|description|subject)\b[^>]*>([^<]+)</dc:")
_LANGUAGE = re.compile(r"(<dc:language\b[^>]*>)([^<]+)(</dc:language>)")
_LABEL = re.compile(r"<(?:\w+:)?text(?:\s[^>]*)?>([^<]+)</(?:\w+:)?text\s*>")
_PAGES = ("application/xhtml+xml", "text/html")
_CONTENTS = "application/x-dtbncx+xml"


def open_document(source: Source, options: FormatOptions, pair: LanguagePair) -> Document:
    """Returns a book. Raises DocumentError when it is none, damaged, hostile, or its texts are encrypted."""
    return EpubDocument(source, pair)


class EpubDocument(PackageDocument):
    """One book; see `Document` for the contract."""

    kept_parts = ((r"\.svg\Z", "pictures"), (r"META-INF/", "what readers do not see"))

    def __init__(self, source: Source, pair: LanguagePair) -> None:
        self._pair = pair
        super().__init__(source, Limits())

    def parts(self, package: Package) -> Iterator[TextPart]:
        """Implements `PackageDocument.parts`."""
        container = package.find(_CONTAINER)
        root = _ROOT.search(package.text(container)) if container else None
        book = package.find(unquote(root[1])) if root else None
        if book is None:
            raise DocumentError(self.name, "not an EPUB: it names no book")
        yield TextPart(book, _about_spans, self._in_language, kept="names and publishers")
        folder = posixpath.dirname(book)
        finish = partial(finish_page, pair=self._pair)
        for number, (part, kind) in enumerate(_reading_order(package.text(book)), 1):
            name = package.find(posixpath.normpath(posixpath.join(folder, unquote(part))))
            if name is None:
                continue
            self._refuse_encrypted(package, name)
            if kind == _CONTENTS:
                yield TextPart(name, _label_spans, strict=False)
            else:
                find = partial(page_spans, where=f"page {number} ({posixpath.basename(name)}), ")
                yield TextPart(name, find, finish, strict=False, kept="code, scripts and comments")

    def _refuse_encrypted(self, package: Package, part: str) -> None:
        rules = package.find(_ENCRYPTION)
        if rules is not None and f'URI="{part}"' in package.text(rules):
            raise DocumentError(self.name, "the book is encrypted (DRM); its texts cannot be read", part)

    def _in_language(self, text: str) -> str:
        """The book is in the target's language where it was in the source's."""

        def told(match: re.Match[str]) -> str:
            same = match[2].strip().lower().partition("-")[0] == self._pair.source
            return match[1] + (self._pair.target if same else match[2]) + match[3]

        return _LANGUAGE.sub(told, text)

    def _again(self, source: Source) -> EpubDocument:
        return EpubDocument(source, self._pair)


def _reading_order(book: str) -> Iterator[tuple[str, str]]:
    """(part, media type) of the pages in the order of reading, then of other pages and the contents."""
    items: dict[str, tuple[str, str]] = {}
    for match in _ITEM.finditer(book):
        found = {name: double or single for name, double, single in _ATTRIBUTE.findall(match[0])}
        if {"id", "href", "media-type"} <= found.keys() and found["media-type"] in (*_PAGES, _CONTENTS):
            items[found["id"]] = html.unescape(found["href"]), found["media-type"]
    for reference in _REFERENCE.findall(book):
        if reference in items:
            yield items.pop(reference)
    yield from items.values()


def _about_spans(text: str) -> Iterator[Span]:
    for match in _ABOUT.finditer(text):
        yield from _plain(text, match.span(2), Unit("", f"about the book, {match[1]}", "", "title"))


def _label_spans(text: str) -> Iterator[Span]:
    for number, match in enumerate(_LABEL.finditer(text), 1):
        yield from _plain(text, match.span(1), Unit("", f"contents, entry {number}", "", "heading"))


def _plain(text: str, bounds: tuple[int, int], unit: Unit) -> Iterator[Span]:
    span = plain_span(text, bounds, unit)
    if span is not None:
        yield span
