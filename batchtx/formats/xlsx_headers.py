"""Headers and footers of a sheet's pages: three texts in one string, with codes for numbers and looks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from batchtx.formats.spans import Span, Tag, make_span
from batchtx.formats.xlsx_cells import CELL
from batchtx.records import Unit

_HEADER = (
    r"<(?P<of>(?:\w+:)?(?P<side>odd|even|first)(?P<what>Header|Footer))(?:\s[^>]*)?>"
    r"(?P<text>[^<]*)</(?P=of)\s*>"
)
CELL_OR_HEADER = re.compile(f"(?:{CELL.pattern})|(?:{_HEADER})", re.DOTALL)
_ALONE = re.compile(_HEADER)
_AMPERSAND = r"&(?:amp|\#38|\#x26);"
_PLACE = re.compile(rf"{_AMPERSAND}([LCR])")
_CODE = re.compile(
    rf"{_AMPERSAND}{_AMPERSAND}|{_AMPERSAND}(?:(?:\"|&quot;)[^&\"]*(?:\"|&quot;)|K(?:[0-9A-Fa-f]{{6}}|\d\d[+-]\d{{3}})|\d+|[A-Za-z])"
)
_NAMES = {"L": "left", "C": "centre", "R": "right"}


def header_spans(item: str, where: str) -> Iterator[Span]:
    """Finds the texts of a header or footer: left, in the centre, and right."""
    found = _ALONE.match(item)
    if found is None:
        return
    start, end = found.span("text")
    marks = list(_PLACE.finditer(item, start, end))
    starts = [start, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), end]
    names = ["centre", *(_NAMES[mark[1]] for mark in marks)]
    for name, begin, stop in zip(names, starts, ends, strict=True):
        place = f"{where}, {found['what'].lower()} ({found['side']} pages), {name}"
        span = make_span(
            item,
            (begin, stop),
            Unit("", place, "", "heading"),
            _CODE,
            _tag,
            decode=html.unescape,
            encode=_encode,
        )
        if span is not None:
            yield span


def _tag(raw: str) -> Tag | str:
    return "&" if html.unescape(raw) == "&&" else Tag("point", "", "page number or look")


def _encode(text: str) -> str:
    return html.escape(text.replace("&", "&&"), quote=False)
