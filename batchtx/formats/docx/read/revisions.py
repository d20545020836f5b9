"""Tracked changes by policy: kept as they are, accepted, rejected, or a reason to refuse."""

from __future__ import annotations

from batchtx.formats.opc.names import Element, child, name, sibling_tag, tags

_INSERTED = ("w:ins", "w:moveTo")
_DELETED = ("w:del", "w:moveFrom")
_CHANGES = (
    "w:rPrChange",
    "w:pPrChange",
    "w:sectPrChange",
    "w:tblPrChange",
    "w:tblPrExChange",
    "w:trPrChange",
    "w:tcPrChange",
    "w:tblGridChange",
    "w:numberingChange",
)
_MARKS = (
    "w:moveFromRangeStart",
    "w:moveFromRangeEnd",
    "w:moveToRangeStart",
    "w:moveToRangeEnd",
    "w:cellIns",
    "w:cellDel",
    "w:cellMerge",
)
_PROPERTY_PARENTS = frozenset(["w:rPr", "w:trPr"])


def has_revisions(root: Element) -> bool:
    """Returns whether a part holds any tracked change."""
    return next(root.iter(*tags(*_INSERTED, *_DELETED, *_CHANGES)), None) is not None


def accept_revisions(root: Element) -> None:
    """Makes every tracked change final, in place."""
    _settle(root, keep=_INSERTED, drop=_DELETED)
    for change in list(root.iter(*tags(*_CHANGES, *_MARKS))):
        change.getparent().remove(change)


def reject_revisions(root: Element) -> None:
    """Undoes every tracked change, in place."""
    for change in list(root.iter(*tags(*_CHANGES))):
        _restore(change)
    _settle(root, keep=_DELETED, drop=_INSERTED)
    for text in list(root.iter(*tags("w:delText"))):
        text.tag = sibling_tag(text, "t")
    for code in list(root.iter(*tags("w:delInstrText"))):
        code.tag = sibling_tag(code, "instrText")
    for mark in list(root.iter(*tags(*_MARKS))):
        mark.getparent().remove(mark)


def _settle(root: Element, *, keep: tuple[str, ...], drop: tuple[str, ...]) -> None:
    """Unwrap what is kept, remove what is dropped, with the rows and paragraph marks so marked."""
    for wrapper in list(root.iter(*tags(*drop))):
        parent = wrapper.getparent()
        if parent is None:
            continue
        if name(parent) == "w:trPr":
            _remove(parent.getparent())
        elif name(parent) == "w:rPr":
            _drop_paragraph_mark(wrapper)
        else:
            _remove(wrapper)
    for wrapper in list(root.iter(*tags(*keep))):
        parent = wrapper.getparent()
        if parent is None:
            continue
        if name(parent) not in _PROPERTY_PARENTS:
            index = parent.index(wrapper)
            for offset, element in enumerate(list(wrapper)):
                parent.insert(index + offset, element)
        parent.remove(wrapper)


def _drop_paragraph_mark(mark: Element) -> None:
    """A paragraph whose end mark goes runs on into the next one, which gives its properties."""
    run_properties = mark.getparent()
    properties = run_properties.getparent()
    run_properties.remove(mark)
    if properties is None or name(properties) != "w:pPr":
        return
    paragraph = properties.getparent()
    following = paragraph.getnext()
    content = [element for element in paragraph if name(element) != "w:pPr"]
    if following is None or name(following) != "w:p":
        return
    start = 1 if child(following, "w:pPr") is not None else 0
    for offset, element in enumerate(content):
        following.insert(start + offset, element)
    _remove(paragraph)


def _restore(change: Element) -> None:
    """Put the old properties, which the change holds, in place of the new ones."""
    parent = change.getparent()
    old = next(iter(change), None)
    parent.remove(change)
    if old is None or name(old) != name(parent):
        return
    kept = [element for element in parent if name(element) in ("w:rPr", "w:sectPr", "w:ins", "w:del")]
    for element in list(parent):
        if element not in kept:
            parent.remove(element)
    for index, element in enumerate(list(old)):
        parent.insert(index, element)


def _remove(element: Element | None) -> None:
    if element is not None and element.getparent() is not None:
        element.getparent().remove(element)
