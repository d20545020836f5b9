"""XLIFF 1.2 and 2: units without a translation are filled; all others stay, as does everything between.

Inline elements are codes, and stand in the target with the ids they have in the source. A filled unit gets
a state that asks for review, and the file says which language its targets are in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from batchtx.errors import DocumentError
from batchtx.formats.catalog_document import CatalogDocument
from batchtx.formats.catalogs import CatalogOptions
from batchtx.formats.opc.package import parse_xml
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.spans import Span, Tag, make_span
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import CodeKind, Problem, Unit

_ENCODING = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_DECLARED = re.compile(r"(\A\s*<\?xml[^>]*?encoding\s*=\s*[\"'])([\w.:-]+)")
_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<close>/)?(?:[\w.-]+:)?(?P<name>[A-Za-z][\w.-]*)"
    r"(?P<attributes>(?:\s+[^\s=>/]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?P<empty>/)?>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"\s([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_REST = r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*"
"""What stands in a tag behind its name; values may hold the sign that ends it."""

_NATIVE = "ph|it|bpt|ept"
_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rf"|<(?P<prefix>(?:[\w.-]+:)?)(?P<native>{_NATIVE})(?=[\s>/])(?:{_REST}(?<=/)>|{_REST}>.*?</(?P=prefix)(?P=native)\s*>)"
    r"|<(?P<mark>(?:[\w.-]+:)?mrk)(?=\s)(?=[^<>]*(?:\bmtype\s*=\s*[\"']protected|\btranslate\s*=\s*[\"']no))"
    r"[^<>]*(?<!/)>(?:(?!<(?P=mark)\b).)*?</(?P=mark)\s*>"
    rf"|</?[A-Za-z]{_REST}>",
    re.DOTALL,
)
_STATE_1 = "needs-review-translation"
_STATE_2 = "translated"
_UNSURE = frozenset(
    [
        "new",
        "initial",
        "needs-translation",
        "needs-adaptation",
        "needs-l10n",
        "needs-review-adaptation",
        "needs-review-l10n",
        "needs-review-translation",
    ]
)
_OPEN = frozenset(["bx", "sc", "bpt"])
_CLOSE = frozenset(["ex", "ec", "ept"])
_AROUND = frozenset(["g", "pc", "mrk"])
_SHEET_ID = re.compile(r"u\d+-[0-9a-f]{12}-[0-9a-f]{12}")
"""What a unit of a review sheet is called (review/xliff.py)."""

_BETWEEN_PARTS = re.compile(r"(</(?:[\w.-]+:)?mrk>)(\s*)([^<\s][^<]*?)(\s*)(?=<(?:[\w.-]+:)?mrk\s|\Z)")


def open_document(source: Source, options: CatalogOptions, pair: LanguagePair) -> Document:
    """Returns an XLIFF file. Raises DocumentError when it is none, has a DTD, or has targets of another
    language.
    """
    return XliffDocument(source, options, pair)


@dataclass(slots=True)
class _Place:
    """A pair of source and target: where they and the tag with their state stand."""

    address: str
    place: str
    tag: tuple[int, int]
    source: tuple[int, int] = (-1, -1)
    after_source: int = -1
    target: tuple[int, int] | None = None
    target_tag: str = ""
    content: tuple[int, int] = (0, 0)
    state: str = ""


class XliffDocument(CatalogDocument):
    """One XLIFF file; a file of XML tells its encoding at its start."""

    told_encoding = _ENCODING
    told_within = 1000
    kept_outside = "translated already, not to be translated, or notes"

    def parse(self, content: bytes) -> Sequence[Unit | Problem]:
        """Implements `WholeDocument.parse`.

        Raises:
            DocumentError: it is no XLIFF, or hostile XML.
        """
        root = parse_xml(self.name, "", content, "the program it comes from")
        if not isinstance(root.tag, str) or root.tag.rpartition("}")[2] != "xliff":
            raise DocumentError(self.name, "not an XLIFF file: its root element is no <xliff>")
        return super().parse(content)

    def find(self, text: str) -> Iterator[Span | Problem]:
        """Implements `SpanDocument.find`."""
        self._second = re.search(r"<(?:[\w.-]+:)?xliff\b[^>]*?\bversion\s*=\s*[\"']2", text) is not None
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        kept = False
        if _is_sheet(text):
            raise DocumentError(self.name, "this is a review sheet; bring it back with batchtx apply")
        for place in _Walk(text, second=self._second).places():
            if self._is_wanted(text, place):
                span = self._span(text, place)
                if span is not None:
                    self._targets.append(text[slice(*place.content)])
                    yield span
            else:
                kept = kept or bool(_bare(text[slice(*place.content)]))
        self._refuse_other_language(text, kept)

    def check(self, written: SpanDocument) -> None:
        """Implements `SpanDocument.check`; the sources must be as they were, too."""
        super().check(written)
        if [span.unit for span in written.spans] != [span.unit for span in self._spans]:
            raise DocumentError(self.name, "a source changed in the output; please report this")

    def said(self) -> Sequence[str]:
        """Implements `SpanDocument.said`: a target; the source where there is none."""
        return [_bare(raw) or span.unit.text for span, raw in zip(self._spans, self._targets, strict=True)]

    def lost_codes(self, written: SpanDocument) -> Iterator[tuple[Span, str]]:
        """Implements `SpanDocument.lost_codes`."""
        assert isinstance(written, XliffDocument)
        for span, raw in zip(self._spans, written._targets, strict=True):
            if _bare(raw):
                yield from ((span, code) for code in span.originals if code not in raw)

    def _is_wanted(self, text: str, place: _Place) -> bool:
        if self._only is not None:
            return place.address in self._only
        content = _bare(text[slice(*place.content)]) if place.target else ""
        if not content:
            return True
        copied = content == _bare(text[slice(*place.source)])
        unsure = place.state in _UNSURE and self._options.fill == "unsure"
        return unsure or (copied and place.state in ("new", "initial", "needs-translation"))

    def _span(self, text: str, place: _Place) -> Span | None:
        unit = Unit(place.address, place.place, "")
        encode = partial(html.escape, quote=False)
        span = make_span(text, place.source, unit, _MARKUP, _Tagger(), decode=html.unescape, encode=encode)
        if span is None:
            return None
        start = place.tag[0] if self._second else (place.target[0] if place.target else place.after_source)
        end = place.target[1] if place.target else place.after_source
        finish = partial(
            self._written,
            place=place,
            edges=(text[place.source[0] : span.start], text[span.end : place.source[1]]),
            tag=text[slice(*place.tag)],
            between=text[place.tag[1] : place.target[0] if place.target else place.after_source],
            indent=_indent(text, place),
        )
        block = (start, end)
        return replace(span, start=start, end=end, block=block, marks=(), places=(), finish=finish)

    def _written(
        self, target: str, place: _Place, edges: tuple[str, str], tag: str, between: str, indent: str
    ) -> str:
        """The target of a unit; in version 2 from the tag of its segment on, which has the state."""
        prefix = _prefix(tag)
        target = edges[0] + target + edges[1]
        if 'mtype="seg"' in target:  # a mark that a model put behind a part belongs to it
            target = _BETWEEN_PARTS.sub(r"\3\1\4", target)
        opening = place.target_tag or f"<{prefix}target>"
        if not self._second:
            opening = _with(_with(opening, "state", _STATE_1), "state-qualifier", None)
        element = f"{opening}{target}</{_prefix(opening)}target>"
        if place.target is None:
            element = indent + element
        return _with(tag, "state", _STATE_2) + between + element if self._second else element

    def _finished(self, text: str) -> str:
        name = "xliff" if self._second else "file"
        attribute = "trgLang" if self._second else "target-language"

        def told(match: re.Match[str]) -> str:
            said = _attribute(match[0], attribute)
            same = said.lower().partition("-")[0] == self._pair.target
            return match[0] if same else _with(match[0], attribute, self._pair.target)

        return self._in_utf8(re.sub(rf"<(?:[\w.-]+:)?{name}(?=\s){_REST}>", told, text))

    def _neutral(self, text: str) -> str:
        return text.rstrip()  # the line end and blanks before a target that is new

    def _in_utf8(self, text: str) -> str:
        return _DECLARED.sub(r"\g<1>UTF-8", text, count=1)

    def _refuse_other_language(self, text: str, kept: bool) -> None:
        """Targets of one language beside targets of another are of no use to anybody."""
        for match in re.finditer(r"\b(?:target-language|trgLang)\s*=\s*[\"']([\w-]+)", text):
            told = match[1].lower().partition("-")[0]
            if kept and self._only is None and told not in (self._pair.target, self._pair.source):
                reason = (
                    f"its translations are in {match[1]}; translate into it with --target-language {told}"
                )
                raise DocumentError(self.name, reason)


class _Walk:
    """Walks through the elements and finds the places of sources and targets."""

    def __init__(self, text: str, *, second: bool) -> None:
        self._text, self._second = text, second
        self._stack: list[tuple[str, bool]] = []
        self._n_units = 0
        self._place: _Place | None = None
        self._unit = ""

    def places(self) -> Iterator[_Place]:
        """All places that may be translated, in order."""
        holder = "segment" if self._second else "trans-unit"
        for token in _TOKEN.finditer(self._text):
            name = token["name"]
            if not name:
                continue
            if token["close"]:
                yield from self._left(token, name, holder)
                while self._stack and self._stack.pop()[0] != name:
                    pass
            else:
                self._enter(token, name, holder)
                if token["empty"]:
                    self._left_empty(token, name)
                else:
                    self._stack.append((name, self._translated(token)))

    def _translated(self, token: re.Match[str]) -> bool:
        told = _attribute(token[0], "translate")
        return told != "no" and ((self._stack[-1][1] if self._stack else True) or told == "yes")

    def _enter(self, token: re.Match[str], name: str, holder: str) -> None:
        if name in ("unit", "trans-unit"):
            self._n_units += 1
            self._n_segments = 0
            self._unit = _attribute(token[0], "id")
        inside = self._stack[-1][0] if self._stack else ""
        if name == holder and not token["empty"]:
            self._n_segments += 1
            part = f", segment {self._n_segments}" if self._second else ""
            place = f"unit {html.unescape(self._unit) or self._n_units}{part}"
            self._place = _Place(f"unit {self._n_units}{part}", place, token.span())
            self._place.state = _attribute(token[0], "state") or ("initial" if self._second else "")
            if not self._translated(token) or _attribute(token[0], "approved") == "yes":
                self._place = None
        elif self._place is not None and inside == holder and name == "target":
            self._place.target_tag = token[0]
            self._place.target = self._place.content = (token.start(), token.end())
            self._place.content = (token.end(), token.end())
            if not self._second:
                self._place.state = _attribute(token[0], "state")
        elif self._place is not None and inside == holder and name in ("source", "seg-source"):
            self._place.source = (token.end(), token.end())

    def _left_empty(self, token: re.Match[str], name: str) -> None:
        if self._place is not None and name == "target" and self._place.target == token.span():
            opening = token[0]
            self._place.target_tag = re.sub(r"\s*/>\Z", ">", opening)

    def _left(self, token: re.Match[str], name: str, holder: str) -> Iterator[_Place]:
        place = self._place
        if place is None:
            return
        inside = self._stack[-2][0] if len(self._stack) > 1 else ""
        if name == holder:
            self._place = None
            if place.source[0] >= 0 and place.after_source >= 0:
                yield place
        elif inside == holder and name == "target" and place.target is not None:
            place.content = (place.content[0], token.start())
            place.target = (place.target[0], token.end())
        elif inside == holder and name in ("source", "seg-source"):
            place.source = (place.source[0], token.start())
            place.after_source = token.end()


class _Tagger:
    """Tells what inline elements are; those that open and close apart find each other by their ids."""

    def __init__(self) -> None:
        self._around: list[str] = []

    def __call__(self, raw: str) -> Tag | str:
        if raw.startswith("<![CDATA["):
            return raw[9:-3]
        if raw.startswith(("<!--", "<?")):
            return ""
        name = re.match(r"</?(?:[\w.-]+:)?([A-Za-z][\w.-]*)", raw)
        local = name[1] if name else ""
        if local in _OPEN | _CLOSE:
            pair = _attribute(raw, "startRef") or _attribute(raw, "rid") or _attribute(raw, "id")
            kind: CodeKind = "open" if local in _OPEN else "close"
            return Tag(kind, f"#{pair}", local)
        if local in _AROUND and not raw.endswith("/>") and not raw.startswith("</") and "</" not in raw:
            return Tag("open", local, local)
        if local in _AROUND and raw.startswith("</"):
            return Tag("close", local, local)
        return Tag("point", "", local)


def _is_sheet(text: str) -> bool:
    ids = re.findall(r"<(?:trans-)?unit\s[^<>]*?\bid=\"([^\"]*)\"", text[:100_000])
    return bool(ids) and all(map(_SHEET_ID.fullmatch, ids))


def _attribute(tag: str, name: str) -> str:
    for match in _ATTRIBUTE.finditer(tag):
        if match[1] == name:
            return match[2] if match[2] is not None else match[3]
    return ""


def _with(tag: str, name: str, value: str | None) -> str:
    """A tag with an attribute, or without it."""
    without = re.sub(rf"\s{re.escape(name)}\s*=\s*(?:\"[^\"]*\"|'[^']*')", "\0", tag, count=1)
    if value is None:
        return without.replace("\0", "")
    if "\0" in without:
        return without.replace("\0", f' {name}="{value}"')
    end = re.search(r"\s*/?>\Z", tag)
    assert end is not None
    return f'{tag[: end.start()]} {name}="{value}"{tag[end.start() :]}'


def _prefix(tag: str) -> str:
    found = re.match(r"<([\w.-]+:)", tag)
    return found[1] if found else ""


def _bare(content: str) -> str:
    """The text of a source or target without elements."""
    return html.unescape(re.sub(rf"<!--.*?-->|</?[A-Za-z]{_REST}>", "", content, flags=re.DOTALL)).strip()


def _indent(text: str, place: _Place) -> str:
    """What stands before a new target: the line end and blanks before its source."""
    found = re.search(r"(?:\r\n|\r|\n)[ \t]*\Z", text[place.tag[1] : place.source[0]].rpartition("<")[0])
    return found[0] if found else ""
