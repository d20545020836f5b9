"""Which parts of a package hold text: found by relationship type, never by a part's name."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from batchtx.errors import DocumentError
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.relations import content_types, relations

_STORIES = {
    "officeDocument": "body",
    "header": "header",
    "footer": "footer",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments",
    "chart": "chart",
    "chartEx": "chart",
    "chartUserShapes": "chart",
    "diagramData": "diagram",
    "diagramDrawing": "diagram",
    "aFChunk": "embedded",
    "core-properties": "properties",
    "numbering": "numbering",
    "styles": "styles",
    "settings": "settings",
    "glossaryDocument": "glossary",
}
_ORDER = tuple(dict.fromkeys(_STORIES.values()))
KEPT_CHUNK = "an embedded file (altChunk) is kept untranslated"
_NOT_TEXT = {
    "subDocument": "a linked sub-document is kept untranslated",
    "package": "an embedded Office file is kept untranslated",
    "oleObject": "an embedded object is kept untranslated",
}
SHOWN = frozenset([_NOT_TEXT["subDocument"]])
"""Of these the text shows in the document."""

_UNSEEN = frozenset(["officeDocument", "styles", "settings", "glossaryDocument", "theme", "fontTable"])
"""Relationships to parts that are read otherwise, or whose text nobody sees in the document."""

_WORD = re.compile(r"wordprocessingml|ms-word", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A part to look into; `number` counts the parts of a story from 1 ("header 2")."""

    name: str
    story: str
    number: int


def text_parts(package: Package) -> tuple[list[StoryPart], list[str]]:
    """Returns the parts with text in reading order, and notes on what will stay untranslated.

    Raises:
        DocumentError: the package holds no Word document.
    """
    types = content_types(package)
    main = _main_part(package, types)
    found = {main: "body"}
    notes: dict[str, None] = {}
    queue = deque([main])
    seen = {main}
    for relation in relations(package, ""):
        if relation.kind == "core-properties" and relation.part is not None:
            found.setdefault(relation.part, "properties")
    while queue:
        part = queue.popleft()
        for relation in relations(package, part):
            if relation.kind in _NOT_TEXT:
                notes[_NOT_TEXT[relation.kind]] = None
            if relation.kind == "aFChunk" and relation.part is not None:
                notes[KEPT_CHUNK] = None
            if relation.part is None or relation.part in seen:
                continue
            seen.add(relation.part)
            story = _STORIES.get(relation.kind)
            if story is not None:
                found.setdefault(relation.part, story)
            if story not in ("glossary", "settings", "styles", "embedded"):
                queue.append(relation.part)
    return _ordered(found), list(notes)


def embedded_parts(package: Package, parts: Iterable[StoryPart]) -> dict[str, str]:
    """Returns what stays untranslated because it is no Word text, by part name, with the reason."""
    return {
        relation.part: _NOT_TEXT[relation.kind]
        for part in parts
        for relation in relations(package, part.name)
        if relation.part is not None and relation.kind in _NOT_TEXT
    }


def unread_parts(package: Package, parts: Iterable[StoryPart]) -> list[str]:
    """Returns the XML parts that hang on the document and are not among `parts`: of kinds that nobody
    foresaw.
    """
    known = {part.name for part in parts}
    queue = deque(part.name for part in parts if part.story == "body")
    seen: dict[str, None] = dict.fromkeys(queue)
    while queue:
        for relation in relations(package, queue.popleft()):
            if relation.part is None or relation.part in seen or relation.kind in _UNSEEN | _NOT_TEXT.keys():
                continue
            seen[relation.part] = None
            queue.append(relation.part)
    return [part for part in seen if part not in known and part.lower().endswith(".xml")]


def _main_part(package: Package, types: dict[str, str]) -> str:
    """The main document, by relationship, else by content type."""
    candidates = [r.part for r in relations(package, "") if r.kind == "officeDocument"]
    for part in candidates:
        if part is not None and _WORD.search(types.get(part.lower(), "")):
            return part
    for info in package.entries:
        kind = types.get(info.filename.lower(), "")
        if _WORD.search(kind) and re.search(r"(document|template)(\.\w+)?\.main\+xml", kind):
            return info.filename
    for part in candidates:
        if part is None:
            continue
        kind = types.get(part.lower(), "")
        for word, what in (("spreadsheetml", "an Excel workbook"), ("presentationml", "a PowerPoint file")):
            if word in kind:
                raise DocumentError(package.document, f"this is {what} under another name")
        if kind.endswith("xml"):
            return part
    raise DocumentError(package.document, "not a DOCX: the package holds no Word document")


def _ordered(found: dict[str, str]) -> list[StoryPart]:
    def key(item: tuple[str, str]) -> tuple[int, list[tuple[int, str]]]:
        part, story = item
        pieces = [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in _DIGITS.split(part)]
        return _ORDER.index(story), pieces

    parts: list[StoryPart] = []
    counts: dict[str, int] = {}
    for part, story in sorted(found.items(), key=key):
        counts[story] = counts.get(story, 0) + 1
        parts.append(StoryPart(part, story, counts[story]))
    return parts
