"""Text that a reader of the document may see and that no rule of the reader takes: found, and told.

Goes over the text nodes of the XML, whatever they stand in, and so counts in another way than the
reader and the writer do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from batchtx.errors import DocumentError
from batchtx.formats.docx.check.coverage import TEXTS
from batchtx.formats.docx.read.atoms import Atom
from batchtx.formats.opc.names import Element, name
from batchtx.formats.opc.package import Package
from batchtx.language.pair import LanguagePair

_KEPT_LABELS = frozenset(["symbol", "hidden text", "phonetic guide", "deleted text"])
_NO_TEXT = frozenset(
    [
        "#",
        "w:instrText",
        "w:delText",
        "w:delInstrText",
        "w:fldData",
        "o:FieldCodes",
        "c:f",
        "c:formatCode",
        "cx:f",
    ]
)
_SHOWN_CHARS = 40


@dataclass(frozen=True, slots=True)
class Unreached:
    """A text with something to translate in it, and the element that it stands in or after."""

    text: str
    element: Element

    @property
    def message(self) -> str:
        """What a user should know."""
        shown = " ".join(self.text.split())
        shown = f"{shown[:_SHOWN_CHARS]}…" if len(shown) > _SHOWN_CHARS else shown
        local = str(self.element.tag).rpartition("}")[2]
        return f"text where none is expected (in or after <{local}>) stays as it is: “{shown}”"


def first_text(package: Package, part: str, pair: LanguagePair) -> str:
    """Returns a text to translate in the text elements of a part that is not read; "" when there is none."""
    try:
        root = package.parse(part)
    except DocumentError:
        return ""
    texts = (element.text or "" for element in root.iter() if str(element.tag).endswith("}t"))
    return next(filter(pair.has_source, texts), "")


def count_all_text(root: Element, pair: LanguagePair) -> int:
    """Characters (spaces not counted) of all text that shows, node by node, whatever it stands in."""
    texts: list[str] = []
    for element in root.iter():
        short = name(element)
        if element.text and short not in _NO_TEXT and (short in TEXTS or pair.has_source(element.text)):
            texts.append(element.text)
        if element.tail and element is not root:
            inside = name(element.getparent()) in TEXTS
            texts += [element.tail] if inside or pair.has_source(element.tail) else []
    return sum(not char.isspace() for text in texts for char in text)


class Reached:
    """The elements whose texts are translated, or kept for a reason that is counted."""

    def __init__(self, pair: LanguagePair) -> None:
        self._has_source = pair.has_source
        self._elements: set[Element] = set()

    def add(self, element: Element) -> None:
        """Counts the own text of an element."""
        if self._has_source(element.text or ""):
            self._elements.add(element)

    def add_all(self, root: Element) -> None:
        """Counts all text inside an element."""
        for element in root.iter():
            if name(element) != "#":
                self.add(element)

    def add_atoms(self, atoms: list[Atom]) -> None:
        """Counts what the cutting of a paragraph takes, or leaves for a reason."""
        for atom in atoms:
            if name(atom.element) == "w:ruby" or atom.label in _KEPT_LABELS:
                self.add_all(atom.element)
            elif atom.kind in ("text", "drop"):
                self.add(atom.element)

    def others(self, root: Element) -> Iterator[Unreached]:
        """Yields the texts of a part that are neither."""
        for element in root.iter():
            short = name(element)
            tail = element.tail or ""
            if element is not root and self._has_source(tail):
                yield Unreached(tail, element)
            if short in _NO_TEXT or short == "m:t" or element in self._elements:  # formulas are kept
                continue
            text = element.text or ""
            if self._has_source(text):
                yield Unreached(text, element)
