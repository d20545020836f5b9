"""Where each paragraph of a part stands, in words for people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from batchtx.formats.docx.read.odd_runs import is_branch_of_paragraph
from batchtx.formats.docx.read.text_parts import StoryPart
from batchtx.formats.opc.names import Element, attribute, child, name, tags
from batchtx.records import UnitKind

_WALKED = [
    "w:p",
    "w:tbl",
    "w:tr",
    "w:tc",
    "w:txbxContent",
    "w:footnote",
    "w:endnote",
    "w:comment",
    "mc:Choice",
    "mc:Fallback",
    "mc:AlternateContent",
]
_NOTES = {"w:footnote": "footnote", "w:endnote": "endnote", "w:comment": "comment"}
_STORY_NAMES = {"header": "header", "footer": "footer"}


_LONGEST_TITLE = 40
_SENTENCE_END = re.compile(r"[。！？；：，,;:!?]")


@dataclass(frozen=True, slots=True)
class Location:
    """A paragraph with its place.

    `number` is its running number in the part, from 1. `fallback_of` is the number of the paragraph in
    mc:Choice whose copy in mc:Fallback this one is, 0 when it is no copy. `kept` tells that the
    paragraph is no text (a separator of footnotes).
    """

    paragraph: Element
    number: int
    place: str
    kind: UnitKind
    fallback_of: int = 0
    kept: bool = False
    branch: int = 0
    """When this is not the paragraph, but a branch of mc:AlternateContent inside it that holds runs:
    its number in the paragraph."""


@dataclass(slots=True)
class _Frame:
    """One enclosure on the way down; counts what it holds."""

    short: str
    label: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    kept: bool = False
    paragraphs: list[int] = field(default_factory=list)
    choice: list[int] | None = None


def locations_of(root: Element, part: StoryPart, styles: dict[str, UnitKind]) -> list[Location]:
    """Returns the paragraphs of a part in document order. `styles` is the kind of each paragraph style."""
    return list(_Walk(root, part, styles).locations())


class _Walk:
    def __init__(self, root: Element, part: StoryPart, styles: dict[str, UnitKind]) -> None:
        self._root = root
        self._styles = styles
        story = _STORY_NAMES.get(part.story)
        self._stack = [_Frame("root", f"{story} {part.number}" if story else "")]
        self._number = 0
        self._n_boxes = 0
        self._alternates: list[_Frame] = []
        self._paragraphs: list[Location] = []
        self._n_branches: Counter[int] = Counter()

    def locations(self) -> Iterator[Location]:
        wanted = tags(*_WALKED)
        for event, element in etree.iterwalk(self._root, events=("start", "end"), tag=wanted):
            short = name(element)
            if event == "start":
                if short == "w:p":
                    self._paragraphs.append(self._paragraph(element))
                    yield self._paragraphs[-1]
                elif self._paragraphs and is_branch_of_paragraph(element):
                    yield self._branch(element, self._paragraphs[-1])
                self._enter(element, short)
            else:
                self._leave(short)
                if short == "w:p":
                    self._paragraphs.pop()

    def _enter(self, element: Element, short: str) -> None:
        frame = _Frame(short, kept=self._stack[-1].kept)
        if short == "w:txbxContent":
            frame.label = self._box()
        elif short in ("w:tbl", "w:tr", "w:tc"):
            frame.label = f"{ {'w:tbl': 'table', 'w:tr': 'row', 'w:tc': 'cell'}[short] } {self._count(short)}"
        elif short in _NOTES:
            frame.label = f"{_NOTES[short]} {attribute(element, 'id') or self._count(short)}"
            frame.kept = frame.kept or attribute(element, "type") not in (None, "normal")
        if short == "mc:AlternateContent":
            self._alternates.append(frame)
        self._stack.append(frame)

    def _leave(self, short: str) -> None:
        frame = self._stack.pop()
        if short == "mc:AlternateContent":
            self._alternates.pop()
        elif short == "mc:Choice" and self._alternates and self._alternates[-1].choice is None:
            self._alternates[-1].choice = frame.paragraphs

    def _paragraph(self, element: Element) -> Location:
        self._number += 1
        for frame in self._stack:
            if frame.short in ("mc:Choice", "mc:Fallback"):
                frame.paragraphs.append(self._number)
        place = self._place()
        kind = self._kind(element)
        return Location(element, self._number, place, kind, self._twin(), self._stack[-1].kept)

    def _branch(self, element: Element, around: Location) -> Location:
        self._n_branches[around.number] += 1
        return replace(around, paragraph=element, branch=self._n_branches[around.number], fallback_of=0)

    def _twin(self) -> int:
        """The paragraph of the first Choice at the same place as this one of a later branch."""
        if not self._alternates or self._alternates[-1].choice is None:
            return 0
        alternate = self._alternates[-1]
        branch = self._stack[self._stack.index(alternate) + 1 :]
        if not branch:
            return 0
        position = len(branch[0].paragraphs) - 1
        choice = alternate.choice
        assert choice is not None
        return choice[position] if position < len(choice) else 0

    def _place(self) -> str:
        labels = [frame.label for frame in self._stack if frame.label]
        holder = self._stack[-1]
        paragraphs = self._count("w:p")
        in_cell = holder.short == "w:tc"
        if not in_cell or paragraphs > 1:
            labels.append(f"paragraph {paragraphs}")
        return ", ".join(labels)

    def _box(self) -> str:
        alternate = self._alternates[-1] if self._alternates else None
        if alternate is not None and alternate.choice is not None:
            return f"text box {self._n_boxes} (fallback)"
        self._n_boxes += 1
        return f"text box {self._n_boxes}"

    def _count(self, short: str) -> int:
        """Count in the nearest enclosure that counts such things."""
        holders = {"w:tr": ("w:tbl",), "w:tc": ("w:tr",)}.get(short)
        for frame in reversed(self._stack):
            counted = frame.short in holders if holders else frame.label or frame.short == "root"
            if counted:
                frame.counts[short] = frame.counts.get(short, 0) + 1
                return frame.counts[short]
        return 0

    def _kind(self, paragraph: Element) -> UnitKind:
        properties = child(paragraph, "w:pPr")
        kind: UnitKind | None = None
        if properties is not None:
            style = child(properties, "w:pStyle")
            kind = self._styles.get(attribute(style, "val") or "") if style is not None else None
            level = child(properties, "w:outlineLvl")
            if kind is None and level is not None and (attribute(level, "val") or "9") < "9":
                kind = "heading"
        if kind is not None:
            return kind
        if any(frame.short == "w:tc" for frame in self._stack):
            return "cell"
        if properties is not None and child(properties, "w:numPr") is not None:
            return "item"
        return "heading" if _is_centred_title(paragraph, properties) else "text"


def _is_centred_title(paragraph: Element, properties: Element | None) -> bool:
    """A short centred line without a full stop: the title of a cover, form or table that has no style."""
    alignment = None if properties is None else child(properties, "w:jc")
    if alignment is None or attribute(alignment, "val") != "center":
        return False
    text = "".join(part.text or "" for part in paragraph.iter(*tags("w:t"))).strip()
    return 0 < len(text) <= _LONGEST_TITLE and not _SENTENCE_END.search(text)


def style_kinds(root: Element | None) -> dict[str, UnitKind]:
    """Returns the kind by paragraph style: headings, titles, captions; styles build on one another."""
    if root is None:
        return {}
    kinds: dict[str, UnitKind] = {}
    parents: dict[str, str] = {}
    for style in root:
        identifier = attribute(style, "styleId") if name(style) == "w:style" else None
        if identifier is None:
            continue
        kind = _style_kind(style)
        based_on = child(style, "w:basedOn")
        if kind is not None:
            kinds[identifier] = kind
        elif based_on is not None:
            parents[identifier] = attribute(based_on, "val") or ""
    for identifier in parents:
        seen: set[str] = set()
        above = identifier
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if above in kinds:
            kinds[identifier] = kinds[above]
    return kinds


def _style_kind(style: Element) -> UnitKind | None:
    title = child(style, "w:name")
    words = (attribute(title, "val") or "").lower() if title is not None else ""
    if words.startswith(("heading", "toc", "标题")):
        return "heading"
    if words in ("title", "subtitle"):
        return "title"
    if words == "caption":
        return "caption"
    properties = child(style, "w:pPr")
    level = child(properties, "w:outlineLvl") if properties is not None else None
    if level is not None and (attribute(level, "val") or "9") < "9":
        return "heading"
    return None
