"""Text formats of ordinary size whose texts are spans of the file: what lies between them is never touched.

    class Subtitles(SpanDocument):
        def find(self, text: str) -> Iterator[Span | Problem]: ...

A library that parses such a file and writes it again changes it; so spans are found and replaced.
"""

from __future__ import annotations

import codecs
from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain
from pathlib import Path

from batchtx.errors import DocumentError
from batchtx.formats.encodings import bad_bytes, detect, named_encoding
from batchtx.formats.source import Source
from batchtx.formats.spans import Span
from batchtx.formats.whole import WholeDocument
from batchtx.records import Problem, Unit
from batchtx.text.inline_codes import CODE, code_index


class SpanDocument(WholeDocument):
    """A text file with spans; subclasses find them. Written in UTF-8, with the mark that the source had.

    For whoever compares two of them: `two_texts` tells that a source stays beside its translation,
    `kept_inside` and `kept_outside` say what characters are that stay in texts and between them ("" where no
    rule knows).
    """

    two_texts = False
    kept_inside = "marks and attributes"
    kept_outside = ""

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
        """Implements `WholeDocument.parse`."""
        self._text, self._mark = self._decoded(content)
        found = list(self.find(self._text))
        self._spans = [one for one in found if isinstance(one, Span)]
        ends = accumulate((span.end for span in self._spans), max)
        self._inside = [span.start < end for span, end in zip(self._spans, chain((0,), ends), strict=False)]
        self._outer, self._nested = _by_block(self._spans)
        return [one.unit if isinstance(one, Span) else one for one in found]

    def render(self, targets: Sequence[str]) -> bytes:
        """Implements `WholeDocument.render`."""
        if all(span.unit.text == target for span, target in zip(self._spans, targets, strict=True)):
            text = self._text if self._is_utf8 else self._in_utf8(self._text)
            return self._mark + text.encode("utf-8", "surrogatepass")
        spans = list(zip(self._spans, self._inside, targets, strict=True))
        inner = [(span, written_span(span, target)) for span, inside, target in spans if inside]
        parts: list[str] = []
        done = 0
        for span, inside, target in spans:
            if inside:
                continue
            parts.append(self._text[done : span.start])
            if target == span.unit.text:
                parts.append(self._slice(span.start, span.end, inner))
            else:
                places = [self._slice(*bounds, inner) for bounds in span.places]
                originals = tuple(places) or span.originals
                parts.append(written_span(replace(span, originals=originals), target))
            done = span.end
        parts.append(self._text[done:])
        return self._mark + self._finished("".join(parts)).encode("utf-8", "surrogatepass")

    def _slice(self, start: int, end: int, inner: Sequence[tuple[Span, str]]) -> str:
        """A piece of the file with the targets of the spans in it: attributes in the tags of a text."""
        parts: list[str] = []
        first = bisect_left(inner, start, key=_start)
        for span, raw in inner[first : bisect_left(inner, end, first, key=_start)]:
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
        if written.addresses != self.addresses:
            raise DocumentError(self.name, "the output lost a part of its structure; please report this")
        before, after = self.comparable(written)
        if before != after or written.marks() != self.marks():
            raise DocumentError(self.name, "the output differs outside of its texts; please report this")

    @property
    def text(self) -> str:
        """The whole file."""
        return self._text

    @property
    def spans(self) -> Sequence[Span]:
        """All texts, in the order of the file."""
        return self._spans

    @property
    def outer(self) -> Sequence[Span]:
        """The texts that are not inside of others, in order."""
        return self._outer

    @property
    def addresses(self) -> Sequence[str]:
        """The addresses of all texts, in order."""
        return self._addresses

    def said(self) -> Sequence[str]:
        """Returns what stands in the place of each unit: its own text, but where a source stays beside its
        target.
        """
        return [span.unit.text for span in self._spans]

    def lost_codes(self, written: SpanDocument) -> Iterator[tuple[Span, str]]:
        """Yields the codes that a text has, but not its target beside it."""
        yield from ()

    def kept_regions(self) -> Iterator[tuple[int, int, str]]:
        """Yields (start, end, why) of what is not translated on purpose, the first ones before others."""
        yield from ()

    def comparable(self, written: SpanDocument) -> tuple[list[str], list[str]]:
        """Returns what stands between the texts here and there, without what is written in another way on
        purpose.
        """
        after = written._between(self._neutral)
        finished = self._between(lambda text: self._neutral(self._finished(text)))
        if finished == after:
            return finished, after
        as_it_was = self._between(lambda text: self._neutral(text if self._is_utf8 else self._in_utf8(text)))
        return (as_it_was if _n_equal(as_it_was, after) > _n_equal(finished, after) else finished), after

    def _finished(self, text: str) -> str:
        """The whole text as it is written; a format may say in it which language it is in."""
        return text

    def _in_utf8(self, text: str) -> str:
        """The same where nothing was translated: a format may say in it which encoding it is in."""
        return text

    def _neutral(self, text: str) -> str:
        """A text without what may come and go with other words, for comparing."""
        return text

    def _between(self, finish: Callable[[str], str] = str) -> list[str]:
        """The text without its blocks."""
        ends = [0, *(span.block[1] for span in self._outer)]
        starts = [*(span.block[0] for span in self._outer), len(self._text)]
        return [finish(self._text[end:start]) for end, start in zip(ends, starts, strict=True)]

    def marks(self) -> list[list[str]]:
        """Returns the marks of each block, in any order."""
        inner = [(replace(span, start=span.block[0], end=span.block[1]), "") for span in self._nested]
        return [sorted(self._slice(*bounds, inner) for bounds in span.marks) for span in self._outer]

    def _decoded(self, content: bytes) -> tuple[str, bytes]:
        encoding = (
            detect(self.name, content, whole=True)
            if self._wanted is None
            else named_encoding(self._wanted, content)
        )
        body = content[encoding.bom_bytes :]
        self._is_utf8 = encoding.name in ("utf-8", "ascii")
        if encoding.how not in ("valid UTF-8", "plain ASCII"):
            self.notes = (*self.notes, encoding.note())
        try:
            return body.decode(encoding.name), codecs.BOM_UTF8 if encoding.bom else b""
        except UnicodeDecodeError as error:
            offset = encoding.bom_bytes + error.start
            raise bad_bytes(self.name, offset, body[error.start : error.end], encoding, "the text") from None


def _start(one: tuple[Span, str]) -> int:
    return one[0].start


def _n_equal(some: Sequence[str], others: Sequence[str]) -> int:
    return sum(one == other for one, other in zip(some, others, strict=False))


def _by_block(spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """The spans by their blocks, and those whose blocks are in others: attributes in the tags of a block."""
    outer: list[Span] = []
    nested: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.block[0], -span.block[1])):
        (nested if outer and span.block[1] <= outer[-1].block[1] else outer).append(span)
    return outer, nested


def written_span(span: Span, target: str) -> str:
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
