"""HTML that a DOCX embeds (altChunk): the texts of its blocks as units, its elements kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from batchtx.errors import DocumentError
from batchtx.formats.encodings import detect
from batchtx.formats.opc.names import Element
from batchtx.language.pair import LanguagePair
from batchtx.records import Code, Unit
from batchtx.text.control import cleaned
from batchtx.text.inline_codes import CODE_BASE, CODES, code_char

_INLINE = frozenset(
    [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code",
        "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "label",
        "mark", "o:p", "q", "rp", "rt", "ruby", "s", "samp", "small",
        "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
    ]
)  # fmt: skip
_POINTS = frozenset(["img", "wbr"])
_NO_TEXT = frozenset(["script", "style", "template", "textarea", "object"])
_LABELS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "a": "link", "img": "picture"}
_FREE = frozenset(["b", "big", "em", "font", "i", "s", "small", "span", "strike", "strong", "tt", "u"])
"""Elements of a mere look, which may be dropped with their codes."""

_ATTRIBUTES = ("alt", "title")
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_CODE = re.compile(f"([{CODES}])")
_WRAPPED = re.compile(r"(\S?)[ \t\r\f]*\n\s*(\S?)")


@dataclass(slots=True)
class _Stretch:
    """Neighbours inside `parent` that make a text: what follows `before` (None: from its start)."""

    parent: Element
    before: Element | None
    nodes: list[Element]
    unit: Unit
    elements: list[Element] = field(default_factory=list)
    attribute: str = ""

    def write(self, target: str) -> None:
        """Put the target in, with the elements that its codes stand for."""
        if self.attribute:
            self.parent.set(self.attribute, cleaned(target).replace("\n", " "))
            return
        whole = self._text()
        start, end = whole[: len(whole) - len(whole.lstrip())], whole[len(whole.rstrip()) :]
        for node in self.nodes:
            self.parent.remove(node)
        place = 0 if self.before is None else self.parent.index(self.before) + 1
        stack: list[tuple[Element, int]] = [(self.parent, place)]
        last: list[Element | None] = [self.before]
        for number, piece in enumerate(_CODE.split(f"{start}{target}{end}")):
            if number % 2 == 0:
                for n_line, line in enumerate(cleaned(piece).split("\n")):
                    if n_line:
                        self._insert(stack, last, self.parent.makeelement("br"))
                    fresh = number == 0 and n_line == 0 and len(stack) == 1
                    _add_text(stack[-1][0], last[-1], line, fresh=fresh)
                continue
            index = ord(piece) - CODE_BASE
            code = self.unit.codes[index]
            if code.kind == "close":
                stack.pop()
                last.pop()
                continue
            element = self.elements[index]
            self._insert(stack, last, element)
            if code.kind == "open":
                for inner in list(element):
                    element.remove(inner)
                element.text = None
                stack.append((element, 0))
                last.append(None)

    @staticmethod
    def _insert(stack: list[tuple[Element, int]], last: list[Element | None], element: Element) -> None:
        element.tail = None
        parent, at = stack[-1]
        parent.insert(at, element)
        stack[-1] = (parent, at + 1)
        last[-1] = element

    def _text(self) -> str:
        head = (self.parent.text if self.before is None else self.before.tail) or ""
        return head + "".join(_inner_text(node) + (node.tail or "") for node in self.nodes)


def _inner_text(node: Element) -> str:
    """The text inside an inline element; none in a comment."""
    return "" if not isinstance(node.tag, str) or node.tag in _POINTS else "".join(node.itertext())


class HtmlChunk:
    """One HTML text. `units` are complete from the start; `write` puts targets into them, in order."""

    def __init__(self, name: str, content: bytes, pair: LanguagePair, charset: str = "") -> None:
        self._pair = pair
        self._encoding = charset or _charset(name, content)
        try:
            text = content.decode(self._encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise DocumentError(name, f"its encoding is not {self._encoding} ({error})") from None
        declaration = _DECLARATION.match(text)
        self._declaration = declaration[0] if declaration else ""
        self._typed = "<!doctype" in text[:2000].lower()  # lxml makes one up where there is none
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        try:
            self._root = html.document_fromstring(text[len(self._declaration or self._mark) :])
        except (etree.ParserError, ValueError) as error:
            raise DocumentError(name, f"is no readable HTML ({error})") from None
        if not isinstance(self._root.tag, str):
            raise DocumentError(name, "is no readable HTML (nothing but a comment)")
        self._name = name
        self._stretches = list(self._found())

    @property
    def units(self) -> list[Unit]:
        """The texts with something to translate."""
        return [stretch.unit for stretch in self._stretches]

    def write(self, targets: list[str]) -> bytes:
        """Returns the HTML with these targets."""
        for stretch, target in zip(self._stretches, targets, strict=True):
            if target != stretch.unit.text:
                stretch.write(target)
        method = "xml" if self._declaration else "html"
        tree = self._root.getroottree() if self._typed else self._root
        text = etree.tostring(tree, encoding="unicode", method=method)
        whole = f"{self._mark}{self._declaration}{text}"
        return whole.encode(self._encoding, "xmlcharrefreplace")

    def _found(self) -> Iterator[_Stretch]:
        number = 0
        for parent, before, nodes in _stretches(self._root):
            text, codes, elements = _read(parent, before, nodes)
            if self._pair.has_source(text):
                number += 1
                unit = Unit(f"{self._name}#h{number}", f"embedded text {number}", text, "text", codes)
                yield _Stretch(parent, before, nodes, unit, elements)
        for element in self._root.iter(etree.Element):
            for key in _ATTRIBUTES:
                text = element.get(key) or ""
                if self._pair.has_source(text):
                    number += 1
                    unit = Unit(f"{self._name}#h{number}", f"embedded text {number}", text.strip(), "label")
                    yield _Stretch(element, None, [], unit, attribute=key)


def _charset(name: str, content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared is not None and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = declared[1].decode("ascii").lower()
        return "gb18030" if found in ("gb2312", "gbk") else found
    encoding = detect(name, content, whole=True).name
    return {"utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)


def _stretches(root: Element) -> Iterator[tuple[Element, Element | None, list[Element]]]:
    """The stretches of inline content, block by block, each inside the innermost element around all of it."""
    stack = [root]
    while stack:
        block = stack.pop()
        if not isinstance(block.tag, str) or block.tag in _NO_TEXT:
            continue
        before: Element | None = None
        nodes: list[Element] = []
        inner: list[Element] = []
        for child in block:
            if _is_inline(child):
                nodes.append(child)
                continue
            yield _innermost(block, before, nodes)
            inner.append(child)
            before, nodes = child, []
        yield _innermost(block, before, nodes)
        stack += reversed(inner)


def _is_inline(element: Element) -> bool:
    """An inline element that holds nothing but such; a comment is one too."""
    return all(not isinstance(part.tag, str) or part.tag in _INLINE for part in element.iter())


def _innermost(
    parent: Element, before: Element | None, nodes: list[Element]
) -> tuple[Element, Element | None, list[Element]]:
    while len(nodes) == 1 and isinstance(nodes[0].tag, str) and nodes[0].tag not in _POINTS:
        head = (parent.text if before is None else before.tail) or ""
        if head.strip() or (nodes[0].tail or "").strip():
            break
        parent, before, nodes = nodes[0], None, list(nodes[0])
    return parent, before, nodes


def _read(
    parent: Element, before: Element | None, nodes: list[Element]
) -> tuple[str, tuple[Code, ...], list[Element]]:
    """The text of a stretch, its codes, and the element that each code stands for."""
    pieces = [(parent.text if before is None else before.tail) or ""]
    codes: list[Code] = []
    elements: list[Element] = []

    def add(code: Code, element: Element) -> int:
        pieces.append(code_char(len(codes)))
        codes.append(code)
        elements.append(element)
        return len(codes) - 1

    def walk(element: Element) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _POINTS:
            add(Code("point", _LABELS.get(tag, "mark")), element)
        else:
            free = tag in _FREE and element.get("id") is None
            label = _LABELS.get(tag, "formatting")
            opening = add(Code("open", label, format_only=free), element)
            pieces.append(element.text or "")
            for child in element:
                walk(child)
            closing = add(Code("close", label, opening, format_only=free), element)
            codes[opening] = Code("open", label, closing, format_only=free)
        pieces.append(element.tail or "")

    for node in nodes:
        walk(node)
    text = _WRAPPED.sub(_unwrapped, "".join(pieces)).strip()
    return text, tuple(codes), elements


def _unwrapped(match: re.Match[str]) -> str:
    """A line end in the source of HTML is a space, and between Chinese characters nothing."""
    wide = not match[1] or not match[2] or match[1] > "\u2e7f" or match[2] > "\u2e7f"
    return match[1] + ("" if wide else " ") + match[2]


def _add_text(parent: Element, last: Element | None, text: str, *, fresh: bool) -> None:
    """Append text after `last`, or at the start of the parent; `fresh` takes the place of what is there."""
    if last is None:
        parent.text = text if fresh else (parent.text or "") + text
    else:
        last.tail = text if fresh else (last.tail or "") + text
