"""Tables made for Han characters: narrow cells ragged, columns as wide as their longest word, one face."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.docx.write.adjust_runs import english_fonts
from batchtx.formats.opc.names import Element, attribute, child, name, set_attribute, sibling_tag, tags

_NARROW_TWIPS = 2900
"""About 5 cm: some five English words, whose gaps justification would tear open."""

_MARGINS_TWIPS = 216
_DEFAULT_HALF_POINTS = 21
_LETTER = 0.55
"""Width of a Latin letter as a share of its size: the mean of most faces is a little less, in bold more."""

_JUSTIFIED = ("both", "distribute")
_BEFORE_ALIGNMENT = frozenset(
    f"w:{local}"
    for local in [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
        "pBdr",
        "shd",
        "tabs",
        "suppressAutoHyphens",
        "kinsoku",
        "wordWrap",
        "overflowPunct",
        "topLinePunct",
        "autoSpaceDE",
        "autoSpaceDN",
        "bidi",
        "adjustRightInd",
        "snapToGrid",
        "spacing",
        "ind",
        "contextualSpacing",
        "mirrorIndents",
        "suppressOverlap",
    ]
)
"""What the schema wants before w:jc in w:pPr."""

_WORD = re.compile(r"[^\s/—–-]+")


def justified_styles(root: Element | None) -> frozenset[str]:
    """Returns the paragraph styles whose text is justified; "" is among them when that is the default."""
    if root is None:
        return frozenset()
    table = {attribute(style, "styleId") or "": style for style in root if name(style) == "w:style"}
    found = {style for style in table if _alignment(style, table) in _JUSTIFIED}
    default = next(
        (
            key
            for key, style in table.items()
            if _is_default(style) and attribute(style, "type") == "paragraph"
        ),
        None,
    )
    defaults: Element | None = root
    for step in ("w:docDefaults", "w:pPrDefault"):
        defaults = None if defaults is None else child(defaults, step)
    if default in found or (default is None and _own_alignment(defaults) in _JUSTIFIED):
        found.add("")
    return frozenset(found)


def fit_tables(
    root: Element, options: DocxOptions, written: Collection[Element], justified: Collection[str]
) -> None:
    """Fits the tables of a part to the English in them.

    Args:
        root: the part, whose paragraphs are written.
        options: `fonts`, `ragged_cells` and `fit_columns` choose what is done.
        written: the paragraphs that were translated.
        justified: the paragraph styles that justify (see `justified_styles`).
    """
    touched: dict[Element, None] = {}
    for paragraph in written:
        cell = next(paragraph.iterancestors(*tags("w:tc")), None)
        if cell is None:
            continue
        table = next(cell.iterancestors(*tags("w:tbl")), None)
        if table is not None:
            touched[table] = None
        if options.ragged_cells and _width(cell) < _NARROW_TWIPS:
            _set_ragged(paragraph, justified)
    for table in touched:
        if options.fonts:
            _set_one_face(table)
        if options.fit_columns and any(map(_breaks_a_word, _cells(table))):
            _let_columns_grow(table)


def _alignment(identifier: str, table: dict[str, Element]) -> str:
    """What a style aligns its text to, by itself or by the style that it is based on."""
    seen: set[str] = set()
    while identifier in table and identifier not in seen:
        seen.add(identifier)
        own = _own_alignment(table[identifier])
        if own:
            return own
        based_on = child(table[identifier], "w:basedOn")
        identifier = "" if based_on is None else attribute(based_on, "val") or ""
    return ""


def _own_alignment(element: Element | None) -> str:
    properties = None if element is None else child(element, "w:pPr")
    alignment = None if properties is None else child(properties, "w:jc")
    return "" if alignment is None else attribute(alignment, "val") or ""


def _is_default(style: Element) -> bool:
    return attribute(style, "default") in ("1", "true", "on")


def _set_ragged(paragraph: Element, justified: Collection[str]) -> None:
    """Align a justified paragraph left; letter-spread labels (distribute) are centred, as they looked."""
    properties = child(paragraph, "w:pPr")
    style = None if properties is None else child(properties, "w:pStyle")
    own = _own_alignment(paragraph)
    if own not in _JUSTIFIED and (
        own or (attribute(style, "val") if style is not None else "") not in justified
    ):
        return
    if properties is None:
        properties = paragraph.makeelement(sibling_tag(paragraph, "pPr"))
        paragraph.insert(0, properties)
    alignment = child(properties, "w:jc")
    if alignment is None:
        alignment = properties.makeelement(sibling_tag(properties, "jc"))
        place = sum(name(element) in _BEFORE_ALIGNMENT for element in properties)
        properties.insert(place, alignment)
    set_attribute(alignment, "val", "center" if own == "distribute" else "left")


def _set_one_face(table: Element) -> None:
    """Give figures and Latin words that were not translated the face of what was."""
    for properties in table.iter(*tags("w:rPr")):
        if name(properties.getparent()) == "w:r":
            english_fonts(properties)


def _cells(table: Element) -> Iterator[Element]:
    """The cells of a table, but those of tables inside of it."""
    for row in table.iterchildren(*tags("w:tr")):
        yield from row.iterchildren(*tags("w:tc"))


def _width(cell: Element) -> float:
    """Twips; infinite where the cell does not say."""
    properties = child(cell, "w:tcPr")
    width = None if properties is None else child(properties, "w:tcW")
    value = None if width is None else attribute(width, "w")
    if width is None or attribute(width, "type") != "dxa" or not (value or "").isdigit() or value == "0":
        return float("inf")
    return float(value or 0)


def _breaks_a_word(cell: Element) -> bool:
    room = _width(cell) - _MARGINS_TWIPS
    for run in cell.iter(*tags("w:r")):
        longest = max(
            (len(word) for text in run.iter(*tags("w:t")) for word in _WORD.findall(text.text or "")),
            default=0,
        )
        if longest * _LETTER * _half_points(run) * 10 > room:
            return True
    return False


def _half_points(run: Element) -> int:
    properties = child(run, "w:rPr")
    size = None if properties is None else child(properties, "w:sz")
    value = "" if size is None else attribute(size, "val") or ""
    return int(value) if value.isdigit() else _DEFAULT_HALF_POINTS


def _let_columns_grow(table: Element) -> None:
    properties = child(table, "w:tblPr")
    layout = None if properties is None else child(properties, "w:tblLayout")
    if layout is not None and attribute(layout, "type") == "fixed":
        set_attribute(layout, "type", "autofit")
