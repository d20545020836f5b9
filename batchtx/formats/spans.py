"""Text formats of ordinary size whose texts are spans of the file: what lies between them is never touched.

    class Subtitles(SpanDocument):
        def find(self, text: str) -> Iterator[Span | Problem]: ...

A library that parses such a file and writes it again changes it; so spans are found and replaced.
"""

from __future__ import annotations

import codecs
import html
import re
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, chain
from pathlib import Path

from batchtx.errors import DocumentError
from batchtx.formats.encodings import bad_bytes, detect, named_encoding
from batchtx.formats.source import Source
from batchtx.formats.whole import WholeDocument
from batchtx.records import Code, CodeKind, Problem, Unit
from batchtx.text.inline_codes import CODE, CODE_LIMIT, code_char, code_index

_NOTHING = re.compile(r"(?!)")
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\U000f0000-\U000fffff]"


LINE_BREAK = "\n"
"""What stands for a line end inside of a text, until `join_lines` takes it out."""

_BREAK = re.compile(r"(?<![ \t])[ \t]*\n\s*")
_WITHOUT_BLANKS = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Tag:
    """What a piece of markup is: its name finds the partner; `label` is for people."""

    kind: CodeKind
    name: str
    label: str
    format_only: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of the decoded file that hold the text of a unit.

    `originals[n]` is the markup that code n stands for, at `places[n]`; `encode` turns text between codes
    into what the file has (entities, escapes); `layout` breaks a target into lines; `finish` sees what is
    written. `block` are the bounds with the edges that do not belong to the text, `marks` all markup in them
    but for mere looks.
    """

    start: int
    end: int
    unit: Unit
    originals: tuple[str, ...] = ()
    encode: Callable[[str], str] = str
    layout: Callable[[str], str] = str
    finish: Callable[[str], str] = str
    block: tuple[int, int] = (0, 0)
    marks: tuple[tuple[int, int], ...] = ()
    places: tuple[tuple[int, int], ...] = ()


class SpanDocument(WholeDocument):
    """A text file with spans; subclasses find them. Written in UTF-8, with the mark that the source had."""

    def __init__(self, source: Source, encoding: str | None = None) -> None:
        self._wanted = encoding
        super().__init__(source)

    @abstractmethod
    def find(self, text: str) -> Iterator[Span | Problem]:
        """Finds the spans in order; they do not overlap.

        Raises:
            DocumentError: the text is not of this format.
        """

    def parse(self, content: bytes) -> Sequence[Unit | Problem]:
        """See `WholeDocument.parse`."""
        self._text, self._mark = self._decoded(content)
        found = list(self.find(self._text))
        self._spans = [one for one in found if isinstance(one, Span)]
        ends = accumulate((span.end for span in self._spans), max)
        self._inside = [span.start < end for span, end in zip(self._spans, chain((0,), ends), strict=False)]
        self._outer, self._nested = _by_block(self._spans)
        return [one.unit if isinstance(one, Span) else one for one in found]

    def render(self, targets: Sequence[str]) -> bytes:
        """See `WholeDocument.render`."""
        if all(span.unit.text == target for span, target in zip(self._spans, targets, strict=True)):
            return self._mark + self._text.encode("utf-8", "surrogatepass")
        spans = list(zip(self._spans, self._inside, targets, strict=True))
        inner = [(span, rendered(span, target)) for span, inside, target in spans if inside]
        parts: list[str] = []
        done = 0
        for span, inside, target in spans:
            if inside:
                continue
            parts.append(self._text[done : span.start])
            if target == span.unit.text:
                parts.append(self._slice(span.start, span.end, inner))
            else:
                originals = tuple(self._slice(*bounds, inner) for bounds in span.places)
                parts.append(rendered(replace(span, originals=originals), target))
            done = span.end
        parts.append(self._text[done:])
        return self._mark + self._finished("".join(parts)).encode("utf-8", "surrogatepass")

    def _slice(self, start: int, end: int, inner: Sequence[tuple[Span, str]]) -> str:
        """A piece of the file with the targets of the spans in it: attributes in the tags of a text."""
        parts: list[str] = []
        for span, raw in inner:
            if start <= span.start and span.end <= end:
                parts += [self._text[start : span.start], raw]
                start = span.end
        return "".join([*parts, self._text[start:end]])

    def again(self, source: Source) -> SpanDocument:
        """Reads what was written, to verify it."""
        return type(self)(source)

    def verify(self, output: Path) -> None:
        """Reads the output again: what lies between its blocks must be as it was, and all marks in them."""
        self.check(self.again(Source(str(output), path=output)))

    def check(self, written: SpanDocument) -> None:
        """Raises DocumentError when what was written differs in more than its texts."""
        if written._addresses != self._addresses:
            raise DocumentError(self.name, "the output lost a part of its structure; please report this")
        as_it_was = self._between(self._neutral)
        as_finished = self._between(lambda text: self._neutral(self._finished(text)))
        same = written._between(self._neutral) in (as_finished, as_it_was)
        if not same or written._marks() != self._marks():
            raise DocumentError(self.name, "the output differs outside of its texts; please report this")

    def _finished(self, text: str) -> str:
        """The whole text as it is written; a format may say in it which language it is in."""
        return text

    def _neutral(self, text: str) -> str:
        """A text without what may come and go with other words, for comparing."""
        return text

    def _between(self, finish: Callable[[str], str] = str) -> list[str]:
        """The text without its blocks."""
        ends = [0, *(span.block[1] for span in self._outer)]
        starts = [*(span.block[0] for span in self._outer), len(self._text)]
        return [finish(self._text[end:start]) for end, start in zip(ends, starts, strict=True)]

    def _marks(self) -> list[list[str]]:
        """The marks of each block, in any order."""
        inner = [(replace(span, start=span.block[0], end=span.block[1]), "") for span in self._nested]
        return [sorted(self._slice(*bounds, inner) for bounds in span.marks) for span in self._outer]

    def _decoded(self, content: bytes) -> tuple[str, bytes]:
        encoding = (
            detect(self.name, content, whole=True)
            if self._wanted is None
            else named_encoding(self._wanted, content)
        )
        body = content[encoding.bom_bytes :]
        if encoding.how not in ("valid UTF-8", "plain ASCII"):
            self.notes = (*self.notes, encoding.note())
        try:
            return body.decode(encoding.name), codecs.BOM_UTF8 if encoding.bom else b""
        except UnicodeDecodeError as error:
            offset = encoding.bom_bytes + error.start
            raise bad_bytes(self.name, offset, body[error.start : error.end], encoding, "the text") from None


def make_span(
    text: str,
    bounds: tuple[int, int],
    unit: Unit,
    markup: re.Pattern[str],
    tag_of: Callable[[str], Tag | str],
    *,
    decode: Callable[[str], str] = str,
    encode: Callable[[str], str] = str,
    layout: Callable[[str], str] = str,
    finish: Callable[[str], str] = str,
) -> Span | None:
    """Makes a span of the text between two offsets, its markup as codes; None where no text is left.

    Blanks and markup at the edges stay outside, but for tags whose partner is inside. `unit` tells address,
    place and kind. `tag_of` tells what a piece of markup is, or which text stands for it. `decode` turns
    what the file has into text, `encode` back.
    """
    pieces = list(_pieces(text, *bounds, markup))
    tags = [tag_of(raw) if is_markup else decode(raw) for raw, _, is_markup in pieces]
    texts = [at for at, (raw, _, is_markup) in enumerate(pieces) if not is_markup and raw.strip()]
    if not texts:
        return None
    partners = _partners(tags)
    begin, end = _core(texts[0], texts[-1], partners)
    kept = [at for at in range(begin, end + 1) if isinstance(tags[at], Tag)]
    if len(kept) > CODE_LIMIT:
        return None
    number = {at: new for new, at in enumerate(kept)}
    coded = [code_char(number[at]) if at in number else str(tags[at]) for at in range(begin, end + 1)]
    codes = _codes([(tags[at], partners.get(at)) for at in kept], number)
    unit = replace(unit, text="".join(coded).strip(), codes=codes)
    first, last = _inner(pieces[begin])[0], _inner(pieces[end])[1]
    marks = [at for at, tag in enumerate(tags) if isinstance(tag, Tag) and not tag.format_only]
    return Span(
        first,
        last,
        unit,
        originals=tuple(pieces[at][0] for at in kept),
        encode=encode,
        layout=layout,
        finish=finish,
        block=bounds,
        marks=tuple(_bounds(pieces[at]) for at in marks),
        places=tuple(_bounds(pieces[at]) for at in kept),
    )


def plain_span(text: str, bounds: tuple[int, int], unit: Unit) -> Span | None:
    """Makes a span of a text of XML that has no markup in it; None where no text is left."""
    encode = partial(html.escape, quote=False)
    return make_span(text, bounds, unit, _NOTHING, _control, decode=html.unescape, encode=encode)


class Looks:
    """The looks that runs have inside of each other: tells what a switch between two runs is."""

    def __init__(self, first: str) -> None:
        self._open = [first]

    def switch(self, look: str) -> Tag | str:
        """Returns the tag of a switch to a look: one that was there before closes what others opened."""
        if look == self._open[-1]:
            return ""
        if look in self._open:
            name = str(len(self._open))
            del self._open[self._open.index(look) + 1 :]
            return Tag("close", name, "format", format_only=True)
        self._open.append(look)
        return Tag("open", str(len(self._open)), "format", format_only=True)


def _control(raw: str) -> Tag | str:
    return Tag("point", "", "control")


def _by_block(spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """The spans by their blocks, and those whose blocks are in others: attributes in the tags of a block."""
    outer: list[Span] = []
    nested: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.block[0], -span.block[1])):
        (nested if outer and span.block[1] <= outer[-1].block[1] else outer).append(span)
    return outer, nested


def _bounds(piece: tuple[str, int, bool]) -> tuple[int, int]:
    return piece[1], piece[1] + len(piece[0])


def _inner(piece: tuple[str, int, bool]) -> tuple[int, int]:
    """Start and end of a piece without its blanks; markup has all of its own."""
    raw, offset, is_markup = piece
    if is_markup:
        return offset, offset + len(raw)
    return offset + len(raw) - len(raw.lstrip()), offset + len(raw.rstrip())


def join_lines(span: Span) -> Span:
    """Joins the lines of a text that only a screen parted: without a blank where the script has none."""

    def blank(match: re.Match[str]) -> str:
        text, before, after = match.string, match.start() - 1, match.end()
        while before >= 0 and CODE.match(text, before):
            before -= 1
        while after < len(text) and CODE.match(text, after):
            after += 1
        sides = text[max(before, 0) : before + 1], text[after : after + 1]
        return "" if all(map(_WITHOUT_BLANKS.match, sides)) else " "

    return replace(span, unit=replace(span.unit, text=_BREAK.sub(blank, span.unit.text)))


def _pieces(text: str, start: int, end: int, markup: re.Pattern[str]) -> Iterator[tuple[str, int, bool]]:
    """(raw text, offset, is it markup) from start to end; control characters count as markup."""
    pattern = re.compile(f"{markup.pattern}|{_CONTROL}", markup.flags)
    done = start
    for match in pattern.finditer(text, start, end):
        if match.start() > done:
            yield text[done : match.start()], done, False
        if match.end() > match.start():
            yield match[0], match.start(), True
        done = match.end()
    if done < end:
        yield text[done:end], done, False


def _partners(tags: Sequence[Tag | str]) -> dict[int, int]:
    """The tags that open and close the same, both ways."""
    partners: dict[int, int] = {}
    waiting: list[tuple[int, str]] = []
    for at, tag in enumerate(tags):
        if not isinstance(tag, Tag):
            continue
        if tag.kind == "open":
            waiting.append((at, tag.name))
        elif tag.kind == "close" and tag.name in (names := [name for _, name in waiting]):
            back = len(names) - 1 - names[::-1].index(tag.name)
            partners[waiting[back][0]], partners[at] = at, waiting[back][0]
            del waiting[back:]
    return partners


def _core(first: int, last: int, partners: dict[int, int]) -> tuple[int, int]:
    """The pieces from the first text to the last, and tags at the edges whose partners are among them."""
    begin, end = first, last
    while True:
        inner = [at for at, other in partners.items() if begin <= other <= end]
        wider = min([begin, *inner]), max([end, *inner])
        if wider == (begin, end):
            return begin, end
        begin, end = wider


def _codes(tags: Sequence[tuple[Tag | str, int | None]], number: dict[int, int]) -> tuple[Code, ...]:
    """The codes of tags with their partners; one without a partner stands alone."""
    codes = []
    for tag, partner in tags:
        assert isinstance(tag, Tag)
        if partner in number:
            codes.append(Code(tag.kind, tag.label, number[partner], tag.format_only))
        else:
            codes.append(Code("point", tag.label))
    return tuple(codes)


def rendered(span: Span, target: str) -> str:
    """Returns a target as the file has it."""
    parts: list[str] = []
    done = 0
    target = span.layout(target)
    for match in CODE.finditer(target):
        index = code_index(match[0])
        parts.append(span.encode(target[done : match.start()]))
        parts.append(span.originals[index] if index is not None and index < len(span.originals) else "")
        done = match.end()
    return span.finish("".join([*parts, span.encode(target[done:])]))
