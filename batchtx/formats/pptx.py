"""Presentations (PPTX): slides, notes, comments, charts, diagrams; layouts and masters are not touched."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial

from batchtx.errors import DocumentError
from batchtx.formats.drawing import alternative_texts, chart_texts, in_language, paragraphs
from batchtx.formats.ooxml import PackageDocument, TextPart
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.relations import relations
from batchtx.formats.options import FormatOptions
from batchtx.formats.properties import property_parts, title_parts
from batchtx.formats.slide_fit import fitted, without_fit
from batchtx.formats.slide_frames import SlideFrames
from batchtx.formats.source import Source
from batchtx.formats.spans import Span, plain_span
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import Unit, UnitKind

_SLIDE_ID = re.compile(r"""<(?:\w+:)?sldId\b[^>]*\b\w+:id\s*=\s*["']([^"']+)["']""")
_SHAPE = re.compile(r"<(?:\w+:)?(sp|graphicFrame|pic|cxnSp)[\s>]")
_PLACEHOLDER = re.compile(r"""<(?:\w+:)?ph\b[^>]*\btype\s*=\s*["'](\w+)["']""")
_COMMENT = re.compile(r"<(?:\w+:)?text>([^<]+)</")
_BODY = re.compile(r"<((?:\w+:)?)bodyPr\b([^>]*)/>")
_TITLES = {"title": "title", "ctrTitle": "title", "subTitle": "subtitle"}
_NEVER = frozenset(["sldNum", "dt"])
"""Placeholders of fields: slide number and date."""

_KINDS = {"notesSlide": "notes", "chart": "chart", "diagramData": "diagram", "diagramDrawing": "diagram"}


def open_document(source: Source, options: FormatOptions, pair: LanguagePair) -> Document:
    """Returns a presentation. Raises DocumentError when it is none, damaged or hostile."""
    return PptxDocument(source, pair)


class PptxDocument(PackageDocument):
    """One presentation; see `Document` for the contract."""

    kept_parts = (
        (r"/(?:slideLayouts|slideMasters|notesMasters|handoutMasters|theme)/", "layouts and masters"),
        (r"docProps/", "properties"),
    )

    def __init__(self, source: Source, pair: LanguagePair) -> None:
        self._pair = pair
        super().__init__(source, Limits())

    def parts(self, package: Package) -> Iterator[TextPart]:
        """Implements `PackageDocument.parts`."""
        main = next((one.part for one in relations(package, "") if one.kind == "officeDocument"), None)
        if main is None or not main.lower().endswith("presentation.xml"):
            raise DocumentError(self.name, "not a PPTX: the package has no presentation")
        finish = partial(_finished, source=self._pair.source, target=self._pair.target)
        seen: set[str] = set()
        number = 0
        for number, slide in enumerate(_slides(package, main), 1):
            find_slide = partial(_slide_spans, slide=f"slide {number}")
            fit = partial(_fitted, finish=finish, frames=SlideFrames(package, slide))
            yield TextPart(slide, find_slide, fit, without_fit, kept="numbers, dates and fields")
            for relation in relations(package, slide):
                part = relation.part
                if part is None or part in seen:
                    continue
                if relation.kind in _KINDS:
                    seen.add(part)
                    place = f"slide {number}, {_KINDS[relation.kind]}"
                    find = _chart_spans if relation.kind == "chart" else _paragraph_spans
                    yield TextPart(part, partial(find, place=place), finish)
                elif relation.kind in ("comments", "comment"):
                    seen.add(part)
                    yield TextPart(part, partial(_comment_spans, place=f"slide {number}, comment"))
        yield from property_parts(package)
        yield from title_parts(package, number)

    def _again(self, source: Source) -> PptxDocument:
        return PptxDocument(source, self._pair)


def _slides(package: Package, main: str) -> Iterator[str]:
    """The parts of the slides, in the order of the show."""
    parts = {relation.id: relation.part for relation in relations(package, main, needed=True)}
    for match in _SLIDE_ID.finditer(package.text(main)):
        part = parts.get(match[1])
        if part is not None:
            yield part


def _slide_spans(text: str, slide: str) -> Iterator[Span]:
    """Paragraphs of a slide, named by their shapes; numbers and dates of the slide stay."""
    shapes = list(_SHAPE.finditer(text))
    starts = [match.start() for match in shapes]
    kinds: list[str] = []
    for shape, end in zip(shapes, [*starts[1:], len(text)], strict=False):
        found = _PLACEHOLDER.search(text, shape.start(), end)
        table = shape[1] == "graphicFrame"
        kinds.append(found[1] if found else "table" if table else "text")

    def unit_of(offset: int) -> Unit:
        at = bisect_right(starts, offset) - 1
        name = kinds[at] if at >= 0 else "text"
        kind: UnitKind = "title" if name in ("title", "ctrTitle") else "cell" if name == "table" else "text"
        place = _TITLES.get(name, name if name == "table" else f"shape {at + 1}")
        return Unit("", f"{slide}, {place}", "", kind)

    spans = [*paragraphs(text, unit_of), *alternative_texts(text, unit_of)]
    for span in sorted(spans, key=lambda span: span.start):
        at = bisect_right(starts, span.start) - 1
        if at < 0 or kinds[at] not in _NEVER:
            yield span


def _paragraph_spans(text: str, place: str) -> Iterator[Span]:
    return paragraphs(text, lambda offset: Unit("", place, ""))


def _chart_spans(text: str, place: str) -> Iterator[Span]:
    return chart_texts(text, lambda offset: Unit("", place, ""))


def _comment_spans(text: str, place: str) -> Iterator[Span]:
    """Comments of both kinds: plain text, and (since 2021) threads of paragraphs."""
    yield from _paragraph_spans(text, place)
    for match in _COMMENT.finditer(text):
        span = plain_span(text, match.span(1), Unit("", place, ""))
        if span is not None:
            yield span


def _finished(text: str, source: str, target: str) -> str:
    """Text that became longer shrinks where a shape says nothing of it; runs are in the new language."""
    text = _BODY.sub(r"<\1bodyPr\2><\1normAutofit/></\1bodyPr>", text)
    return in_language(text, source, target)


def _fitted(text: str, finish: Callable[[str], str], frames: SlideFrames) -> str:
    """A slide whose letters are as small as its longer texts need."""
    return fitted(finish(text), frames)
