"""What an Office file says of itself: title, subject, description, keywords and category."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from batchtx.formats.ooxml import TextPart
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.relations import relations
from batchtx.formats.spans import Span, plain_span
from batchtx.records import Unit

_VALUE = re.compile(
    r"<(?P<of>(?:[\w.-]+:)?(?P<name>title|subject|description|keywords|category))(?:\s[^>]*)?>(?P<text>[^<]+)</(?P=of)>"
)

_HEADINGS = re.compile(r"<(?:\w+:)?HeadingPairs>.*?</(?:\w+:)?HeadingPairs>", re.DOTALL)
_TITLES = re.compile(r"<(?:\w+:)?TitlesOfParts>.*?</(?:\w+:)?TitlesOfParts>", re.DOTALL)
_STRING = re.compile(r"<(?:\w+:)?lpstr>([^<]+)</")


def property_parts(package: Package) -> Iterator[TextPart]:
    """Yields the part with the properties of a package, where it has one."""
    for relation in relations(package, ""):
        if relation.kind == "core-properties" and relation.part is not None:
            yield TextPart(relation.part, _value_spans, kept="authors")


def title_parts(package: Package, n_slides: int) -> Iterator[TextPart]:
    """Yields the part that lists the titles of so many slides once more, behind fonts and themes."""
    for relation in relations(package, ""):
        if relation.kind in ("extended-properties", "extendedProperties") and relation.part is not None:
            yield TextPart(relation.part, partial(_title_spans, n_slides=n_slides), kept="fonts and themes")


def _title_spans(text: str, n_slides: int) -> Iterator[Span]:
    pairs, titles = _HEADINGS.search(text), _TITLES.search(text)
    headings = list(_STRING.finditer(text, *pairs.span())) if pairs else []
    strings = list(_STRING.finditer(text, *titles.span())) if titles else []
    found = [*headings, *(strings[-n_slides:] if n_slides else [])]
    for match in sorted(found, key=lambda match: match.start()):
        span = plain_span(text, match.span(1), Unit("", "list of slides", "", "title"))
        if span is not None:
            yield span


def _value_spans(text: str) -> Iterator[Span]:
    for match in _VALUE.finditer(text):
        span = plain_span(text, match.span("text"), Unit("", f"document {match['name']}", "", "title"))
        if span is not None:
            yield span
