"""Inline codes of a shown text (⟦1⟧…⟦/1⟧) as real elements of XLIFF, and back.

A pair that encloses text becomes one element around it, everything else (a note, half of a pair whose
other half stands in another sentence) an empty one: id "1" for ⟦1⟧, "c1" for ⟦/1⟧.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from batchtx.cells import escape, unescape

_MARK = re.compile(r"⟦(⟦|(/?)(\d+)⟧)")
_ID = re.compile(r"(c?)(\d+)")
_INDENT = re.compile(r"\n[ \t]*")
_AROUND = frozenset({"g", "pc"})
_THROUGH = frozenset({"mrk", "seg-source"})
_OPEN_OR_ALONE = frozenset({"x", "ph", "bx", "sc", "bpt", "it"})
_CLOSE = frozenset({"ex", "ec", "ept"})
_ANNOTATION = frozenset({"sm", "em"})


@dataclass(frozen=True, slots=True)
class InlineNames:
    """The elements of one version of XLIFF, with their namespace."""

    around: str
    alone: str


@dataclass(frozen=True, slots=True)
class _Mark:
    number: str
    closes: bool


def fill(element: Any, shown: str, names: InlineNames) -> None:
    """Puts a shown text into an lxml element that is empty."""
    tokens = list(_tokens(shown))
    paired = _paired([token for token in tokens if isinstance(token, _Mark)])
    open_elements = [element]
    for token in tokens:
        here = open_elements[-1]
        if isinstance(token, str):
            _add_text(here, escape(token))
        elif token.number not in paired:
            _add(here, names.alone, f"c{token.number}" if token.closes else token.number)
        elif token.closes:
            open_elements.pop()
        else:
            open_elements.append(_add(here, names.around, token.number))


def shown_text(element: Any, *, indented: bool = False) -> str:
    """Returns the inverse of `fill`; knows the elements that other programs put in their place, too.

    `indented`: where an element holds nothing but elements, line ends between them are no text: a
    program that indents XML has put them there.

    Raises:
        ValueError: there is an element that batchtx has not written and cannot place.
    """
    return "".join(_shown(element, indented))


def _tokens(shown: str) -> Iterator[str | _Mark]:
    done = 0
    for match in _MARK.finditer(shown):
        if match.start() > done:
            yield shown[done : match.start()]
        yield _Mark(match[3], bool(match[2])) if match[3] else "⟦"
        done = match.end()
    if done < len(shown):
        yield shown[done:]


def _paired(marks: list[_Mark]) -> set[str]:
    """The numbers that open and close once, properly nested."""
    closed = {mark.number for mark in marks if mark.closes}
    opened: list[str] = []
    paired: set[str] = set()
    for mark in marks:
        if not mark.closes and mark.number in closed:
            opened.append(mark.number)
        elif mark.closes and opened and opened[-1] == mark.number:
            paired.add(opened.pop())
    counts = {number: sum(mark.number == number for mark in marks) for number in paired}
    return {number for number in paired if counts[number] == 2}


def _add(parent: Any, name: str, code_id: str) -> Any:
    child = parent.makeelement(name, {"id": code_id})
    parent.append(child)
    return child


def _add_text(parent: Any, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _shown(element: Any, indented: bool) -> Iterator[str]:
    texts = [element.text or "", *(child.tail or "" for child in element)]
    if indented and len(texts) > 1 and not any(text.strip() for text in texts):
        texts = ["" if _INDENT.fullmatch(text) else text for text in texts]
    yield _plain(texts[0])
    for child, text in zip(element, texts[1:], strict=True):
        if isinstance(child.tag, str):  # no comment, no processing instruction
            yield from _shown_element(child, child.tag.rpartition("}")[2], indented)
        yield _plain(text)


def _shown_element(child: Any, name: str, indented: bool) -> Iterator[str]:
    if name in _THROUGH:
        yield from _shown(child, indented)
    elif name in _AROUND:
        number, _ = _number(child)
        yield f"⟦{number}⟧"
        yield from _shown(child, indented)
        yield f"⟦/{number}⟧"
    elif name == "cp":  # XLIFF 2: a character that XML cannot hold
        yield chr(int(child.get("hex", "FFFD"), 16))
    elif name in _OPEN_OR_ALONE or name in _CLOSE:
        number, closes = _number(child)
        yield f"⟦/{number}⟧" if closes or name in _CLOSE or child.get("pos") == "close" else f"⟦{number}⟧"
    elif name not in _ANNOTATION:
        raise ValueError(f"an element <{name}> that the source does not have")


def _number(child: Any) -> tuple[str, bool]:
    code_id = child.get("startRef") or child.get("id") or child.get("rid") or ""
    match = _ID.fullmatch(code_id)
    if match is None:
        name = child.tag.rpartition("}")[2]
        raise ValueError(f"an inline code <{name} id={code_id!r}> that the source does not have")
    return match[2], bool(match[1])


def _plain(text: str) -> str:
    return unescape(text).replace("⟦", "⟦⟦")
