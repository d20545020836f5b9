"""Two languages in one DOCX: each paragraph followed by its translation, or a table to review.

Both are made from the original and its finished translation, whose paragraphs correspond one to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal

from batchtx.errors import DocumentError
from batchtx.formats.docx.read.atoms import Atom, atoms_of
from batchtx.formats.docx.read.drop_caps import is_drop_cap
from batchtx.formats.docx.read.locations import Location, locations_of, style_kinds
from batchtx.formats.docx.read.text_parts import StoryPart, text_parts
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.names import XML_SPACE, Element, attribute, child, name, set_attribute, sibling_tag
from batchtx.formats.opc.package import Package, serialized
from batchtx.formats.opc.signatures import signature_parts, without_signatures
from batchtx.formats.opc.zip_copy import ZipCopy
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.messages import told
from batchtx.records import UnitKind

Layout = Literal["paragraph", "table"]

_STORIES = ("body", "header", "footer", "footnotes", "endnotes", "comments")
_NOT_COPIED = frozenset(
    ["w:numPr", "w:sectPr", "w:framePr", "w:pageBreakBefore", "w:outlineLvl", "w:pPrChange", "w:rPr"]
)
_BEFORE_NUMBERS = frozenset(["w:pStyle", "w:keepNext", "w:keepLines", "w:widowControl"])
_AFTER_LEVEL = frozenset(["w:divId", "w:cnfStyle"])
_ROWS_PER_TABLE = 500


@dataclass(frozen=True, slots=True)
class ParagraphCopy:
    """A stretch of text in one character format."""

    text: str
    bold: bool = False
    italic: bool = False
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class BilingualRow:
    """A paragraph in both languages; `place` is for people ("table 2, row 3, cell 1")."""

    place: str
    source: tuple[ParagraphCopy, ...]
    target: tuple[ParagraphCopy, ...]
    kind: UnitKind = "text"


def write_bilingual(
    original: Path,
    translated: Path,
    output: BinaryIO,
    layout: Layout,
    pair: LanguagePair,
    limits: Limits | None = None,
) -> None:
    """Writes both languages into one document.

    Args:
        original: the DOCX that was translated.
        translated: what batchtx made of it, with the same paragraphs.
        output: a stream that is written from its start.
        layout: "paragraph" keeps the original's look and puts each translation below its paragraph;
            "table" sets source and translation side by side.

    Raises:
        DocumentError: one of them cannot be read, or their paragraphs do not correspond.
    """
    if layout == "table":
        write_table(rows_of(original, translated, limits), output, title=original.name)
    else:
        write_paragraphs(original, translated, output, pair, limits)


def rows_of(original: Path, translated: Path, limits: Limits | None = None) -> Iterator[BilingualRow]:
    """Yields the paragraphs with words, in reading order, in both languages; copies in mc:Fallback are
    left out.
    """
    with _Packages(original, translated, limits) as both:
        for part in both.parts:
            for before, after in both.locations(part):
                source, target = _pieces(before.paragraph), _pieces(after.paragraph)
                if not before.fallback_of and any(piece.text.strip() for piece in source):
                    yield BilingualRow(before.place, source, target, before.kind)


def write_table(rows: Iterable[BilingualRow], output: BinaryIO, title: str) -> None:
    """Writes a document with a table of two columns; its rows may break over pages, its head repeats."""
    try:
        import docx
        from docx.enum.section import WD_ORIENT
    except ImportError:
        raise DocumentError(title, "a table needs python-docx: pip install 'batchtx[review]'") from None
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_heading(title, level=1)
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROWS_PER_TABLE)):
        table = document.add_table(rows=1, cols=2, style="Table Grid")
        _repeat_head(table.rows[0])
        for cell, text in zip(table.rows[0].cells, (told("Source"), told("Translation")), strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        for row in batch:
            left, right = table.add_row().cells
            heading = row.kind in ("heading", "title")
            _fill(left.paragraphs[0], row.source, bold=heading)
            _fill(right.paragraphs[0], row.target, bold=heading)
            _place(left.add_paragraph(), row.place)
        document.add_paragraph()
    document.save(output)


def write_paragraphs(
    original: Path, translated: Path, output: BinaryIO, pair: LanguagePair, limits: Limits | None = None
) -> None:
    """Writes the original, each paragraph followed by its translation, which has no number, note or
    picture.
    """
    with _Packages(original, translated, limits) as both:
        changed: dict[str, bytes] = {}
        for part in both.parts:
            root = both.before.parse(part.name)
            if _add_translations(both.locations(part, root), pair):
                changed[part.name] = serialized(root)
        if both.styles is not None and changed:
            changed[both.styles] = both.after.read(both.styles)
        dropped = signature_parts(both.before) if changed else frozenset()
        if dropped:
            changed.update(without_signatures(both.before, dropped))
        archive = ZipCopy(output)
        for info in both.before.entries:
            content = changed.get(info.filename)
            if content is not None:
                archive.replace(info, content)
            elif info.filename not in dropped:
                archive.copy(info, both.before.raw(info), both.before.true_crc(info))
        archive.close()


class _Packages:
    """The two packages, opened, and the parts that both have."""

    def __init__(self, original: Path, translated: Path, limits: Limits | None) -> None:
        self._names = original, translated
        self.before = Package(Source(str(original), original), limits or Limits())
        try:
            self.after = Package(Source(str(translated), translated), limits or Limits())
        except DocumentError:
            self.before.close()
            raise
        parts = text_parts(self.before)[0]
        self.styles = next((p.name for p in parts if p.story == "styles" and p.name in self.after), None)
        self.parts = [part for part in parts if part.story in _STORIES and part.name in self.after]
        self._kinds = style_kinds(self.before.parse(self.styles) if self.styles else None)

    def __enter__(self) -> _Packages:
        return self

    def __exit__(self, *exception: object) -> None:
        self.before.close()
        self.after.close()

    def locations(self, part: StoryPart, root: Element | None = None) -> list[tuple[Location, Location]]:
        """The paragraphs of a part in both documents, pair by pair."""
        root = self.before.parse(part.name) if root is None else root
        ours = locations_of(root, part, self._kinds)
        theirs = locations_of(self.after.parse(part.name), part, self._kinds)
        if len(ours) != len(theirs):
            original, translated = self._names
            message = f"{len(theirs)} paragraphs, but {original} has {len(ours)}; translate it again"
            raise DocumentError(str(translated), message, part.name)
        return list(zip(ours, theirs, strict=True))


def _add_translations(pairs: list[tuple[Location, Location]], pair: LanguagePair) -> int:
    """Insert the translated paragraphs; how many there were."""
    count = 0
    letter = ""
    for before, after in pairs:
        text = _text(after.paragraph)
        source = _text(before.paragraph)
        if before.kept or not pair.has_source(source) or text == source:
            continue
        if is_drop_cap(before.paragraph):
            letter = text
            continue
        before.paragraph.addnext(_copy(before, after.paragraph, letter))
        letter = ""
        count += 1
    return count


def _copy(before: Location, translated: Element, letter: str) -> Element:
    """A paragraph with the words of the translation, to stand below the original."""
    copied = translated.makeelement(translated.tag)
    properties = _properties(before, translated)
    if len(properties):
        copied.append(properties)
    for atom in atoms_of(translated, hidden=False):
        run = _run(copied, atom, letter)
        if run is not None:
            copied.append(run)
            letter = "" if atom.kind == "text" else letter
    return copied


def _properties(before: Location, translated: Element) -> Element:
    """Paragraph properties without a number and an outline level of their own.

    The end of a section moves from the original to the copy, which is now the last of the section.
    """
    old = child(translated, "w:pPr")
    properties = translated.makeelement(sibling_tag(translated, "pPr"))
    for element in [] if old is None else old:
        if name(element) not in _NOT_COPIED:
            properties.append(deepcopy(element))
    numbers = properties.makeelement(sibling_tag(properties, "numPr"))
    level = numbers.makeelement(sibling_tag(numbers, "numId"))
    set_attribute(level, "val", "0")
    numbers.append(level)
    properties.insert(sum(name(element) in _BEFORE_NUMBERS for element in properties), numbers)
    if before.kind in ("heading", "title"):
        outline = properties.makeelement(sibling_tag(properties, "outlineLvl"))
        set_attribute(outline, "val", "9")
        last = sum(name(element) in _AFTER_LEVEL for element in properties)
        properties.insert(len(properties) - last, outline)
    original = child(before.paragraph, "w:pPr")
    section = None if original is None else child(original, "w:sectPr")
    if section is not None:
        properties.append(section)
    return properties


def _run(paragraph: Element, atom: Atom, letter: str) -> Element | None:
    """A run for a text, a tab or a line break; None for all that must not stand twice."""
    short = name(atom.element)
    if atom.kind != "text" and not (atom.kind == "cut" and _parts_words(atom.element, short)):
        return None
    run = paragraph.makeelement(sibling_tag(paragraph, "r"))
    properties = None if atom.run is None else child(atom.run, "w:rPr")
    if properties is not None:
        run.append(deepcopy(properties))
    if atom.kind == "text":
        text = run.makeelement(sibling_tag(run, "t"))
        text.text = letter + atom.text
        text.set(XML_SPACE, "preserve")
        run.append(text)
    else:
        run.append(deepcopy(atom.element))
    return run


def _parts_words(element: Element, short: str) -> bool:
    return short == "w:tab" or (short == "w:br" and attribute(element, "type") in (None, "textWrapping"))


def _pieces(paragraph: Element) -> tuple[ParagraphCopy, ...]:
    pieces: list[ParagraphCopy] = []
    for atom in atoms_of(paragraph, hidden=False):
        if atom.kind == "cut":
            pieces.append(ParagraphCopy("\t" if name(atom.element) in ("w:tab", "w:ptab") else "\n"))
        elif atom.kind == "text":
            marks = atom.character_format.signature.split("|")
            underlined = any(mark.startswith("w:u(") for mark in marks)
            pieces.append(ParagraphCopy(atom.text, "w:b" in marks, "w:i" in marks, underlined))
    return tuple(pieces)


def _text(paragraph: Element) -> str:
    return "".join(atom.text for atom in atoms_of(paragraph, hidden=False) if atom.kind == "text")


def _fill(paragraph: Any, pieces: Iterable[ParagraphCopy], *, bold: bool) -> None:
    for piece in pieces:
        run = paragraph.add_run(_printable(piece.text))
        run.bold = piece.bold or bold or None
        run.italic = piece.italic or None
        run.underline = piece.underlined or None


def _place(paragraph: Any, place: str) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(place)
    run.font.size = Pt(7)
    run.font.color.rgb = RGBColor(0x80, 0x80, 0x80)


def _repeat_head(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _printable(text: str) -> str:
    """Without controls that XML cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n")
