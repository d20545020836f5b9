"""Names of elements, independent of prefixes and of transitional or strict namespaces.

`name(element)` gives "w:p" for a paragraph whatever the file calls it; `sibling_tag(element, "r")`
gives the tag to create an element in the same namespace.
"""

from __future__ import annotations

from typing import Any

Element = Any
"""An lxml element: lxml brings no types."""

_PAIRS = {
    "w": ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "wordprocessingml/main"),
    "m": ("http://schemas.openxmlformats.org/officeDocument/2006/math", "officeDocument/math"),
    "a": ("http://schemas.openxmlformats.org/drawingml/2006/main", "drawingml/main"),
    "wp": (
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "drawingml/wordprocessingDrawing",
    ),
    "c": ("http://schemas.openxmlformats.org/drawingml/2006/chart", "drawingml/chart"),
    "dgm": ("http://schemas.openxmlformats.org/drawingml/2006/diagram", "drawingml/diagram"),
    "pic": ("http://schemas.openxmlformats.org/drawingml/2006/picture", "drawingml/picture"),
    "r": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "officeDocument/relationships",
    ),
}
_SINGLE = {
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape": "wps",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.microsoft.com/office/drawing/2008/diagram": "dsp",
    "http://schemas.microsoft.com/office/drawing/2014/chartex": "cx",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct",
}
_STRICT = "http://purl.oclc.org/ooxml/"
_PREFIXES = {
    **_SINGLE,
    **{uri: prefix for prefix, (uri, _) in _PAIRS.items()},
    **{_STRICT + tail: prefix for prefix, (_, tail) in _PAIRS.items()},
}
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_known: dict[str, str] = {}


def tags(*names: str) -> list[str]:
    """Returns all tags (transitional and strict) that `name` shows as one of `names`, for `iter`."""
    found: list[str] = []
    for short in names:
        prefix, local = short.split(":")
        found += [f"{{{uri}}}{local}" for uri, owner in _PREFIXES.items() if owner == prefix]
    return found


def name(element: Element) -> str:
    """Returns "w:p" and the like; "#" for comments and processing instructions; the tag for unknown ones."""
    tag = element.tag
    return short_name(tag) if isinstance(tag, str) else "#"


def short_name(tag: str) -> str:
    """Returns the short form of a tag or attribute name in Clark notation."""
    short = _known.get(tag)
    if short is None:
        uri, _, local = tag[1:].rpartition("}")
        prefix = _PREFIXES.get(uri) if tag[0] == "{" else None
        short = _known[tag] = f"{prefix}:{local}" if prefix else tag
    return short


def sibling_tag(element: Element, local: str) -> str:
    """Returns the tag `local` in the namespace of `element`."""
    return f"{element.tag.partition('}')[0]}}}{local}"


def attribute(element: Element, local: str) -> str | None:
    """Returns the value of an attribute in the element's own namespace (w:val of w:b), None when absent."""
    value: str | None = element.get(f"{element.tag.partition('}')[0]}}}{local}")
    return value


def set_attribute(element: Element, local: str, value: str) -> None:
    """Sets an attribute in the element's own namespace."""
    element.set(f"{element.tag.partition('}')[0]}}}{local}", value)


def child(element: Element, short: str) -> Element | None:
    """Returns the first child of that name, None when there is none."""
    for candidate in element:
        if name(candidate) == short:
            return candidate
    return None


def is_on(element: Element | None) -> bool:
    """Returns whether an on/off property (w:b, w:vanish) is there and on."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")
