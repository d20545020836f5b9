"""Paragraphs of DrawingML, as slides, charts and drawings have them: one span each, runs as codes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from batchtx.formats.spans import Looks, Span, Tag, make_span, plain_span
from batchtx.records import Unit

AUTOMATIC_NAME = re.compile(
    r"^(?:[A-Za-z]:[\\/]|\\\\|https?:|file:)|\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)\s*$"
    r"|^(?:图片|图像|图形|图表|未命名|截图|屏幕截图|组合|文本框|矩形|椭圆|形状|艺术字|直接(?:箭头)?连接符)\s*\d*\s*(?:文件)?$",
    re.IGNORECASE,
)
"""Alternative texts that programs make themselves: names of files, and what a shape is called."""

_ALTERNATIVE = re.compile(r"<(?:\w+:)?cNvPr\b[^<>]*>")
_SAID = re.compile(r"\s(?P<name>descr|title)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')")
_NAMESPACE = re.compile(
    r"""xmlns(?::([\w.-]+))?\s*=\s*["'](?:http://schemas\.openxmlformats\.org/drawingml/2006/main"""
    r"""|http://purl\.oclc\.org/ooxml/drawingml/main)["']"""
)
_CHART_TEXT = re.compile(r"<(?P<of>(?:\w+:)?(?:strCache|multiLvlStrCache|tx))>.*?</(?P=of)>", re.DOTALL)
_CHART_VALUE = re.compile(r"<((?:\w+:)?v)>([^<]+)</\1>")
_NOISE = re.compile(r'\s(?:lang|altLang|dirty|err|smtClean|noProof|bmk)="[^"]*"')
_LANGUAGE = re.compile(r'(\s(?:lang)=")([A-Za-z][\w-]*)(")')


@dataclass(frozen=True, slots=True)
class _Names:
    """The elements of DrawingML under the prefixes that a part gives them."""

    paragraph: re.Pattern[str]
    field: re.Pattern[str]
    text: re.Pattern[str]
    switch: re.Pattern[str]
    properties: re.Pattern[str]
    no_properties: re.Pattern[str]
    run: re.Pattern[str]
    point: re.Pattern[str]


@lru_cache(maxsize=32)
def _names(prefixes: tuple[str, ...]) -> _Names:
    p = f"(?:{'|'.join(map(re.escape, prefixes))})"
    field = rf"<{p}fld\b(?:[^>]*/>|.*?</{p}fld>)"
    return _Names(
        paragraph=re.compile(rf"<{p}p(?:\s[^>]*)?(?<!/)>.*?</{p}p>", re.DOTALL),
        field=re.compile(field, re.DOTALL),
        text=re.compile(rf"<{p}t(?:\s[^>]*)?>([^<]*)</{p}t>"),
        switch=re.compile(
            rf"</{p}t>(?:{field}|(?!<{p}t[\s>])<[^>]*>|\s)*?<{p}t(?:\s[^>]*)?>|</{p}t>.*\Z", re.DOTALL
        ),
        properties=re.compile(rf"<{p}rPr\b[^>]*/>|<{p}rPr\b.*?</{p}rPr>", re.DOTALL),
        no_properties=re.compile(rf"<{p}rPr\s*/>|<{p}rPr\s*>\s*</{p}rPr>"),
        run=re.compile(rf"<{p}r[\s>]"),
        point=re.compile(rf"<{p}(fld|br)\b"),
    )


def _names_in(text: str) -> _Names:
    """The names as a part has them: nearly always a:p, but any prefix may stand for the namespace."""
    found = {f"{prefix}:" if prefix else "" for prefix in _NAMESPACE.findall(text)}
    return _names(tuple(sorted(found or {"a:"})))


def paragraphs(text: str, unit_of: Callable[[int], Unit]) -> Iterator[Span]:
    """Finds the paragraphs that hold words; `unit_of` tells place and kind for an offset."""
    names = _names_in(text)
    for match in names.paragraph.finditer(text):
        start, end = match.span()
        fields = [one.span() for one in names.field.finditer(text, start, end)]
        runs = [
            one
            for one in names.text.finditer(text, start, end)
            if not any(a < one.start() < b for a, b in fields)
        ]
        if not runs:
            continue
        tagger = _RunTagger(names, text[start : runs[0].start(1)])
        span = make_span(
            text,
            (runs[0].start(1), runs[-1].end(1)),
            unit_of(start),
            names.switch,
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


def alternative_texts(text: str, unit_of: Callable[[int], Unit]) -> Iterator[Span]:
    """Finds what is said of pictures and shapes to readers who cannot see them."""
    for tag in _ALTERNATIVE.finditer(text):
        for match in _SAID.finditer(text, *tag.span()):
            group = "double" if match["double"] is not None else "single"
            unit = unit_of(match.start())
            if AUTOMATIC_NAME.search(html.unescape(match[group])):
                continue
            place = f"{unit.place}, alternative text"
            span = plain_span(text, match.span(group), replace(unit, place=place, kind="caption"))
            if span is not None:
                yield replace(span, encode=html.escape)


def in_language(text: str, source: str, target: str) -> str:
    """Returns a part whose runs in the source's language are in the target's."""
    return _LANGUAGE.sub(
        lambda match: match[1] + (target if match[2].partition("-")[0] == source else match[2]) + match[3],
        text,
    )


class _RunTagger:
    """Tells what a switch between two runs is."""

    def __init__(self, names: _Names, before: str) -> None:
        self._names = names
        self._looks = Looks(_properties(names, before))

    def __call__(self, raw: str) -> Tag | str:
        look = _properties(self._names, raw[: raw.rfind("<")])
        point = self._names.point.search(raw)
        if point:
            self._looks = Looks(look)
            return Tag("point", "", "field" if point[1] == "fld" else "line break")
        return self._looks.switch(look)


def _properties(names: _Names, raw: str) -> str:
    """The look of the last run that begins in a piece of XML, without what no reader sees."""
    runs = [match.start() for match in names.run.finditer(raw)]
    found = names.properties.search(raw, runs[-1]) if runs else None
    if found is None:
        return ""
    look = _NOISE.sub("", found[0])
    return "" if names.no_properties.fullmatch(look) else look
