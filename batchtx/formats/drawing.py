"""Paragraphs of DrawingML, as slides, charts and drawings have them: one span each, runs as codes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import partial

from batchtx.formats.spans import Looks, Span, Tag, make_span, plain_span
from batchtx.records import Unit

_PARAGRAPH = re.compile(r"<a:p(?:\s[^>]*)?>.*?</a:p>", re.DOTALL)
_FIELD = re.compile(r"<a:fld\b.*?</a:fld>", re.DOTALL)
_TEXT = re.compile(r"<a:t(?:\s[^>]*)?>([^<]*)</a:t>")
_SWITCH = re.compile(
    r"</a:t>(?:<a:fld\b.*?</a:fld>|(?!<a:t[\s>])<[^>]*>|\s)*?<a:t(?:\s[^>]*)?>|</a:t>.*\Z", re.DOTALL
)
_PROPERTIES = re.compile(r"<a:rPr\b[^>]*/>|<a:rPr\b.*?</a:rPr>", re.DOTALL)
_CHART_TEXT = re.compile(r"<(?P<of>(?:\w+:)?(?:strCache|multiLvlStrCache|tx))>.*?</(?P=of)>", re.DOTALL)
_CHART_VALUE = re.compile(r"<((?:\w+:)?v)>([^<]+)</\1>")
_NOISE = re.compile(r'\s(?:lang|altLang|dirty|err|smtClean|noProof|bmk)="[^"]*"')
_LANGUAGE = re.compile(r'(\s(?:lang)=")([A-Za-z][\w-]*)(")')


def paragraphs(text: str, unit_of: Callable[[int], Unit]) -> Iterator[Span]:
    """Finds the paragraphs that hold words; `unit_of` tells place and kind for an offset."""
    for match in _PARAGRAPH.finditer(text):
        start, end = match.span()
        fields = [one.span() for one in _FIELD.finditer(text, start, end)]
        runs = [
            one for one in _TEXT.finditer(text, start, end)
            if not any(a < one.start() < b for a, b in fields)
        ]  # fmt: skip
        if not runs:
            continue
        tagger = _RunTagger(_properties(text[start : runs[0].start(1)]))
        span = make_span(
            text,
            (runs[0].start(1), runs[-1].end(1)),
            unit_of(start),
            _SWITCH,
            tagger,
            decode=html.unescape,
            encode=partial(html.escape, quote=False),
        )
        if span is not None:
            yield span


def chart_texts(text: str, unit_of: Callable[[int], Unit]) -> Iterator[Span]:
    """Finds the paragraphs of a chart, and the names of its series and categories as it shows them."""
    spans = list(paragraphs(text, unit_of))
    for shown in _CHART_TEXT.finditer(text):
        for value in _CHART_VALUE.finditer(text, *shown.span()):
            span = plain_span(text, value.span(2), unit_of(value.start()))
            if span is not None:
                spans.append(span)
    yield from sorted(spans, key=lambda span: span.start)


def in_language(text: str, source: str, target: str) -> str:
    """Returns a part whose runs in the source's language are in the target's."""
    return _LANGUAGE.sub(
        lambda match: match[1] + (target if match[2].partition("-")[0] == source else match[2]) + match[3],
        text,
    )


class _RunTagger:
    """Tells what a switch between two runs is."""

    def __init__(self, first: str) -> None:
        self._looks = Looks(first)

    def __call__(self, raw: str) -> Tag | str:
        look = _properties(raw.rpartition("<a:t")[0])
        if "<a:fld" in raw or "<a:br" in raw:
            self._looks = Looks(look)
            return Tag("point", "", "field" if "<a:fld" in raw else "line break")
        return self._looks.switch(look)


def _properties(raw: str) -> str:
    """The look of the last run that begins in a piece of XML, without what no reader sees."""
    start = max(raw.rfind("<a:r>"), raw.rfind("<a:r "))
    found = _PROPERTIES.search(raw, max(start, 0))
    if found is None or start < 0:
        return ""
    look = _NOISE.sub("", found[0])
    return "" if re.fullmatch(r"<a:rPr\s*/>|<a:rPr\s*>\s*</a:rPr>", look) else look
