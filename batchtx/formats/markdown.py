r"""Markdown: paragraphs, headings, items and cells; code, HTML, mathematics and addresses are not touched.

markdown-it finds the blocks (CommonMark with tables); what is inside of a block is found here, since no
library gives a file back as it was. Links and emphasis are codes, so that they stay on their words. A
paragraph is written as one line.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from batchtx.formats.encodings import EncodingOptions
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.spans import LINE_BREAK, Span, Tag, join_lines, make_span
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import CodeKind, Problem, Unit, UnitKind
from batchtx.text.inline_codes import code_index
from batchtx.text.spans import overlaps

if TYPE_CHECKING:
    from markdown_it.token import Token

_CODE_SPAN = re.compile(r"(?<!`)(`+)[^`\n]+\1(?!`)")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.{3})[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML_FRONT_MATTER = re.compile(r"\+{3}[ \t]*\r?\n(.*?)^\+{3}[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LONE_RETURN = re.compile(r"\r(?!\n)")
_FRONT_VALUE = re.compile(
    r"^(?P<key>title|description|summary|subtitle|abstract)[ \t]*(?P<sign>[:=])[ \t]*"
    r"""(?P<quote>["']?)(?P<text>[^\r\n]*?)(?P=quote)[ \t]*$""",
    re.MULTILINE,
)
_LINK_END = r"\](?:\((?:[^()\\\n]|\\.|\([^()\n]*\))*\)|\[[^\]\n]*\])"
_MARKUP = re.compile(
    r"(?<!\\)(?:(?P<code>(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>\$\$(?!\$).+?\$\$|\$(?![\s$])[^$\n]+?(?<![\s\\])\$(?!\d))"
    r"|(?P<auto><[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*>|<[^<>\s@]+@[^<>\s]+>)"
    r"|(?P<html></?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--(?:(?!<!--).)*?-->)"
    r"|(?P<note>\[\^[^\[\]\s]+\]|\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}|\{[#:.][^{}\n]*\}"
    r"|(?<!\S)\[[ xX]\](?=\s))"
    rf"|(?P<link_open>!?\[(?=(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*{_LINK_END}))"
    rf"|(?P<link_close>{_LINK_END})"
    r"|(?P<emphasis>\*{1,3}|~~|(?<![\w\\])_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)))"
    r"|(?P<hard>(?:(?<! ) {2,}|\\)\r?\n[ \t]*(?:>[ \t]?)*)"
    r"|(?P<soft>\r?\n[ \t]*(?:>[ \t]?)*)",
    re.DOTALL,
)
_STAYS = re.compile(
    r"\$\$.*?\$\$|<!--.*?-->|^ {0,3}\[[^\]\n]+\]:[^\n]*|^[ >]*(?::::|!!!|\?\?\?)[^\n]*",
    re.DOTALL | re.MULTILINE,
)
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MAX_NESTING = 200
_NEW_LINE = "\n"
_CODE = ("fence", "code_block", "html_block")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\s]+\]:[ \t]+([^\r\n]+)")
_VOID = frozenset(["br", "hr", "img", "input", "wbr", "source"])
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TO_ESCAPE = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)")
_BLOCK_START = re.compile(r"(?P<mark>[#>]|[-+](?=\s)|=+$)|(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$)")
_DEFINITION = re.compile(r"\s*[:~][ \t]+(?=\S)")
_CONTAINER = re.compile(r"\s*(?::::|!!!|\?\?\?|\[![A-Za-z]+\]|\[\^?[^\]]+\]:|<!--|%)")
_KINDS: dict[str, UnitKind] = {"heading_open": "heading", "th_open": "cell", "td_open": "cell"}


def open_document(source: Source, options: EncodingOptions, pair: LanguagePair) -> Document:
    """Returns a Markdown file. Raises DocumentError when it is no text."""
    return MarkdownDocument(source, options.encoding)


class MarkdownDocument(SpanDocument):
    """One Markdown file; see `Document` for the contract."""

    kept_inside = "code, addresses and marks"

    def find(self, text: str) -> Iterator[Span | Problem]:
        """Implements `SpanDocument.find`."""
        from markdown_it import MarkdownIt

        text = _LONE_RETURN.sub("\n", text).replace("\0", "\ufffd")  # as CommonMark reads them
        front = _FRONT_MATTER.match(text) or _TOML_FRONT_MATTER.match(text)
        body = front.end() if front else 0
        starts = list(accumulate((len(line) for line in _LINE.findall(text[body:])), initial=body))
        parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING})
        tokens = parser.enable("table").disable("inline").parse(text[body:])
        lost = list(_too_deep(text, tokens, starts))
        spans = list(_front_matter(text, front)) if front else []
        spans += _blocks(text, tokens, starts, lost)
        self._kept = [
            (starts[token.map[0]], starts[token.map[1]], "HTML" if token.type == "html_block" else "code")
            for token in tokens
            if token.map and token.type in _CODE
        ]
        if front:
            self._kept.append((0, body, "front matter"))
        code = {line for token in tokens if token.map and token.type in _CODE for line in range(*token.map)}
        notes = [
            span
            for span in _footnotes(text, starts, code)
            if not overlaps(*span.block, [one.block for one in spans])
        ]
        spans = sorted([*spans, *notes], key=lambda span: span.start)
        ends = [at for at, char in enumerate(text) if char == _NEW_LINE]
        for number, span in enumerate(spans, 1):
            place = f"line {bisect_left(ends, span.start) + 1}"
            unit = replace(span.unit, address=f"block {number}", place=place)
            yield replace(span, unit=unit)
        yield from lost

    def kept_regions(self) -> Iterator[tuple[int, int, str]]:
        """Implements `SpanDocument.kept_regions`; code at the edges of a text is not in its span."""
        yield from self._kept
        for match in _CODE_SPAN.finditer(self._text):
            yield *match.span(), "code"
        for match in _STAYS.finditer(self._text):
            yield (
                *match.span(),
                "mathematics" if match[0].startswith("$") else "addresses, comments and names",
            )


def _too_deep(text: str, tokens: Sequence[Token], starts: list[int]) -> Iterator[Problem]:
    """What stands so deep in quotations and lists that it is not read."""
    for token in tokens:
        if token.nesting == 1 and token.level == _MAX_NESTING - 1 and token.map:
            line = f"line {text.count(_NEW_LINE, 0, starts[token.map[0]]) + 1}"
            yield Problem(line, line, f"stands more than {_MAX_NESTING} quotations or items deep; it stays")
            return


def _blocks(text: str, tokens: Sequence[Token], starts: list[int], lost: list[Problem]) -> Iterator[Span]:
    """The spans of all blocks that markdown-it finds; `lost` gets those that do not stand there."""
    done = starts[0]
    for number, token in enumerate(tokens):
        if token.type == "inline" and token.map and token.content.strip():
            kind = _KINDS.get(tokens[number - 1].type, "text")
            for start, end in _parts(text, token, kind, max(starts[token.map[0]], done)):
                if end < 0:
                    line = f"line {text.count(_NEW_LINE, 0, starts[token.map[0]]) + 1}"
                    lost.append(Problem(line, line, "its text was not found and stays as it is"))
                    continue
                done = end
                span = _span(text, start, end, kind)
                if span is not None:
                    yield span


def _parts(text: str, token: Token, kind: UnitKind, at: int) -> Iterator[tuple[int, int]]:
    """Where a block stands: whole, or in parts between the lines of containers (:::) and mathematics ($$).

    (-1, -1) at the end when the rest of it is not found.
    """
    begin = end = -1
    in_math = False
    for content in [*token.content.split("\n"), ""]:
        definition = _DEFINITION.match(content)
        wanted = content[definition.end() :].strip() if definition else content.strip()
        if definition and begin >= 0:
            yield begin, end
            begin = -1
        is_math = wanted.startswith("$$") and not (len(wanted) > 2 and wanted.endswith("$$"))
        if not wanted or in_math or is_math or _CONTAINER.match(wanted):
            in_math = in_math != is_math
            if begin >= 0:
                yield begin, end
            begin = -1
            continue
        raw = _cell_source(wanted) if kind == "cell" else wanted
        start = text.find(raw, at)
        if start < 0:
            yield from ((begin, end), (-1, -1)) if begin >= 0 else ((-1, -1),)
            return
        at = end = start + len(raw)
        begin = start if begin < 0 else begin
    if begin >= 0:
        yield begin, end


def _footnotes(text: str, starts: list[int], code: set[int]) -> Iterator[Span]:
    """Definitions of footnotes, which CommonMark takes for addresses of links."""
    for number, start in enumerate(starts[:-1]):
        match = None if number in code else _FOOTNOTE.match(text, start, starts[number + 1])
        span = _span(text, *match.span(1), "text") if match else None
        if span is not None:
            yield span


def _span(text: str, start: int, end: int, kind: UnitKind) -> Span | None:
    span = make_span(
        text,
        (start, end),
        Unit("", "", "", kind),
        _MARKUP,
        _Tagger(),
        decode=_decode,
        encode=_encode_cell if kind == "cell" else _encode,
        finish=str if kind in ("cell", "heading") else _no_block,
    )
    if span is None:
        return None
    return join_lines(replace(span, layout=partial(_apart, originals=span.originals)))


def _apart(target: str, originals: Sequence[str]) -> str:
    """Code beside code would be one code, and code beside a word of Latin script is hard to read."""

    def is_code(at: int) -> bool:
        index = code_index(target[at]) if 0 <= at < len(target) else None
        return index is not None and index < len(originals) and originals[index][0] == "`"

    parts: list[str] = []
    for at, char in enumerate(target):
        if at and (is_code(at) or is_code(at - 1)):
            other = target[at - 1] if is_code(at) else char
            if (is_code(at) and is_code(at - 1)) or (other.isascii() and other.isalnum()):
                parts.append(" ")
        parts.append(char)
    return "".join(parts)


def _cell_source(content: str) -> str:
    """The content of a cell as the row has it."""
    return content.replace("|", r"\|")


def _front_matter(text: str, front: re.Match[str]) -> Iterator[Span]:
    """Values of a page's own words; strings of one line, plain or quoted."""
    for match in _FRONT_VALUE.finditer(text, front.start(1), front.end(1)):
        value, quote = match["text"], match["quote"]
        if not value.strip() or (not quote and value[0] in "|>&*![{#"):
            continue
        unit = Unit("", "", "", "title")
        decode, encode = (
            _QUOTES[quote] if (match["sign"], quote) != ("=", "'") else (str, _without_apostrophe)
        )
        span = make_span(text, match.span("text"), unit, _NOTHING, _Tagger(), decode=decode, encode=encode)
        if span is not None:
            yield span


def _plain_yaml(text: str) -> str:
    """A value without quotes gets them where YAML would read it otherwise."""
    return f'"{_double_quoted(text)}"' if _NOT_PLAIN.search(text) else text


def _without_apostrophe(text: str) -> str:
    """A literal string of TOML cannot have its own quote in it."""
    return text.replace("'", "\u2019")


def _double_quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', r"\"")


_NOTHING = re.compile(r"(?!)")
_NOT_PLAIN = re.compile(r""":(?:\s|$)|\s#|^[\s!&*\[\]{}|>@`%"'#,?-]|\s$""")
_QUOTES: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "": (str, _plain_yaml),
    "'": (lambda text: text.replace("''", "'"), lambda text: text.replace("'", "''")),
    '"': (lambda text: text.replace(r"\"", '"').replace(r"\\", "\\"), _double_quoted),
}


class _Tagger:
    """Tells what pieces of markup are, in order: emphasis opens and closes with the same marks."""

    def __init__(self) -> None:
        self._open: list[str] = []

    def __call__(self, raw: str) -> Tag | str:
        if raw.lstrip(" \t>\r\n") == "" and not raw.startswith("  "):
            return LINE_BREAK
        if raw in ("[", "!["):
            return Tag("open", "link", "picture" if raw[0] == "!" else "link")
        if raw[0] == "]":
            return Tag("close", "link", "link")
        if raw[0] in "*_~":
            return Tag(self._turn(raw), raw, "emphasis", format_only=True)
        if _HTML.fullmatch(raw):
            return _html_tag(raw)
        return Tag("point", "", "code" if raw[0] == "`" else "mark")

    def _turn(self, raw: str) -> CodeKind:
        if raw in self._open:
            del self._open[self._open.index(raw) :]
            return "close"
        self._open.append(raw)
        return "open"


def _html_tag(raw: str) -> Tag:
    name = re.match(r"</?([A-Za-z][A-Za-z0-9-]*)", raw)
    assert name is not None
    if name[1].lower() in _VOID or raw.endswith("/>"):
        return Tag("point", "", name[1])
    kind: CodeKind = "close" if raw[1] == "/" else "open"
    return Tag(kind, name[1].lower(), name[1])


def _decode(raw: str) -> str:
    return html.unescape(_ESCAPED.sub(r"\1", raw))


def _encode(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: f"\\{match[0]}", text)


def _encode_cell(text: str) -> str:
    return _encode(text).replace("|", r"\|")


def _no_block(written: str) -> str:
    """A paragraph must not begin as another kind of block does: 1. makes a list, # a heading."""
    match = _BLOCK_START.match(written)
    if match is None:
        return written
    return f"\\{written}" if match["mark"] else f"{match['number']}\\{written[match.start('dot') :]}"
