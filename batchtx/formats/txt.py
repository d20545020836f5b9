"""Plain text: one paragraph a line, streaming, every byte around the text kept.

A unit is a line without its surrounding white space; columns parted by tabs are units of their own.
With `wrapped` a unit is a paragraph whose lines were wrapped by hand; it is written as one line. Code between
the fences of Markdown (```) is not translated.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from batchtx.formats.encodings import ENCODING, Encoding, bad_bytes, read_encoding
from batchtx.formats.fences import Fenced, code_apart
from batchtx.formats.format import Format
from batchtx.formats.lines import Coded, Line, LineDocument, Pending, protect_controls
from batchtx.formats.options import FormatOptions, Setting
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import Problem, Unit, UnitKind, UnitTarget

_COLUMN = re.compile(r"[^\t]+")
_LINE_ENDS = re.compile(r"\s*[\r\n]\s*")
_SENTENCE_MARK = re.compile(r"[。！？；，….!?;,][”’」』）)\"']*$")
_LIST_START = re.compile(
    r"(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）、．.]"
    r"|第[0-9〇零一二三四五六七八九十百千]+[章节条款]|[-*•·●○■□◆①-⑳#>|])"
)
_INDENT = re.compile(r"\t|  |\u3000")
_HEADING_CHARS = 30
_MAX_PARAGRAPH_BYTES = 256 * 1024
"""A "paragraph" of more wrapped lines than this is cut: memory stays constant whatever comes."""


@dataclass(frozen=True, slots=True)
class TxtOptions(FormatOptions):
    """`encoding` overrides detection; `wrapped` joins hard-wrapped paragraphs."""

    encoding: str | None = None
    wrapped: bool = False


def read_options(values: Mapping[str, Any]) -> TxtOptions:
    """Reads the options from the values of the settings. Raises ConfigError for an unknown encoding."""
    return TxtOptions(read_encoding(values), values.get("txt") == "wrapped")


FORMAT = Format(
    name="txt",
    extensions=(".txt", ".text"),
    opener="batchtx.formats.txt:open_document",
    default=TxtOptions(),
    settings=(
        ENCODING,
        Setting(
            "txt",
            "TXT: a paragraph a line, or hard-wrapped.",
            choices=("lines", "wrapped"),
            default="lines",
        ),
    ),
    read=read_options,
    audit="batchtx.formats.line_audit:audit_lines",
)


def open_document(source: Source, options: TxtOptions, pair: LanguagePair) -> Document:
    """Returns a text document. Raises DocumentError when it cannot be read, ConfigError for the encoding."""
    return TextDocument(source, options)


class TextDocument(LineDocument):
    """One text file or stream; see `Document` for the contract."""

    def __init__(self, source: Source, options: TxtOptions) -> None:
        super().__init__(source, options.encoding)
        self._wrapped = options.wrapped

    def units(self) -> Iterator[Unit | Problem]:
        lines = self._input.lines()
        first = next(lines, None)
        encoding = self._input.encoding or Encoding("utf-8", "plain ASCII")
        if encoding.bom:
            self._outbox.add_ready(codecs.BOM_UTF8)
        if first is None:
            return
        apart = code_apart(chain((first,), lines))
        for group in _paragraphs(apart) if self._wrapped else apart:
            if isinstance(group, Line):
                group = [group]
            self._n_lines += len(group)
            texts = [self._decode(line, encoding) for line in group]
            if isinstance(group, tuple):
                self._outbox.add_ready(b"".join(line.content + line.end for line in group))
            else:
                yield from self._units_of(group, texts)

    def _verify_line(self, line: Line) -> None:
        line.content.decode("utf-8")

    def _verify_count(self, n_lines: int) -> None:
        if not self._wrapped:  # then units are not lines
            super()._verify_count(n_lines)

    def _decode(self, line: Line, encoding: Encoding) -> str:
        try:
            return line.content.decode("utf-8")
        except UnicodeDecodeError as error:
            offset = encoding.bom_bytes + line.offset + error.start
            wrong = line.content[error.start : error.end]
            raise bad_bytes(self._name, offset, wrong, encoding, f"line {line.number}") from None

    def _units_of(self, group: list[Line], texts: list[str]) -> Iterator[Unit | Problem]:
        raw = b"".join(line.content + line.end for line in group)
        address = f"line {group[0].number}"
        coded = protect_controls(_joined(texts))
        if coded is None:
            self._outbox.add_ready(raw)
            yield Problem(address, address, "too many control characters; the line is kept as it is")
            return
        spans = list(columns(coded.text))
        if not spans:
            self._outbox.add_ready(raw)
            return
        self._outbox.add(_Paragraph(raw, coded, spans, group[-1].end))
        place = address if len(group) == 1 else f"lines {group[0].number}-{group[-1].number}"
        yield from _units(coded, spans, address, place)


class _Paragraph(Pending):
    """A paragraph that waits for the targets of its columns."""

    def __init__(self, raw: bytes, coded: Coded, spans: list[tuple[int, int]], end: bytes) -> None:
        self._raw = raw
        self._coded = coded
        self._spans = spans
        self._end = end
        self._targets: list[str] = []
        self.missing = len(spans)

    def fill(self, target: UnitTarget) -> None:
        self._targets.append(target.text)
        self.missing -= 1

    def finish(self) -> bytes:
        text = self._coded.text
        if all(
            text[start:end] == target for (start, end), target in zip(self._spans, self._targets, strict=True)
        ):
            return self._raw
        pieces: list[str] = []
        done = 0
        for (start, end), target in zip(self._spans, self._targets, strict=True):
            pieces += (text[done:start], _LINE_ENDS.sub(" ", target))
            done = end
        pieces.append(text[done:])
        return self._coded.restore("".join(pieces)).encode("utf-8") + self._end


def _units(coded: Coded, spans: list[tuple[int, int]], address: str, place: str) -> Iterator[Unit]:
    for number, (start, end) in enumerate(spans, 1):
        text = coded.text[start:end]
        column = f", column {number}" if len(spans) > 1 else ""
        kind: UnitKind = "cell" if column else _kind(text)
        yield Unit(address + column, place + column, text, kind, coded.codes)


def columns(text: str) -> Iterator[tuple[int, int]]:
    """Starts and end of each column that holds more than white space and codes."""
    for match in _COLUMN.finditer(text):
        column = match[0]
        start = match.start() + len(column) - len(column.lstrip())
        end = match.end() - len(column) + len(column.rstrip())
        if any(char.isalnum() for char in text[start:end]):
            yield start, end


def _kind(text: str) -> UnitKind:
    """A short line without a mark of a sentence or clause at its end is taken for a heading."""
    short = len(text) <= _HEADING_CHARS and not _SENTENCE_MARK.search(text)
    return "heading" if short else "text"


def _paragraphs(lines: Iterable[Line | Fenced]) -> Iterator[list[Line] | Fenced]:
    """Group wrapped lines. A new paragraph starts after a blank line, at an indent, at a list mark."""
    group: list[Line] = []
    size_bytes = 0
    for line in lines:
        if isinstance(line, tuple):
            if group:
                yield group
                group, size_bytes = [], 0
            yield line
            continue
        text = line.content[:64].decode("utf-8", "replace")
        blank = not line.content.strip() or not text.strip()
        starts = blank or _INDENT.match(text) or _LIST_START.match(text)
        if group and (starts or size_bytes > _MAX_PARAGRAPH_BYTES):
            yield group
            group, size_bytes = [], 0
        if blank:
            yield [line]
            continue
        group.append(line)
        size_bytes += len(line.content)
    if group:
        yield group


def _joined(texts: list[str]) -> str:
    """The lines as one: with a space only between two characters of Latin text."""
    if len(texts) == 1:
        return texts[0]
    joined = [texts[0].rstrip()]
    for text in texts[1:]:
        text = text.strip()
        latin = joined[-1][-1:].isascii() and text[:1].isascii() and joined[-1] and text
        joined.append(" " + text if latin else text)
    return "".join(joined)
