"""Lone texts outside of paragraphs: alternative texts, charts, SmartArt, titles, WordArt, lists."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.docx.read.fields import Field, fields_of
from batchtx.formats.docx.read.index_entries import entry_texts, with_entry_text
from batchtx.formats.docx.read.text_parts import StoryPart
from batchtx.formats.drawing import AUTOMATIC_NAME
from batchtx.formats.opc.names import (
    XML_SPACE,
    Element,
    attribute,
    child,
    name,
    short_name,
    sibling_tag,
)
from batchtx.language.pair import LanguagePair
from batchtx.records import Unit, UnitKind
from batchtx.text.control import cleaned

_ALT_TEXT = {
    "wp:docPr": ("descr", "title"),
    "pic:cNvPr": ("descr", "title"),
    "wps:cNvPr": ("descr", "title"),
    "v:shape": ("alt",),
    "v:textbox": ("alt",),
}
_PLAIN_ATTRIBUTES = {"v:textpath": ("string", "WordArt"), "a:hlinkClick": ("tooltip", "link tooltip")}
_WORD_ATTRIBUTES = {
    "w:hyperlink": ("tooltip", "link tooltip"),
    "w:listItem": ("displayText", "list entry"),
    "w:listEntry": ("val", "list entry"),
    "w:default": ("val", "form field text"),
    "w:statusText": ("val", "form field help"),
    "w:helpText": ("val", "form field help"),
    "w:tblCaption": ("val", "table title"),
    "w:tblDescription": ("val", "table description"),
}
_PROPERTIES = {
    "dc:title": "document title",
    "dc:subject": "document subject",
    "dc:description": "document description",
    "cp:keywords": "document keywords",
    "cp:category": "document category",
}


@dataclass(slots=True)
class StandaloneText:
    """One lone text. `attribute` is the full attribute name; "" means the element's own text.

    `others` are runs of the same text in the same formatting, emptied when it is written.
    """

    unit: Unit
    element: Element
    attribute: str = ""
    others: tuple[Element, ...] = ()

    @property
    def counts(self) -> bool:
        """The text stands in an element of text, not in an attribute or a formula."""
        return not self.attribute and name(self.element) in ("a:t", "c:v", "cx:v", "cx:pt")

    def write(self, target: str) -> None:
        """Puts the target in place of the text, keeping the white space around it."""
        target = cleaned(target)
        if name(self.element) == "a:t" and "\n" in target:
            target = _with_breaks(self.element, target)
        elif self.attribute or name(self.element) not in ("c:v", "cx:v", "cx:pt"):
            target = target.replace("\n", " ")
        if self.attribute:
            self.element.set(self.attribute, _framed(self.element.get(self.attribute) or "", target))
            return
        whole = "".join(part.text or "" for part in (self.element, *self.others))
        if name(self.element) == "w:instrText":
            self.element.text = with_entry_text(whole, self.unit.text, target)
            self.element.set(XML_SPACE, "preserve")
        else:
            self.element.text = _framed(whole, target)
        for other in self.others:
            other.text = ""


def _with_breaks(element: Element, target: str) -> str:
    """Put all lines but the first behind the run of a drawing's text; gives the first."""
    first, *others = target.split("\n")
    run = element.getparent()
    for line in reversed(others):
        copy = deepcopy(run)
        for text in copy:
            if name(text) == "a:t":
                text.text = line
        run.addnext(copy)
        run.addnext(run.makeelement(sibling_tag(run, "br")))
    return first


def standalone_texts_of(
    root: Element, part: StoryPart, options: DocxOptions, pair: LanguagePair
) -> Iterator[StandaloneText]:
    """Yields the lone texts of a part in document order; only those with something to translate."""
    number = 0
    for found in _found(root, part, options, pair):
        text = found.text.strip()
        if not pair.has_source(text):
            continue
        number += 1
        place = f"{_story_place(part)}{found.place}"
        unit = Unit(f"{part.name}#t{number}", place, text, found.kind)
        yield StandaloneText(unit, found.element, found.attribute, found.others)


@dataclass(slots=True)
class _Found:
    element: Element
    text: str
    place: str
    attribute: str = ""
    kind: UnitKind = "label"
    others: tuple[Element, ...] = ()


def _found(root: Element, part: StoryPart, options: DocxOptions, pair: LanguagePair) -> Iterator[_Found]:
    fields = fields_of(root, pair) if options.index_entries else {}
    for element in root.iter():
        short = name(element)
        if element in fields:
            yield from _entries(fields[element])
        elif short in _ALT_TEXT:
            if options.alt_text != "keep":
                yield from _alt_text(element, short, every=options.alt_text == "all")
        elif short in _PLAIN_ATTRIBUTES:
            key, place = _PLAIN_ATTRIBUTES[short]
            yield _Found(element, element.get(key) or "", place, key)
        elif short in _WORD_ATTRIBUTES:
            local, place = _WORD_ATTRIBUTES[short]
            yield from _word_attribute(element, local, place)
        elif short == "a:p":
            yield from _drawing_runs(element)
        elif short == "c:v":
            if _is_text_value(element):
                yield _Found(element, element.text or "", "data label")
        elif short in ("cx:v", "cx:pt"):
            if not any(name(above) == "cx:numDim" for above in element.iterancestors()):
                yield _Found(element, element.text or "", "data label")
        elif short == "m:t":
            if options.math_text:
                yield _Found(element, element.text or "", "formula")
        elif short in _PROPERTIES and options.properties and part.story == "properties":
            yield _Found(element, element.text or "", _PROPERTIES[short], kind="title")


def _entries(field: Field) -> Iterator[_Found]:
    for text in entry_texts(field.instruction):
        yield _Found(field.codes[0], text, "index entry", others=tuple(field.codes[1:]))


def _alt_text(element: Element, short: str, *, every: bool) -> Iterator[_Found]:
    for key in _ALT_TEXT[short]:
        text = element.get(key) or ""
        if text and (every or not AUTOMATIC_NAME.search(text.strip())):
            yield _Found(element, text, "alternative text", key)


def _word_attribute(element: Element, local: str, place: str) -> Iterator[_Found]:
    text = attribute(element, local)
    if text:
        key = next(key for key, value in element.attrib.items() if short_name(key) == f"w:{local}")
        yield _Found(element, text, place, key)


def _drawing_runs(paragraph: Element) -> Iterator[_Found]:
    """The texts of a DrawingML paragraph: neighbours of one formatting together."""
    group: list[Element] = []
    character_format: str | None = None
    for run in paragraph:
        if name(run) == "a:r":
            text = child(run, "a:t")
            new = _drawing_look(child(run, "a:rPr"))
            if group and new != character_format:
                yield _group(group)
                group = []
            character_format = new
            if text is not None:
                group.append(text)
        elif name(run) not in ("a:pPr", "a:endParaRPr", "#"):
            if group:
                yield _group(group)
                group = []
            shown = child(run, "a:t")  # of a field
            if shown is not None:
                yield _group([shown])
    if group:
        yield _group(group)


def _group(group: list[Element]) -> _Found:
    text = "".join(element.text or "" for element in group)
    return _Found(group[0], text, "drawing text", others=tuple(group[1:]))


def _drawing_look(properties: Element | None) -> str:
    if properties is None:
        return ""
    ignored = ("lang", "altLang", "dirty", "err", "smtClean", "kumimoji", "noProof")
    values = sorted(f"{key}={value}" for key, value in properties.attrib.items() if key not in ignored)
    faces = ("a:latin", "a:ea", "a:cs", "a:sym")
    return ";".join(values) + "|" + "|".join(name(part) for part in properties if name(part) not in faces)


def _is_text_value(element: Element) -> bool:
    """A value of a chart that is a text (name, category), not a number."""
    for above in element.iterancestors():
        short = name(above)
        if short == "c:numCache":
            return False
        if short in ("c:strCache", "c:multiLvlStrCache", "c:tx"):
            return True
    return True


def _story_place(part: StoryPart) -> str:
    return f"{part.story} {part.number}, " if part.story in ("header", "footer", "chart", "diagram") else ""


def _framed(whole: str, target: str) -> str:
    """The target between the white space that stood around the text."""
    stripped = whole.strip()
    start = whole.find(stripped)
    return whole[:start] + target + whole[start + len(stripped) :]
