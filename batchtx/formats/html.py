"""HTML pages: the text of blocks, and attributes that a reader sees; scripts, styles and code stay.

Inline elements are codes, so that links and emphasis stay on their words. What is between the texts is not
touched, but for the language of the page and its encoding, which is UTF-8 afterwards.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from batchtx.formats.encodings import EncodingOptions
from batchtx.formats.html_names import ATTRIBUTES, INLINE, KEPT, KINDS, META, RAW, VOID
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.spans import LINE_BREAK, Span, Tag, join_lines, make_span
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import CodeKind, Problem, Unit, UnitKind

_TAG = r"""</?[A-Za-z][^\s/>]*+(?:[^<>"']++|<(?![A-Za-z/!])|"[^"]*"|'[^']*')*+>"""
_TOKEN = re.compile(rf"<!--.*?(?:-->|\Z)|<![^<>]*>|<\?(?:(?!<\?).)*?>|{_TAG}", re.DOTALL)
_MARKUP = re.compile(
    rf"(?:<(?P<kept>code|kbd|samp|tt|var|math|svg)\b(?:(?!<(?P=kept)\b).)*?</(?P=kept)\s*>)|<!--.*?(?:-->|\Z)|{_TAG}|(?<!\s)\s*\n\s*",
    re.DOTALL | re.IGNORECASE,
)
_STAYS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<tag>script|style|code|kbd|math|pre|samp|svg|tt|var)\b[^<>]*>(?:(?!<(?P=tag)\b).)*?"
    r"</(?P=tag)\s*>",
    re.DOTALL | re.IGNORECASE,
)
_PICTURED = re.compile(
    r"<!--.*?-->|<(style|script)\b.*?</\1\s*>|(?<=>)(?P<text>[^<>]*[^<>\s][^<>]*)(?=<)",
    re.DOTALL | re.IGNORECASE,
)
_NOTHING = re.compile(r"(?!)")
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_NOT_TRANSLATED = re.compile(
    r"""\stranslate\s*=\s*["']?no\b|\sclass\s*=\s*(?:"[^"]*\bnotranslate\b|'[^']*\bnotranslate\b)""",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"""(<html\b[^>]*?\s(?:xml:)?lang\s*=\s*["']?)([A-Za-z][\w-]*)""", re.IGNORECASE)
_CHARSET = re.compile(
    r"""(<meta\b[^>]*?charset\s*=\s*["']?)([\w-]+)|(<\?xml[^>]*?encoding\s*=\s*["'])([\w-]+)""", re.I
)


def open_document(source: Source, options: EncodingOptions, pair: LanguagePair) -> Document:
    """Returns a page. Raises DocumentError when it is no text."""
    return HtmlDocument(source, options.encoding, pair)


class HtmlDocument(SpanDocument):
    """One page or fragment; see `Document` for the contract."""

    def __init__(self, source: Source, encoding: str | None, pair: LanguagePair) -> None:
        self._pair = pair
        super().__init__(source, encoding)

    def again(self, source: Source) -> HtmlDocument:
        """Implements `SpanDocument.again`."""
        return HtmlDocument(source, None, self._pair)

    def find(self, text: str) -> Iterator[Span | Problem]:
        """Implements `SpanDocument.find`."""
        for number, span in enumerate(page_spans(text), 1):
            yield replace(span, unit=replace(span.unit, address=f"text {number}"))

    def _finished(self, text: str) -> str:
        return finish_page(text, self._pair)

    def kept_regions(self) -> Iterator[tuple[int, int, str]]:
        """Implements `SpanDocument.kept_regions`."""
        yield from kept_of_page(self._text)

    def _in_utf8(self, text: str) -> str:
        return _told_as_utf8(text)


def page_spans(text: str, where: str = "") -> Iterator[Span]:
    """Finds the texts of a page; their places are lines, behind `where`."""
    lines = _Lines(text)
    for span in _spans(text):
        place = f"{where}line {lines.of(span.start)}{', ' + span.unit.place if span.unit.place else ''}"
        yield replace(span, unit=replace(span.unit, place=place))


def finish_page(text: str, pair: LanguagePair) -> str:
    """Returns a page that tells the target's language where it told the source's, and its encoding."""

    def language(match: re.Match[str]) -> str:
        same = match[2].lower().partition("-")[0] == pair.source
        return match[1] + (pair.target if same else match[2])

    return _told_as_utf8(_LANGUAGE.sub(language, text))


def _told_as_utf8(text: str) -> str:
    return _CHARSET.sub(lambda match: f"{match[1] or match[3]}utf-8", text)


def kept_of_page(text: str) -> Iterator[tuple[int, int, str]]:
    """Finds what a page has and is not translated: (start, end, why)."""
    for match in _STAYS.finditer(text):
        tag = (match["tag"] or "").lower()
        why = "comments" if not tag else "scripts and styles" if tag in ("script", "style") else "code"
        yield *match.span(), why
    open_at, kept = 0, list[str]()
    for token in _TOKEN.finditer(text):
        name = _NAME.match(token[0])
        if name is None:
            continue
        before = len(kept)
        _enter_or_leave(kept, name[1].lower(), token[0], token[0].startswith("</"))
        if kept and not before:
            open_at = token.start()
        elif before and not kept:
            yield open_at, token.end(), "marked as not to be translated"
    for token in _TOKEN.finditer(text):
        yield *token.span(), "attributes"


class _Lines:
    """Counts lines while offsets rise."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text, 0, 1

    def of(self, offset: int) -> int:
        self._line += self._text.count("\n", self._at, offset)
        self._at = max(self._at, offset)
        return self._line


def _spans(text: str) -> Iterator[Span]:
    """Texts of blocks and attributes, in the order of their starts."""
    kind: UnitKind = "text"
    start = 0
    kept: list[str] = []  # elements that are not translated, innermost last
    skip_to = 0
    attributes: list[Span] = []
    for token in _TOKEN.finditer(text):
        if token.start() < skip_to:
            continue
        name = _NAME.match(token[0])
        tag = name[1].lower() if name else ""
        closing = token[0].startswith("</")
        end = token.end()
        if tag in RAW and not closing and not token[0].endswith("/>"):
            skip_to = end = _end_of(text, token.end(), tag)
        if tag and not closing and not kept:
            attributes += _attributes(text, token, tag)
            if tag in ("svg", "math") and (end := _end_of(text, token.end(), tag)) < len(text):
                attributes += _pictured(text, token.end(), end) if tag == "svg" else ()
                skip_to = end
        if _is_inline(tag, token[0], bool(kept)):
            continue
        if not kept:
            yield from _with_attributes(_block(text, start, token.start(), kind), attributes, token.start())
            if tag == "textarea" and end > token.end() and not _NOT_TRANSLATED.search(token[0]):
                yield from _plain_text(text, (token.end(), end))
                start, kind = end, "text"
                continue
        _enter_or_leave(kept, tag, token[0], closing)
        start, kind = token.end(), "text" if closing else KINDS.get(tag, "text")
    if not kept:
        yield from _with_attributes(_block(text, start, len(text), kind), attributes, len(text))
    yield from attributes


def _end_of(text: str, start: int, tag: str) -> int:
    """Where an element ends that began before `start`; the end of the page where nothing ends it."""
    end = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(text, start)
    return end.start() if end else len(text)


def _plain_text(text: str, bounds: tuple[int, int]) -> Iterator[Span]:
    """A text without markup whose lines are lines."""
    encode = partial(html.escape, quote=False)
    span = make_span(
        text, bounds, Unit("", "", "", "label"), _NOTHING, _tag, decode=html.unescape, encode=encode
    )
    if span is not None:
        yield span


def _pictured(text: str, start: int, end: int) -> Iterator[Span]:
    """The texts of a picture in the page (SVG)."""
    for match in _PICTURED.finditer(text, start, end):
        if match["text"]:
            yield from _plain_text(text, match.span("text"))


def _is_inline(tag: str, raw: str, inside_kept: bool) -> bool:
    """Whether a token belongs to the text around it."""
    if inside_kept:
        return False
    if not tag:
        return raw.startswith("<!--")
    return (tag in INLINE and not _NOT_TRANSLATED.search(raw)) or (tag in INLINE and raw.startswith("</"))


def _enter_or_leave(kept: list[str], tag: str, raw: str, closing: bool) -> None:
    if not tag or tag in VOID or raw.endswith("/>"):
        return
    if closing:
        if kept and tag in kept:
            del kept[len(kept) - 1 - kept[::-1].index(tag) :]
    elif kept or tag in KEPT or _NOT_TRANSLATED.search(raw):
        kept.append(tag)


def _with_attributes(block: Span | None, attributes: list[Span], end: int) -> Iterator[Span]:
    """A block between the attributes before and inside of it."""
    if block is not None:
        while attributes and attributes[0].start < block.start:
            yield attributes.pop(0)
        yield block
    while attributes and attributes[0].start < end:
        yield attributes.pop(0)


def _block(text: str, start: int, end: int, kind: UnitKind) -> Span | None:
    if start >= end or not text[start:end].strip():
        return None
    unit = Unit("", "", "", kind)
    encode = partial(html.escape, quote=False)
    span = make_span(text, (start, end), unit, _MARKUP, _tag, decode=html.unescape, encode=encode)
    return span and join_lines(span)


def _attributes(text: str, token: re.Match[str], tag: str) -> Iterator[Span]:
    """The attributes of a tag that a reader sees."""
    found = list(_ATTRIBUTE.finditer(token[0]))
    named = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in found}
    about = (named.get("name") or named.get("property") or "").lower()
    for match in found:
        name, group = match[1].lower(), next((n for n in (2, 3, 4) if match[n] is not None), 0)
        wanted = name in ATTRIBUTES or (tag == "meta" and name == "content" and about in META)
        wanted = wanted or (tag in ("track", "option", "optgroup") and name == "label")
        wanted = wanted or (
            tag == "input"
            and name == "value"
            and named.get("type", "").lower() in ("submit", "button", "reset")
        )
        if wanted and group and match[group].strip():
            bounds = (token.start() + match.start(group), token.start() + match.end(group))
            unit = Unit("", about or name, "", "label")
            span = make_span(
                text,
                bounds,
                unit,
                _NOTHING,
                _tag,
                decode=html.unescape,
                encode=html.escape,
                finish=_quoted if group == 4 else str,
            )
            if span is not None:
                quote = int(group != 4)
                yield replace(span, block=(bounds[0] - quote, bounds[1] + quote))


def _quoted(written: str) -> str:
    """A value without quotes may have become more than one word."""
    return f'"{written}"'


def _tag(raw: str) -> Tag | str:
    if not raw.strip():
        return LINE_BREAK
    name = _NAME.match(raw)
    if name is None or name[1].lower() in VOID or raw.endswith("/>") or re.search(r"</\w+\s*>\Z", raw[2:]):
        return Tag("point", "", name[1].lower() if name else "comment")
    kind: CodeKind = "close" if raw[1] == "/" else "open"
    plain = name[1].lower() in (
        "b",
        "i",
        "u",
        "em",
        "strong",
        "font",
        "span",
        "big",
        "small",
        "mark",
        "s",
        "strike",
    )
    return Tag(kind, name[1].lower(), name[1].lower(), format_only=plain)
