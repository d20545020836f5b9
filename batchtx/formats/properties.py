"""What an Office file says of itself: title, subject, description, keywords and category."""

from __future__ import annotations

import re
from collections.abc import Iterator

from batchtx.formats.ooxml import TextPart
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.relations import relations
from batchtx.formats.spans import Span, plain_span
from batchtx.records import Unit

_VALUE = re.compile(
    r"<(?P<of>(?:[\w.-]+:)?(?P<name>title|subject|description|keywords|category))(?:\s[^>]*)?>(?P<text>[^<]+)</(?P=of)>"
)


def property_parts(package: Package) -> Iterator[TextPart]:
    """Yields the part with the properties of a package, where it has one."""
    for relation in relations(package, ""):
        if relation.kind == "core-properties" and relation.part is not None:
            yield TextPart(relation.part, _value_spans, kept="authors")


def _value_spans(text: str) -> Iterator[Span]:
    for match in _VALUE.finditer(text):
        span = plain_span(text, match.span("text"), Unit("", f"document {match['name']}", "", "title"))
        if span is not None:
            yield span
