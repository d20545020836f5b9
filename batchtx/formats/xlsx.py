"""Workbooks (XLSX): texts of cells, comments, drawings and charts; never formulas, names or formats.

Headers of tables stay as they are: formulas and the table itself refer to them by their words.
"""

from __future__ import annotations

import html
import re
from array import array
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from batchtx.errors import DocumentError
from batchtx.formats.drawing import alternative_texts, chart_texts, in_language
from batchtx.formats.office_kinds import XlsxOptions
from batchtx.formats.ooxml import Content, PackageDocument, TextPart
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.relations import relations
from batchtx.formats.opc.stream import read_text
from batchtx.formats.properties import property_parts
from batchtx.formats.source import Source
from batchtx.formats.spans import Looks, Span, Tag, make_span
from batchtx.formats.streamed import Table, spooled
from batchtx.formats.xlsx_cells import (
    CELL,
    STRING,
    Sheet,
    StringUses,
    cell_index,
    cell_name,
    cell_type,
    column_number,
)
from batchtx.formats.xlsx_headers import CELL_OR_HEADER, header_spans
from batchtx.formats.xlsx_widths import string_widths, widened, without_columns
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import Unit

_PHONETIC = re.compile(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</(?:\w+:)?t>")
_SWITCH = re.compile(
    r"</(?:\w+:)?t>(?:<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>|(?!<(?:\w+:)?t[\s>])<[^>]*>|\s)*?<(?:\w+:)?t(?:\s[^>]*)?>"
    r"|</(?:\w+:)?t>.*\Z|_x[0-9A-Fa-f]{4}_",
    re.DOTALL,
)
_LOOK = re.compile(r"<(?:\w+:)?rPr>(.*?)</(?:\w+:)?rPr>", re.DOTALL)
_TYPE = re.compile(r"""\bt\s*=\s*["'](\w+)["']""")
_CONSTANT = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</(?:\w+:)?v>")
_FORMULA = re.compile(r"<(?:\w+:)?f[\s/>]")
_THREAD = re.compile(r"<(?:\w+:)?threadedComment\b([^>]*)>(.*?)</(?:\w+:)?threadedComment>", re.DOTALL)
_WORDS = re.compile(r"<(?:\w+:)?text(?:\s[^>]*)?>([^<]+)</")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_COMMENT = re.compile(r"<(?:\w+:)?comment\b([^>]*)>(.*?)</(?:\w+:)?comment>", re.DOTALL)
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)/?>")
_NAME = re.compile(r"""\bname\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_RELATION_ID = re.compile(r""":id\s*=\s*["']([^"']*)["']""")
_PREFIX = re.compile(r"(</?)(?:\w+:)?(?=\w)")
_STRING_TAG = re.compile(r"\A<(?:\w+:)?si(?:\s[^>]*)?>|</(?:\w+:)?si\s*>\Z")
_TABLE = re.compile(r"""<(?:\w+:)?table\b[^>]*?\bref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)["'][^>]*>""")
_PLAIN = re.compile(r"<(?:\w+:)?t>(?=\s)|<(?:\w+:)?t>(?=[^<]*\s<)")


def open_document(source: Source, options: XlsxOptions, pair: LanguagePair) -> Document:
    """Returns a workbook. Raises DocumentError when it is none, damaged or hostile."""
    return XlsxDocument(source, pair, options)


class XlsxDocument(PackageDocument):
    """One workbook; see `Document` for the contract."""

    kept_parts = (
        (r"/worksheets/", "formulas, values and settings"),
        (r"/(?:tables|queryTables|pivotTables|pivotCache)/", "headers of tables"),
        (r"workbook\.xml\Z", "names"),
        (r"styles\.xml\Z", "number formats"),
        (r"/theme/", "themes"),
        (r"docProps/", "properties"),
        (r"\.vml\Z|/externalLinks/", "what Excel makes itself"),
    )

    def __init__(self, source: Source, pair: LanguagePair, options: XlsxOptions) -> None:
        self._pair, self._options = pair, options
        super().__init__(source, Limits())

    def parts(self, package: Package) -> Iterator[TextPart | Table]:
        """Implements `PackageDocument.parts`."""
        main = next((one.part for one in relations(package, "") if one.kind == "officeDocument"), None)
        if main is None or not main.lower().endswith("workbook.xml"):
            raise DocumentError(self.name, "not an XLSX: the package has no workbook")
        sheets = self._sheets = list(_sheets(package, main))
        below = {one.kind: one.part for one in relations(package, main)}
        strings = self._strings = below.get("sharedStrings")
        uses = StringUses(package, sheets)
        if strings is not None:
            yield Table(
                strings,
                STRING,
                partial(_string_spans, uses=uses),
                _preserved,
                _blank_free,
                "headers of tables, and strings that no cell shows",
            )
        shared = uses.strings_of_headers(package, strings)
        for sheet in sheets:
            if shared or sheet.number in uses.with_texts:
                find = partial(_cell_spans, sheet=sheet, shared=shared)
                yield Table(
                    sheet.part,
                    CELL_OR_HEADER,
                    find,
                    _preserved,
                    _cell_neutral,
                    "formulas, values and headers of tables",
                )
            yield from self._sheet_parts(package, sheet)
        yield from property_parts(package)

    def _sheet_parts(self, package: Package, sheet: Sheet) -> Iterator[TextPart]:
        """What hangs on a sheet: comments, drawings and charts."""
        where = sheet.shown
        for relation in relations(package, sheet.part):
            if relation.part is None:
                continue
            if relation.kind == "comments":
                find = partial(_comment_spans, where=where)
                yield TextPart(relation.part, find, _preserved, _blank_free, kept="authors")
            elif relation.kind == "threadedComment":
                yield TextPart(relation.part, partial(_thread_spans, where=where), kept="authors")
            elif relation.kind == "drawing":
                yield self._drawn(relation.part, f"{where}, drawing")
                for below in relations(package, relation.part):
                    if below.kind == "chart" and below.part is not None:
                        yield self._drawn(below.part, f"{where}, chart")

    def _drawn(self, part: str, where: str) -> TextPart:
        language = partial(in_language, source=self._pair.source, target=self._pair.target)
        return TextPart(part, partial(_drawing_spans, where=where), language)

    def _again(self, source: Source) -> XlsxDocument:
        return XlsxDocument(source, self._pair, self._options)

    def _adjusted(self, changed: dict[str, Content]) -> dict[str, Content]:
        """See `PackageDocument`: columns as wide as their words, where that is asked for."""
        if not changed or not self._options.column_widths:
            return changed

        def text(part: str) -> Iterator[str]:
            content = changed.get(part)
            return read_text(self._package, part, None if isinstance(content, bytes) else content)

        widths = string_widths(text(self._strings)) if self._strings else array("H")
        for sheet in self._sheets:
            wider = widened(partial(text, sheet.part), widths)
            if wider is not None:
                old, changed[sheet.part] = changed.get(sheet.part), spooled(wider)
                if old is not None and not isinstance(old, bytes):
                    old.close()
        return changed


def _sheets(package: Package, main: str) -> Iterator[Sheet]:
    """The sheets of a workbook, in order."""
    parts = {relation.id: relation.part for relation in relations(package, main, needed=True)}
    for number, match in enumerate(_SHEET.finditer(package.text(main)), 1):
        name, relation = _NAME.search(match[1]), _RELATION_ID.search(match[1])
        part = parts.get(relation[1]) if relation else None
        if part is not None and part.endswith(".xml") and "worksheets" in part:
            shown = html.unescape(name[1] or name[2] or "") if name else ""
            yield Sheet(number, shown, part, tuple(_tables(package, part)))


def _tables(package: Package, sheet: str) -> Iterator[tuple[int, int, int]]:
    """(first column, row of the header, last column) of each table of a sheet."""
    for relation in relations(package, sheet):
        if relation.kind == "table" and relation.part is not None:
            for left, top, right, _ in _TABLE.findall(package.text(relation.part)):
                yield column_number(left), int(top), column_number(right)


def _string_spans(item: str, number: int, uses: StringUses) -> Iterator[Span]:
    place = uses.place_of(number)
    if place:
        yield from _rich(item, (0, len(item)), Unit("", place, "", "cell"))


def _cell_spans(item: str, number: int, sheet: Sheet, shared: dict[int, str]) -> Iterator[Span]:
    """The text that stands in its cell; as a value too, which is a formula's result where there is one.

    A string that the header of a table has, too, goes into the cell itself, since the header must keep it.
    """
    cell = CELL.match(item)
    if cell is None:
        yield from header_spans(item, sheet.shown)
        return
    if cell[2] is None or sheet.is_header(cell):
        return
    kind = cell_type(cell)
    unit = Unit("", f"{sheet.shown}, {cell_name(cell)}", "", "cell")
    if kind == "inlineStr":
        for span in _rich(item, cell.span(2), unit):
            yield replace(span, block=cell.span(2))
    elif kind == "str" and not _FORMULA.search(cell[2]):
        value = _CONSTANT.search(item, *cell.span(2))
        if value is not None:
            yield from _made(item, value.span(1), unit, _LookTagger(""))
    elif kind == "s" and (string := shared.get(cell_index(cell))) is not None:
        for span in _rich(string, (0, len(string)), unit):
            around = string[: span.start], string[span.end :]
            yield replace(
                span,
                start=0,
                end=len(item),
                block=cell.span(2),
                marks=(),
                places=(),
                finish=partial(_in_cell, cell=item[: cell.start(2)], string=around, end=item[cell.end(2) :]),
            )


def _in_cell(written: str, cell: str, string: tuple[str, str], end: str) -> str:
    """A cell with its string inside of it."""
    prefix = cell[1:].partition(":")[0] + ":" if ":" in cell.partition(" ")[0] else ""
    inside = _STRING_TAG.sub("", string[0] + written + string[1])
    inside = _PREFIX.sub(rf"\1{prefix}", inside)
    opening = _TYPE.sub('t="inlineStr"', cell, count=1)
    return f"{opening}<{prefix}is>{inside}</{prefix}is>{end}"


def _cell_neutral(text: str) -> str:
    """A cell without a word about blanks, and whether its text stands in it."""
    return _blank_free(without_columns(text)).replace('t="inlineStr"', 't="s"')


def _thread_spans(text: str, where: str) -> Iterator[Span]:
    for comment in _THREAD.finditer(text):
        reference = re.search(r"""\bref\s*=\s*["']([A-Z]+\d+)["']""", comment[1])
        words = _WORDS.search(text, *comment.span(2))
        if words is not None:
            place = f"{where}, comment at {reference[1] if reference else '?'}"
            yield from _made(text, words.span(1), Unit("", place, ""), _LookTagger(""))


def _comment_spans(text: str, where: str) -> Iterator[Span]:
    for comment in _COMMENT.finditer(text):
        reference = re.search(r"""\bref\s*=\s*["']([A-Z]+\d+)["']""", comment[1])
        place = f"{where}, comment at {reference[1] if reference else '?'}"
        yield from _rich(text, comment.span(2), Unit("", place, ""))


def _drawing_spans(text: str, where: str) -> Iterator[Span]:
    def unit_of(offset: int) -> Unit:
        return Unit("", where, "")

    spans = [*chart_texts(text, unit_of), *alternative_texts(text, unit_of)]
    yield from sorted(spans, key=lambda span: span.start)


def _rich(text: str, bounds: tuple[int, int], unit: Unit) -> Iterator[Span]:
    """The span of a string: its runs are codes, phonetic hints stay."""
    hints = [match.span() for match in _PHONETIC.finditer(text, *bounds)]
    runs = [
        match for match in _TEXT.finditer(text, *bounds) if not any(a <= match.start() < b for a, b in hints)
    ]
    if not runs:
        return
    tagger = _LookTagger(text[bounds[0] : runs[0].start(1)])
    yield from _made(text, (runs[0].start(1), runs[-1].end(1)), unit, tagger)


def _made(text: str, bounds: tuple[int, int], unit: Unit, tagger: _LookTagger) -> Iterator[Span]:
    span = make_span(text, bounds, unit, _SWITCH, tagger, decode=html.unescape, encode=_encode)
    if span is not None:
        yield span


class _LookTagger:
    """Tells what a switch between two runs of a string is."""

    def __init__(self, before: str) -> None:
        self._looks = Looks(_look(before))

    def __call__(self, raw: str) -> Tag | str:
        return _escaped(raw) if raw.startswith("_x") else self._looks.switch(_look(raw))


def _escaped(raw: str) -> Tag | str:
    """What _xHHHH_ stands for; the other half of a line break is left out."""
    char = chr(int(raw[2:6], 16))
    if char in "\r\n\t":
        return "" if char == "\r" else char
    return char if char.isprintable() else Tag("point", "", "control")


def _encode(text: str) -> str:
    """Words that look like such an escape must not be read as one."""
    return html.escape(_TO_ESCAPE.sub("_x005F_", text), quote=False)


def _look(raw: str) -> str:
    found = _LOOK.findall(raw)
    return found[-1] if found else ""


def _preserved(text: str) -> str:
    """Blanks at the edges of a run's text would be lost without a word about them."""
    return _PLAIN.sub(lambda match: match[0][:-1] + ' xml:space="preserve">', text)


def _blank_free(text: str) -> str:
    """The same without a word about blanks."""
    return text.replace(' xml:space="preserve"', "")
