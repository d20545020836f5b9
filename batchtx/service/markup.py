"""Texts with markup become units with inline codes, and texts with the same markup again."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from functools import partial
from typing import Literal, Protocol

from batchtx.formats import open_document
from batchtx.formats.encodings import EncodingOptions
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.formats.spans import Tag, make_span, rendered
from batchtx.language.pair import LanguagePair
from batchtx.records import CodeKind, Unit, UnitTarget

MARKUP = "html"
"""The format of pages, as clients call it too."""

Markup = Literal["", "page", "tags"]
"""None, a piece of a page with its blocks, or tags of any name inside of a text."""

_CHOICES = FormatChoices(((MARKUP, EncodingOptions("utf-8")),))
_NAME = r"[A-Za-z_:][\w:.-]*"
_TAGS = re.compile(rf"""<!--.*?-->|<\?.*?\?>|</?{_NAME}(?:[^<>"']++|"[^"<]*"|'[^'<]*')*+>""", re.DOTALL)


class Fragment(Protocol):
    """A text with markup."""

    units: tuple[Unit, ...]

    def written(self, targets: Sequence[str]) -> str:
        """Returns the text with a target for each unit, in order."""
        ...


def read_markup(text: str, kind: Markup, pair: LanguagePair) -> Fragment:
    """Reads a text with markup.

    Raises:
        DocumentError: it cannot be read.
    """
    return TaggedText(text) if kind == "tags" else PageFragment(text, pair)


class PageFragment:
    """A piece of a page; what is not text in it stays as it is.

    Raises:
        DocumentError: it cannot be read.
    """

    def __init__(self, text: str, pair: LanguagePair) -> None:
        source = Source("text", stream=io.BytesIO(text.encode("utf-8", "replace")))
        self._document = open_document(MARKUP, source, _CHOICES, pair)
        self.units = tuple(unit for unit in self._document.units() if isinstance(unit, Unit))

    def written(self, targets: Sequence[str]) -> str:
        """See `Fragment`."""
        output = io.BytesIO()
        pairs = zip(self.units, targets, strict=True)
        self._document.write((UnitTarget(unit.address, target) for unit, target in pairs), output)
        return output.getvalue().decode("utf-8", "replace")


class TaggedText:
    """A text in which tags of any name stand inside of sentences, as translation tools write them."""

    def __init__(self, text: str) -> None:
        self._text = text
        unit = Unit("text 1", "text", "")
        encode = partial(html.escape, quote=False)
        bounds = (0, len(text))
        self._span = make_span(text, bounds, unit, _TAGS, _tag, decode=html.unescape, encode=encode)
        self.units: tuple[Unit, ...] = () if self._span is None else (self._span.unit,)

    def written(self, targets: Sequence[str]) -> str:
        """See `Fragment`."""
        if self._span is None or targets[0] == self._span.unit.text:
            return self._text
        start, end = self._span.start, self._span.end
        return self._text[:start] + rendered(self._span, targets[0]) + self._text[end:]


def _tag(raw: str) -> Tag | str:
    name = re.match(rf"</?({_NAME})", raw)
    if name is None or raw.endswith("/>"):
        return Tag("point", "", name[1] if name else "mark")
    kind: CodeKind = "close" if raw[1] == "/" else "open"
    return Tag(kind, name[1], name[1])
