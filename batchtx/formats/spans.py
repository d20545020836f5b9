"""Spans of a file that hold text, with the markup in them as codes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from batchtx.records import Code, CodeKind, Unit
from batchtx.text.inline_codes import CODE, CODE_LIMIT, code_char

_NOTHING = re.compile(r"(?!)")
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\U000f0000-\U000fffff]"


LINE_BREAK = "\n"
"""What stands for a line end inside of a text, until `join_lines` takes it out."""

_BREAK = re.compile(r"(?<![ \t])[ \t]*\n\s*")
_BLANKS = re.compile("[ \t]{2,}")
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
    but for mere looks. Without `places` the originals stand elsewhere than in [start, end).
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
    texts = [at for at, piece in enumerate(pieces) if _is_text(piece, tags[at])]
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


def moved(span: Span, by: int) -> Span:
    """Returns a span of a piece of a text as one of the whole text."""

    def shifted(bounds: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple((start + by, end + by) for start, end in bounds)

    return replace(
        span,
        start=span.start + by,
        end=span.end + by,
        block=shifted((span.block,))[0],
        marks=shifted(span.marks),
        places=shifted(span.places),
    )


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


def _bounds(piece: tuple[str, int, bool]) -> tuple[int, int]:
    return piece[1], piece[1] + len(piece[0])


def _inner(piece: tuple[str, int, bool]) -> tuple[int, int]:
    """Start and end of a piece without its blanks; markup has all of its own."""
    raw, offset, is_markup = piece
    if is_markup:
        return offset, offset + len(raw)
    return offset + len(raw) - len(raw.lstrip()), offset + len(raw.rstrip())


def join_lines(span: Span) -> Span:
    """Joins the lines of a text that only a screen parted: without a blank where the script has none.

    Several blanks are one, as they show: columns cannot be set with them.
    """

    def blank(match: re.Match[str]) -> str:
        text, before, after = match.string, match.start() - 1, match.end()
        while before >= 0 and CODE.match(text, before):
            before -= 1
        while after < len(text) and CODE.match(text, after):
            after += 1
        sides = text[max(before, 0) : before + 1], text[after : after + 1]
        return "" if all(map(_WITHOUT_BLANKS.match, sides)) else " "

    return replace(span, unit=replace(span.unit, text=_BLANKS.sub(" ", _BREAK.sub(blank, span.unit.text))))


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


def _is_text(piece: tuple[str, int, bool], tag: Tag | str) -> bool:
    """Whether a piece has more than blanks, or stands for that."""
    return isinstance(tag, str) and bool(tag.strip() if piece[2] else piece[0].strip())


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
