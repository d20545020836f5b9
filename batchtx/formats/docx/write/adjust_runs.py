"""What changes in the properties of a run when its text becomes English."""

from __future__ import annotations

import re

from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.docx.read.inline import Style
from batchtx.formats.opc.names import Element, attribute, child, is_on, name, set_attribute, sibling_tag
from batchtx.language.pair import LanguagePair

_ORDER = {
    f"w:{local}": index
    for index, local in enumerate(
        [
            "rStyle",
            "rFonts",
            "b",
            "bCs",
            "i",
            "iCs",
            "caps",
            "smallCaps",
            "strike",
            "dstrike",
            "outline",
            "shadow",
            "emboss",
            "imprint",
            "noProof",
            "snapToGrid",
            "vanish",
            "webHidden",
            "color",
            "spacing",
            "w",
            "kern",
            "position",
            "sz",
            "szCs",
            "highlight",
            "u",
            "effect",
            "bdr",
            "shd",
            "fitText",
            "vertAlign",
            "rtl",
            "cs",
            "em",
            "lang",
            "eastAsianLayout",
            "specVanish",
            "oMath",
        ]
    )
}
_CJK_FACE = re.compile(
    "[\u3400-\u9fff]|simsun|simhei|fangsong|kaiti|nsimsun|dengxian|yahei|youyuan|lisu|stsong|stkaiti|"
    "stfangsong|stxihei|stzhongsong|fzsong|mingliu|pmingliu",
    re.IGNORECASE,
)
_SANS_FACE = re.compile(
    "黑|雅黑|等线|圆|heiti|simhei|yahei|dengxian|youyuan|xihei|noto sans|思源黑", re.IGNORECASE
)
_LATIN_THEMES = {"minorEastAsia": "minorHAnsi", "majorEastAsia": "majorHAnsi"}
_SERIF = "Times New Roman"
_SANS = "Arial"
_DROPPED = frozenset(["w:eastAsianLayout", "w:fitText", "w:em"])


class RunAdjuster:
    """Adjusts a w:rPr in place, in the order that the schema wants; see DocxOptions for the switches."""

    def __init__(self, options: DocxOptions, pair: LanguagePair) -> None:
        self._options = options
        self._pair = pair

    def __call__(self, properties: Element, style: Style) -> None:
        for element in list(properties):
            if name(element) in _DROPPED:
                properties.remove(element)
        if self._options.fonts:
            self._fonts(properties)
        if self._options.emphasis and style.character_format.face in ("bold", "italic"):
            emphasize(properties, style.character_format.face)
        if self._options.language:
            _set_language(properties, self._pair)
        if self._options.letter_spacing:
            spacing = child(properties, "w:spacing")
            if spacing is not None:
                properties.remove(spacing)

    def _fonts(self, properties: Element) -> None:
        if self._pair.east_asian_face:
            east_asian_fonts(properties, self._pair.east_asian_face)
        elif self._pair.english_layout:
            english_fonts(properties)


def english_fonts(properties: Element) -> bool:
    """Puts Latin faces into the Latin slots, without the hint that takes quotation marks from a Chinese face.

    Whether anything changed.
    """
    fonts = child(properties, "w:rFonts")
    if fonts is None:
        return False
    before = dict(fonts.attrib)
    for local in ("ascii", "hAnsi"):
        face = attribute(fonts, local)
        if face and _CJK_FACE.search(face):
            set_attribute(fonts, local, _SANS if _SANS_FACE.search(face) else _SERIF)
        theme = attribute(fonts, f"{local}Theme")
        if theme in _LATIN_THEMES:
            set_attribute(fonts, f"{local}Theme", _LATIN_THEMES[theme])
    if attribute(fonts, "hint") == "eastAsia":
        del fonts.attrib[sibling_tag(fonts, "hint")]
    changed = dict(fonts.attrib) != before
    if not fonts.attrib:
        properties.remove(fonts)
    return changed


def insert_in_order(properties: Element, element: Element) -> None:
    """Inserts a child of w:rPr where the schema wants it."""
    rank = _ORDER[name(element)]
    for index, other in enumerate(properties):
        if _ORDER.get(name(other), len(_ORDER)) > rank:
            properties.insert(index, element)
            return
    properties.append(element)


def emphasize(properties: Element, face: str) -> None:
    """Sets bold for the "bold" face, italic for the "italic" one."""
    local = "b" if face == "bold" else "i"
    element = child(properties, f"w:{local}")
    if element is None:
        insert_in_order(properties, properties.makeelement(sibling_tag(properties, local)))
    elif not is_on(element):
        element.attrib.clear()


def east_asian_fonts(properties: Element, face: str) -> None:
    """Sets a face for Han characters and kana where there is none, and takes quotation marks from it."""
    fonts = child(properties, "w:rFonts")
    if fonts is None:
        fonts = properties.makeelement(sibling_tag(properties, "rFonts"))
        insert_in_order(properties, fonts)
    if not attribute(fonts, "eastAsia") and not attribute(fonts, "eastAsiaTheme"):
        set_attribute(fonts, "eastAsia", face)
    set_attribute(fonts, "hint", "eastAsia")


def _set_language(properties: Element, pair: LanguagePair) -> None:
    element = child(properties, "w:lang")
    if element is None:
        element = properties.makeelement(sibling_tag(properties, "lang"))
        insert_in_order(properties, element)
    set_attribute(element, "eastAsia" if pair.east_asian_face else "val", pair.locale)
