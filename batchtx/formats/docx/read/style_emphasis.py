"""Character styles that stress by a Chinese typeface alone: in English they need bold or italic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from batchtx.formats.docx.read.formatting import CharacterFormat, character_format_of
from batchtx.formats.opc.names import Element, attribute, child, name


def stressing_styles(root: Element) -> Iterator[tuple[Element, str]]:
    """Returns the run properties of the character styles whose one effect is heiti ("bold") or kaiti
    ("italic") in a text of another face.
    """
    table = {attribute(style, "styleId") or "": style for style in root if name(style) == "w:style"}
    base = _base_face(root, table)
    for identifier, style in table.items():
        properties = child(style, "w:rPr")
        face = character_format_of(properties).face
        if attribute(style, "type") != "character" or face not in ("bold", "italic") or face == base:
            continue
        if properties is not None and not _look(identifier, table).signature:
            yield properties, face


def _base_face(root: Element, table: Mapping[str, Element]) -> str:
    """The typeface of text without a style of its own."""
    for identifier, style in table.items():
        if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on"):
            face = _look(identifier, table).face
            if face:
                return face
    found: Element | None = root
    for step in ("w:docDefaults", "w:rPrDefault", "w:rPr"):
        found = None if found is None else child(found, step)
    return character_format_of(found).face


def _look(identifier: str, table: Mapping[str, Element]) -> CharacterFormat:
    """The character format that a style gives together with those it is based on; the nearest face counts."""
    signatures: list[str] = []
    face = ""
    seen: set[str] = set()
    while identifier in table and identifier not in seen:
        seen.add(identifier)
        own = character_format_of(child(table[identifier], "w:rPr"))
        signatures += [own.signature] if own.signature else []
        face = face or own.face
        based_on = child(table[identifier], "w:basedOn")
        identifier = "" if based_on is None else attribute(based_on, "val") or ""
    return CharacterFormat("|".join(signatures), face)
