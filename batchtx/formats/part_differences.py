"""Two versions of a part of XML that holds no text to translate: which elements differ, and where."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from batchtx.errors import DocumentError
from batchtx.formats.audit import Difference
from batchtx.formats.opc.names import Element
from batchtx.formats.opc.package import Package

_NAMING = ("r", "ref", "name", "id", "Id")
_MAX_ELEMENTS = 4_000
_SHOWN_CHARS = 80

_Row = tuple[str, tuple[tuple[str, str], ...], str]


def part_differences(before: Package, after: Package, part: str) -> Iterator[Difference]:
    """Elements, attributes and contents that changed; none where only the way of writing XML did."""
    try:
        old, new = before.parse(part), after.parse(part)
    except DocumentError:
        yield Difference(part, "", "the part was changed")
        return
    yield from _compared(part, list(old.iter("*")), list(new.iter("*")))


def _compared(part: str, old: list[Element], new: list[Element]) -> Iterator[Difference]:
    rows, others = [_row(one) for one in old], [_row(one) for one in new]
    start = 0
    while start < min(len(rows), len(others)) and rows[start] == others[start]:
        start += 1
    end = 0
    while end < min(len(rows), len(others)) - start and rows[-1 - end] == others[-1 - end]:
        end += 1
    middle, other_middle = rows[start : len(rows) - end], others[start : len(others) - end]
    if not middle and not other_middle:
        return
    if max(len(middle), len(other_middle)) > _MAX_ELEMENTS:
        yield Difference(
            part, _place(old[start] if middle else old[start - 1]), "elements differ from here on"
        )
        return
    matcher = SequenceMatcher(None, middle, other_middle, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        place = _place(old[min(start + a, len(old) - 1)])
        if b - a == d - c:
            for at, other in zip(range(a, b), range(c, d), strict=True):
                message = f"{_shown(middle[at])} became {_shown(other_middle[other])}"
                yield Difference(part, _place(old[start + at]), message)
            continue
        if b > a:
            yield Difference(part, place, f"lost: {' '.join(map(_shown, middle[a:b]))[:_SHOWN_CHARS]}")
        if d > c:
            yield Difference(part, place, f"added: {' '.join(map(_shown, other_middle[c:d]))[:_SHOWN_CHARS]}")


def _row(element: Element) -> _Row:
    return str(element.tag), tuple(sorted(element.attrib.items())), (element.text or "").strip()


def _place(element: Element) -> str:
    """The nearest name: a cell, a sheet, a relationship."""
    for one in (element, *element.iterancestors()):
        for attribute in _NAMING:
            if one.get(attribute):
                return str(one.get(attribute))
    return ""


def _shown(row: _Row) -> str:
    tag, attributes, text = row
    inside = "".join(f" {name.rpartition('}')[2]}={value}" for name, value in attributes)
    return f"<{tag.rpartition('}')[2]}{inside}>{text}"[:_SHOWN_CHARS]
