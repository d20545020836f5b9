"""A paragraph as a flat list of atoms: texts, opaque items, and the starts and ends of what encloses them.

Atoms refer to the paragraph's elements; `rebuild` puts them back in any order that nests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from batchtx.formats.docx.read.formatting import PLAIN, CharacterFormat, character_format_of
from batchtx.formats.opc.names import XML_SPACE, Element, attribute, child, name

AtomKind = Literal["text", "opaque", "open", "close", "cut", "field", "drop"]

CONTAINERS = {
    "w:hyperlink": "link",
    "w:fldSimple": "field",
    "w:ins": "insertion",
    "w:moveTo": "insertion",
    "w:smartTag": "smart tag",
    "w:sdt": "content control",
    "w:customXml": "custom XML",
    "w:dir": "direction",
    "w:bdo": "direction",
}
_RANGE_MARKS = frozenset(
    [
        "w:bookmarkStart",
        "w:bookmarkEnd",
        "w:commentRangeStart",
        "w:commentRangeEnd",
        "w:permStart",
        "w:permEnd",
        "w:moveFromRangeStart",
        "w:moveFromRangeEnd",
        "w:moveToRangeStart",
        "w:moveToRangeEnd",
    ]
)
_SKIPPED = frozenset(["w:rPr", "w:proofErr", "w:lastRenderedPageBreak", "#"])
_PROPERTIES = frozenset(["w:pPr", "w:sdtPr", "w:sdtEndPr", "w:smartTagPr", "w:customXmlPr", "#"])
_LABELS = {
    "w:footnoteReference": "footnote",
    "w:endnoteReference": "endnote",
    "w:commentReference": "comment",
    "w:drawing": "picture",
    "w:pict": "picture",
    "w:object": "object",
    "mc:AlternateContent": "picture",
    "w:sym": "symbol",
    "w:noBreakHyphen": "hyphen",
    "w:tab": "tab",
    "w:ptab": "tab",
    "w:br": "line break",
    "w:cr": "line break",
    "w:del": "deleted text",
    "w:moveFrom": "deleted text",
    "m:oMath": "formula",
    "m:oMathPara": "formula",
    "w:bookmarkStart": "bookmark",
    "w:bookmarkEnd": "bookmark",
    "w:commentRangeStart": "comment",
    "w:commentRangeEnd": "comment",
}
_CUTS = frozenset(["w:tab", "w:ptab", "w:br", "w:cr"])


@dataclass(slots=True, eq=False)
class Atom:
    """One piece of a paragraph.

    `element` is what stands there: the child of a run (then `run` is that run), a child of the
    paragraph or of a container, or for "open" and "close" the container itself. `range_key` pairs the
    two marks of a range: ("bookmark", id); `starts` tells which of the two this is.
    """

    kind: AtomKind
    element: Element
    run: Element | None = None
    text: str = ""
    character_format: CharacterFormat = PLAIN
    label: str = ""
    range_key: tuple[str, str] | None = None
    starts: bool = False


def atoms_of(paragraph: Element, *, hidden: bool) -> list[Atom]:
    """Returns the atoms of a paragraph, in order. `hidden` text counts as text only when asked for."""
    return list(_walk(paragraph, hidden=hidden))


def content_of(container: Element) -> Element:
    """Returns where the inline content of a container stands: w:sdtContent for w:sdt, else itself."""
    if name(container) != "w:sdt":
        return container
    content = child(container, "w:sdtContent")
    return container if content is None else content


def is_property(element: Element) -> bool:
    """Properties of a paragraph or container, which stay when its content is rebuilt."""
    return name(element) in _PROPERTIES


def _walk(paragraph: Element, *, hidden: bool) -> Iterator[Atom]:
    """Depth first, without recursion: files nest as deep as they like."""
    stack: list[tuple[Element | None, Iterator[Element]]] = [(None, iter(paragraph))]
    while stack:
        container, children = stack[-1]
        element = next(children, None)
        if element is None:
            stack.pop()
            if container is not None:
                yield Atom("close", container, label=CONTAINERS[name(container)])
            continue
        short = name(element)
        if short == "w:r":
            yield from _run(element, hidden=hidden)
        elif short in CONTAINERS and not _without_content(element, short):
            yield Atom("open", element, label=CONTAINERS[short])
            stack.append((element, iter(content_of(element))))
        elif short not in _PROPERTIES and short != "w:proofErr":
            yield _opaque(element, short, None)


def _without_content(element: Element, short: str) -> bool:
    """A content control around nothing that text could stand in (w:sdt without w:sdtContent)."""
    return short == "w:sdt" and child(element, "w:sdtContent") is None


def _run(run: Element, *, hidden: bool) -> Iterator[Atom]:
    properties = child(run, "w:rPr")
    character_format = character_format_of(properties)
    for element in run:
        short = name(element)
        if short in _SKIPPED:
            continue
        if short == "w:t":
            yield from _text(element, run, character_format, hidden=hidden)
        elif short in ("w:fldChar", "w:instrText", "w:delInstrText"):
            yield Atom("field", element, run, character_format=character_format, label="field")
        elif short == "w:softHyphen":
            yield Atom("drop", element, run, character_format=character_format)
        elif short == "w:ruby":
            yield _ruby(element, run, hidden=hidden)
        else:
            yield _opaque(element, short, run, character_format)


def _text(
    element: Element, run: Element, character_format: CharacterFormat, *, hidden: bool
) -> Iterator[Atom]:
    text = element.text or ""
    if element.get(XML_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    if not text:
        yield Atom("drop", element, run, character_format=character_format)
    elif character_format.symbol or (character_format.hidden and not hidden):
        yield Atom(
            "opaque",
            element,
            run,
            character_format=character_format,
            label="symbol" if character_format.symbol else "hidden text",
        )
    else:
        yield Atom("text", element, run, text, character_format)


def _ruby(element: Element, run: Element, *, hidden: bool) -> Atom:
    """The base text of a phonetic guide; the guide itself stays only where nothing is translated."""
    base = child(element, "w:rubyBase")
    texts = [] if base is None else [part for part in base.iter() if name(part) == "w:t"]
    text = "".join(part.text or "" for part in texts)
    inner = next((part.getparent() for part in texts), None)
    character_format = character_format_of(None if inner is None else child(inner, "w:rPr"))
    if not text or (character_format.hidden and not hidden):
        return Atom("opaque", element, run, character_format=character_format, label="phonetic guide")
    return Atom("text", element, run, text, character_format)


def _opaque(
    element: Element, short: str, run: Element | None, character_format: CharacterFormat = PLAIN
) -> Atom:
    label = _LABELS.get(short, "mark")
    if short in _CUTS:
        return Atom("cut", element, run, character_format=character_format, label=label)
    if short not in _RANGE_MARKS:
        return Atom("opaque", element, run, character_format=character_format, label=label)
    local = short.removesuffix("Start").removesuffix("End")
    key = (local, attribute(element, "id") or "")
    return Atom(
        "opaque",
        element,
        run,
        character_format=character_format,
        label=label,
        range_key=key,
        starts=short.endswith("Start"),
    )
