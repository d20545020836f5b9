"""Workbooks (XLSX): texts of cells, comments, drawings and charts; never formulas, names or formats.

Headers of tables stay as they are: formulas and the table itself refer to them by their words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from batchtx.errors import DocumentError
from batchtx.formats.drawing import chart_texts, in_language
from batchtx.formats.ooxml import PackageDocument, TextPart
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.relations import relations
from batchtx.formats.options import FormatOptions
from batchtx.formats.properties import property_parts
from batchtx.formats.source import Source
from batchtx.formats.spans import Looks, Span, Tag, make_span
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import Unit

_ITEM = re.compile(r"<(?:\w+:)?(si|is|text)(?:\s[^>]*)?>(.*?)</(?:\w+:)?\1>", re.DOTALL)
_PHONETIC = re.compile(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</(?:\w+:)?t>")
_SWITCH = re.compile(
    r"</(?:\w+:)?t>(?:<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>|(?!<(?:\w+:)?t[\s>])<[^>]*>|\s)*?<(?:\w+:)?t(?:\s[^>]*)?>"
    r"|</(?:\w+:)?t>.*\Z|_x[0-9A-Fa-f]{4}_",
    re.DOTALL,
)
_LOOK = re.compile(r"<(?:\w+:)?rPr>(.*?)</(?:\w+:)?rPr>", re.DOTALL)
_CELL = re.compile(r"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_VALUE = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>(\d+)</")
_TYPE = re.compile(r"""\bt\s*=\s*["'](\w+)["']""")
_CONSTANT = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</(?:\w+:)?v>")
_FORMULA = re.compile(r"<(?:\w+:)?f[\s/>]")
_REFERENCE = re.compile(r"""\br\s*=\s*["']([A-Z]+)(\d+)["']""")
_THREAD = re.compile(r"<(?:\w+:)?threadedComment\b([^>]*)>(.*?)</(?:\w+:)?threadedComment>", re.DOTALL)
_WORDS = re.compile(r"<(?:\w+:)?text(?:\s[^>]*)?>([^<]+)</")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_COMMENT = re.compile(r"<(?:\w+:)?comment\b([^>]*)>(.*?)</(?:\w+:)?comment>", re.DOTALL)
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)/?>")
_NAME = re.compile(r"""\bname\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_RELATION_ID = re.compile(r""":id\s*=\s*["']([^"']*)["']""")
_TABLE = re.compile(r"""<(?:\w+:)?table\b[^>]*?\bref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)["'][^>]*>""")
_PLAIN = re.compile(r"<(?:\w+:)?t>(?=\s)|<(?:\w+:)?t>(?=[^<]*\s<)")


class _Sheet(NamedTuple):
    number: int
    name: str
    part: str


def open_document(source: Source, options: FormatOptions, pair: LanguagePair) -> Document:
    """A workbook. Raises DocumentError when it is none, damaged or hostile."""
    return XlsxDocument(source, pair)


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

    def __init__(self, source: Source, pair: LanguagePair) -> None:
        self._pair = pair
        super().__init__(source, Limits())

    def parts(self, package: Package) -> Iterator[TextPart]:
        """See `PackageDocument.parts`."""
        main = next((one.part for one in relations(package, "") if one.kind == "officeDocument"), None)
        if main is None or not main.lower().endswith("workbook.xml"):
            raise DocumentError(self.name, "not an XLSX: the package has no workbook")
        sheets = list(_sheets(package, main))
        strings = next((one.part for one in relations(package, main) if one.kind == "sharedStrings"), None)
        if strings is not None:
            places = _places(package, sheets)
            find_strings = partial(_string_spans, places=places)
            kept = "headers of tables, and strings that no cell shows"
            yield TextPart(strings, find_strings, _preserved, _blank_free, kept=kept)
        for sheet in sheets:
            yield from self._sheet_parts(package, sheet)
        yield from property_parts(package)

    def _sheet_parts(self, package: Package, sheet: _Sheet) -> Iterator[TextPart]:
        """What hangs on a sheet: its own texts, comments, drawings and charts."""
        where = f"sheet {sheet.number} ({sheet.name})"
        if re.search(r"""\bt\s*=\s*["'](?:inlineStr|str)["']""", package.text(sheet.part)):
            find = partial(_cell_spans, where=where, tables=_tables(package, sheet))
            kept = "formulas, values and headers of tables"
            yield TextPart(sheet.part, find, _preserved, _blank_free, kept=kept)
        for relation in relations(package, sheet.part):
            if relation.part is None:
                continue
            if relation.kind == "comments":
                find = partial(_comment_spans, where=where)
                yield TextPart(relation.part, find, _preserved, _blank_free)
            elif relation.kind == "threadedComment":
                yield TextPart(relation.part, partial(_thread_spans, where=where))
            elif relation.kind == "drawing":
                yield self._drawn(relation.part, f"{where}, drawing")
                for below in relations(package, relation.part):
                    if below.kind == "chart" and below.part is not None:
                        yield self._drawn(below.part, f"{where}, chart")

    def _drawn(self, part: str, where: str) -> TextPart:
        language = partial(in_language, source=self._pair.source, target=self._pair.target)
        return TextPart(part, partial(_drawing_spans, where=where), language)

    def _again(self, source: Source) -> XlsxDocument:
        return XlsxDocument(source, self._pair)


def _sheets(package: Package, main: str) -> Iterator[_Sheet]:
    """The sheets of a workbook, in order."""
    parts = {relation.id: relation.part for relation in relations(package, main, needed=True)}
    for number, match in enumerate(_SHEET.finditer(package.text(main)), 1):
        name, relation = _NAME.search(match[1]), _RELATION_ID.search(match[1])
        part = parts.get(relation[1]) if relation else None
        if part is not None and part.endswith(".xml") and "worksheets" in part:
            yield _Sheet(number, html.unescape(name[1] or name[2] or "") if name else "", part)


def _places(package: Package, sheets: list[_Sheet]) -> dict[int, str]:
    """Where each shared string stands first; those that a table's header has anywhere are left out."""
    places: dict[int, str] = {}
    headers: set[int] = set()
    for sheet in sheets:
        tables = _tables(package, sheet)
        for cell in _CELL.finditer(package.text(sheet.part)):
            value = _VALUE.search(cell[2] or "") if _type(cell) == "s" else None
            if value is None:
                continue
            index = int(value[1])
            places.setdefault(index, f"sheet {sheet.number} ({sheet.name}), {_place(cell)}")
            if _is_header(cell, tables):
                headers.add(index)
    return {index: place for index, place in places.items() if index not in headers}


def _tables(package: Package, sheet: _Sheet) -> list[tuple[int, str, int]]:
    """(first column, row of the header, last column) of each table of a sheet."""
    return [
        (_number(left), top, _number(right))
        for relation in relations(package, sheet.part)
        if relation.kind == "table" and relation.part is not None
        for left, top, right, _ in _TABLE.findall(package.text(relation.part))
    ]


def _type(cell: re.Match[str]) -> str:
    found = _TYPE.search(cell[1])
    return found[1] if found else ""


def _place(cell: re.Match[str]) -> str:
    """A cell's name; a writer may leave it out."""
    found = _REFERENCE.search(cell[1])
    return "".join(found.groups()) if found else "a cell"


def _is_header(cell: re.Match[str], tables: list[tuple[int, str, int]]) -> bool:
    """Whether a cell is in the header of a table; one without a name may be."""
    found = _REFERENCE.search(cell[1])
    if found is None:
        return bool(tables)
    return any(found[2] == top and left <= _number(found[1]) <= right for left, top, right in tables)


def _number(column: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in column:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _string_spans(text: str, places: dict[int, str]) -> Iterator[Span]:
    for index, match in enumerate(_ITEM.finditer(text)):
        if index in places:
            yield from _rich(text, match.span(2), Unit("", places[index], "", "cell"))


def _cell_spans(text: str, where: str, tables: list[tuple[int, str, int]]) -> Iterator[Span]:
    """The texts that stand in their cells; as a value too, which is a formula's result where there is one."""
    for cell in _CELL.finditer(text):
        if _type(cell) not in ("inlineStr", "str") or not cell[2] or _is_header(cell, tables):
            continue
        unit = Unit("", f"{where}, {_place(cell)}", "", "cell")
        if _type(cell) == "inlineStr":
            yield from _rich(text, cell.span(2), unit)
        elif not _FORMULA.search(cell[2]):
            value = _CONSTANT.search(text, *cell.span(2))
            if value is not None:
                yield from _made(text, value.span(1), unit, _LookTagger(""))


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
    return chart_texts(text, lambda offset: Unit("", where, ""))


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
