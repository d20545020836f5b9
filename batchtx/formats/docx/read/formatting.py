"""What a run looks like: the part of its properties that a reader of English would see.

Most run borders in Chinese files are artefacts (another font for Latin letters, a spelling mark, a
language), so neighbours are compared by `CharacterFormat`, not by their XML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from batchtx.formats.opc.names import Element, attribute, is_on, name, short_name

_IGNORED = frozenset(
    [
        "w:lang",
        "w:noProof",
        "w:rFonts",
        "w:kern",
        "w:bCs",
        "w:iCs",
        "w:szCs",
        "w:snapToGrid",
        "w:fitText",
        "w:eastAsianLayout",
        "w:em",
        "w:webHidden",
        "w:ins",
        "w:del",
        "w:moveFrom",
        "w:moveTo",
    ]
)
_ON_OFF = frozenset(
    [
        "w:b",
        "w:i",
        "w:caps",
        "w:smallCaps",
        "w:strike",
        "w:dstrike",
        "w:vanish",
        "w:outline",
        "w:shadow",
        "w:emboss",
        "w:imprint",
        "w:rtl",
        "w:cs",
    ]
)
_SPECIAL_FACE = re.compile(
    r"courier|consolas|menlo|monaco|mono|lucida console|fixedsys|terminal|symbol|wingdings|webdings"
    r"|marlett|mt extra",
    re.IGNORECASE,
)
_SYMBOL_FACE = re.compile(r"symbol|wingdings|webdings|marlett|mt extra", re.IGNORECASE)
_BOLD_FACE = re.compile("黑体|heiti|simhei|小标宋|中宋|大黑|粗|heavy|bold", re.IGNORECASE)
_ITALIC_FACE = re.compile("楷|kai", re.IGNORECASE)
_VISIBLE_ON_BLANKS = ("w:u(", "w:highlight", "w:shd", "w:strike", "w:dstrike", "w:bdr")
_LABELS = (
    ("w:b", "bold"),
    ("w:i", "italic"),
    ("w:u(", "underline"),
    ("w:vertAlign(val=super", "superscript"),
    ("w:vertAlign(val=sub", "subscript"),
    ("w:strike", "strikethrough"),
    ("w:highlight", "highlight"),
    ("w:color", "colour"),
    ("w:sz", "size"),
    ("w:rStyle", "style"),
    ("font=", "font"),
)


@dataclass(frozen=True, slots=True)
class CharacterFormat:
    """The effective formatting of a run.

    `signature` compares; `face` is emphasis by Chinese typeface ("bold", "italic", "other", "" for
    none set); `tracked` is the id of a tracked formatting change, which must stay on its run alone.
    """

    signature: str
    face: str = ""
    tracked: str = ""

    @property
    def parts(self) -> frozenset[str]:
        """What it has that plain text has not."""
        return frozenset(filter(None, [*self.signature.split("|"), self.face, self.tracked]))

    @property
    def visible_on_blanks(self) -> bool:
        """Spaces of this character format are seen: an underlined blank is a place to write on."""
        return any(mark in self.signature for mark in _VISIBLE_ON_BLANKS)

    @property
    def hidden(self) -> bool:
        return "w:vanish" in self.signature.split("|")

    @property
    def symbol(self) -> bool:
        """Characters of a symbol font mean pictures, not letters."""
        match = re.search(r"font=([^|]*)", self.signature)
        return match is not None and _SYMBOL_FACE.search(match[1]) is not None


PLAIN = CharacterFormat("")


def character_format_of(properties: Element | None) -> CharacterFormat:
    """Returns the character format that a w:rPr gives (None: no direct formatting)."""
    if properties is None or not len(properties):
        return PLAIN
    parts: list[str] = []
    face = tracked = ""
    for element in properties:
        short = name(element)
        if short == "w:rFonts":
            ascii_face = attribute(element, "ascii") or ""
            if _SPECIAL_FACE.search(ascii_face):
                parts.append("font=" + ascii_face)
            face = face or _face(attribute(element, "eastAsia") or "")
        elif short == "w:em":
            face = "italic"
        elif short == "w:rPrChange":
            tracked = attribute(element, "id") or "?"
        elif short not in _IGNORED and short != "#":
            parts.append(_part(element, short))
    return CharacterFormat("|".join(sorted(parts)), face, tracked)


def label_of(character_format: CharacterFormat, base: CharacterFormat) -> str:
    """Returns what is special about a character format, in a word for people."""
    special = set(character_format.signature.split("|")) - set(base.signature.split("|"))
    for mark, label in _LABELS:
        open_mark = mark if mark[-1] in "(=" or "(" in mark else mark + "("
        if any(part == mark or part.startswith(open_mark) for part in special):
            return label
    return {"bold": "bold", "italic": "italic"}.get(character_format.face, "format")


def _part(element: Element, short: str) -> str:
    if not short.startswith("w:"):
        return short
    if short in _ON_OFF and len(element.attrib) <= 1:
        return short if is_on(element) else short + "=0"
    values = sorted((short_name(key).rpartition(":")[2], value) for key, value in element.attrib.items())
    if short == "w:color":
        values = [item for item in values if item[0] in ("val", "themeColor")]
    return short + "(" + ",".join(f"{key}={value}" for key, value in values) + ")"


def _face(east_asian: str) -> str:
    if _BOLD_FACE.search(east_asian):
        return "bold"
    if _ITALIC_FACE.search(east_asian):
        return "italic"
    return "other" if east_asian else ""
