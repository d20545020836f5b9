"""Complex fields: which begin, separate and end marks belong together, and what their results are.

Codes (instructions) are never text. A result is text for some types (REF, HYPERLINK, TOC) and opaque
for others (PAGE, SEQ); an opaque result with Chinese in it is text all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from batchtx.formats.docx.read.atoms import Atom
from batchtx.formats.opc.names import Element, attribute, name, tags
from batchtx.language.pair import LanguagePair

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)\S+$|\S+@\S+\.\w+$", re.IGNORECASE)
_MAX_FIXED_TOKENS = 40
_OPAQUE = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTIONPAGES",
        "SECTION",
        "PAGEREF",
        "SEQ",
        "=",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "EDITTIME",
        "STYLEREF",
        "ADDIN",
        "CITATION",
        "BIBLIOGRAPHY",
        "NUMWORDS",
        "NUMCHARS",
        "FILESIZE",
        "REVNUM",
        "NOTEREF",
        "EQ",
        "SYMBOL",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
        "AUTONUM",
        "AUTONUMLGL",
        "AUTONUMOUT",
        "LISTNUM",
        "BARCODE",
        "DISPLAYBARCODE",
        "ADVANCE",
        "XE",
        "TC",
        "RD",
        "TA",
        "INCLUDEPICTURE",
        "EMBED",
        "LINK",
        "SHAPE",
        "MACROBUTTON",
    ]
)


@dataclass(slots=True, eq=False)
class Field:
    """One field of a part; `separate` and `end` are None where the file lacks them."""

    begin: Element
    instruction: str = ""
    codes: list[Element] = field(default_factory=list)
    separate: Element | None = None
    end: Element | None = None
    han: bool = False

    @property
    def opaque(self) -> bool:
        """The result is no text for translation."""
        words = self.instruction.split(None, 1)
        kind = words[0].upper() if words else ""
        return (kind in _OPAQUE or kind.startswith("=")) and not self.han


def is_opaque_instruction(instruction: str) -> bool:
    """Returns whether a w:fldSimple with this instruction stays whole, whatever its result."""
    return Field(None, instruction).opaque


def fields_of(root: Element, pair: LanguagePair) -> dict[Element, Field]:
    """Returns each field by its begin mark. Fields inside a text box are apart from those around it."""
    found: dict[Element, Field] = {}
    stacks: list[list[Field]] = [[]]
    wanted = tags("w:fldChar", "w:instrText", "w:t", "w:txbxContent")
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=wanted):
        short = name(element)
        if short == "w:txbxContent":
            if event == "start":
                stacks.append([])
            else:
                stacks.pop()
        elif event == "start":
            _take(element, short, stacks[-1], found, pair)
    return found


def _take(
    element: Element, short: str, stack: list[Field], found: dict[Element, Field], pair: LanguagePair
) -> None:
    if short == "w:fldChar":
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            stack.append(Field(element))
            found[element] = stack[-1]
        elif kind == "separate" and stack:
            stack[-1].separate = element
        elif kind == "end" and stack:
            stack.pop().end = element
    elif stack and short == "w:instrText":
        if stack[-1].separate is None:
            stack[-1].instruction += element.text or ""
            stack[-1].codes.append(element)
    elif stack and stack[-1].separate is not None and pair.has_source(element.text or ""):
        stack[-1].han = True


@dataclass(slots=True, eq=False)
class Token:
    """Atoms that belong together: a text, an opaque item, or the start or end of an enclosure.

    A field whose result is text is an "open" token (begin mark, instruction, separator) and a
    "close" one (end mark); an opaque field is one "thing". `cut` tokens part units.
    """

    kind: str
    atoms: list[Atom] = field(default_factory=list)
    label: str = ""
    cut: bool = False


def tokens_of(atoms: list[Atom], fields: dict[Element, Field], pair: LanguagePair) -> list[Token]:
    """Returns the atoms with their fields folded; marks of fields that reach beyond the paragraph cut."""
    places = {atom.element: index for index, atom in enumerate(atoms) if atom.kind == "field"}
    parents = _parents(atoms)
    tokens: list[Token] = []
    ends: set[int] = set()
    index = 0
    while index < len(atoms):
        atom = atoms[index]
        complete = fields.get(atom.element) if atom.kind == "field" else None
        last = None if complete is None else _last(complete, index, places, parents)
        if index in ends:
            tokens.append(Token("close", [atom], "field"))
        elif complete is None or last is None:
            tokens.append(_single(atom))
        elif complete.opaque or complete.separate is None:
            tokens.append(Token("opaque", atoms[index : last + 1], "field"))
            index = last
        else:
            middle = places[complete.separate]
            tokens.append(Token("open", atoms[index : middle + 1], "field"))
            ends.add(last)
            index = middle
        index += 1
    return _folded_fixed(_folded_simple(tokens, pair), pair)


def _folded_fixed(tokens: list[Token], pair: LanguagePair) -> list[Token]:
    """Enclosures of nothing but numbers or an address (a link on its own URL) become one opaque item."""
    folded: list[Token] = []
    starts: list[int] = []
    for token in tokens:
        folded.append(token)
        if token.kind == "open":
            starts.append(len(folded) - 1)
        elif token.kind == "close" and starts:
            start = starts.pop()
            inner = folded[start:] if len(folded) - start <= _MAX_FIXED_TOKENS else []
            if inner and _is_fixed(inner, pair):
                atoms = [atom for part in inner for atom in part.atoms]
                folded[start:] = [Token("opaque", atoms, folded[start].label)]
    return folded


def _is_fixed(tokens: list[Token], pair: LanguagePair) -> bool:
    text = "".join(atom.text for token in tokens for atom in token.atoms if atom.kind == "text").strip()
    if any(token.cut for token in tokens) or not text or pair.has_source(text):
        return False
    return _ADDRESS.match(text) is not None or not any(char.isalpha() for char in text)


def _last(complete: Field, index: int, places: dict[Element, int], parents: list[int]) -> int | None:
    """Where the field ends, when all of it stands in this paragraph under one parent."""
    last = places.get(complete.end) if complete.end is not None else None
    if last is None or parents[last] != parents[index]:
        return None
    if complete.separate is not None:
        middle = places.get(complete.separate)
        if middle is None or parents[middle] != parents[index]:
            return None
    return last


def _parents(atoms: list[Atom]) -> list[int]:
    """Per atom, the index of the innermost open atom around it, -1 for none."""
    parents: list[int] = []
    stack = [-1]
    for index, atom in enumerate(atoms):
        if atom.kind == "close":
            stack.pop()
        parents.append(stack[-1])
        if atom.kind == "open":
            stack.append(index)
    return parents


def _single(atom: Atom) -> Token:
    kind = {"cut": "opaque", "field": "opaque"}.get(atom.kind, atom.kind)
    return Token(kind, [atom], atom.label, cut=atom.kind in ("cut", "field"))


def _folded_simple(tokens: list[Token], pair: LanguagePair) -> list[Token]:
    """Simple fields (w:fldSimple) with an opaque result become one opaque item."""
    folded: list[Token] = []
    skip_until: Element | None = None
    for token in tokens:
        atom = token.atoms[0]
        if skip_until is not None:
            folded[-1].atoms += token.atoms
            if token.kind == "close" and atom.element is skip_until:
                skip_until = None
            continue
        if token.kind == "open" and atom.kind == "open" and name(atom.element) == "w:fldSimple":
            texts = "".join(element.text or "" for element in atom.element.iter() if name(element) == "w:t")
            if is_opaque_instruction(attribute(atom.element, "instr") or "") and not pair.has_source(texts):
                folded.append(Token("opaque", list(token.atoms), "field"))
                skip_until = atom.element
                continue
        folded.append(token)
    return folded
