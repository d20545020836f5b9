"""What the line formats share: reading lines of any length with constant memory, and streaming back.

Only LF, CRLF and CR end a line: `str.splitlines` would also cut at U+2028, NEL and form feeds.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from batchtx.errors import DocumentError
from batchtx.formats.encodings import Encoding, detect, enough, named_encoding, to_utf8
from batchtx.formats.source import CHUNK_BYTES, Source
from batchtx.records import Code, UnitTarget
from batchtx.text.inline_codes import CODE_LIMIT, code_char, code_index

_CONTROLS = re.compile(
    r"(?:\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\U000f0000-\U000fffff])+"
)
_CODES = re.compile("[\U000f0000-\U000fffff]")
_KEEP_READY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line in UTF-8, its end (b"", b"\\n", b"\\r\\n" or b"\\r"), number from 1, byte offset in UTF-8."""

    content: bytes
    end: bytes
    number: int
    offset: int


class Input:
    """The lines of a source, read once; knows the encoding after the first line, and the progress."""

    def __init__(self, source: Source, encoding: str | None) -> None:
        self._source = source
        self._wanted = encoding
        self.read_bytes = 0
        self.encoding: Encoding | None = None
        self.finished = False
        if source.path is not None:
            source.open().close()
        self._size_bytes = source.size_bytes()

    def progress(self) -> float:
        """Returns the share of the bytes read; a stream tells only 0 and 1."""
        if self.finished:
            return 1.0
        return min(1.0, self.read_bytes / self._size_bytes) if self._size_bytes else 0.0

    def lines(self) -> Iterator[Line]:
        """Yields the lines, in order. Raises DocumentError at bytes that do not fit the encoding."""
        with self._source.opened() as stream:
            yield from split_lines(self._utf8(self._chunks(stream)))
        self.finished = True

    def notes(self) -> tuple[str, ...]:
        if self.encoding is None or self.encoding.how in ("valid UTF-8", "plain ASCII"):
            return ()
        return (self.encoding.note(),)

    def _chunks(self, stream: BinaryIO) -> Iterator[bytes]:
        read = getattr(stream, "read1", stream.read)  # read1: what a pipe has now, not a full buffer
        while chunk := read(CHUNK_BYTES):
            self.read_bytes += len(chunk)
            yield chunk

    def _utf8(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """ASCII passes until the first chunk that says more about the encoding."""
        passed = 0
        for chunk in chunks:
            plain = passed or not chunk.startswith((b"\xff\xfe", b"\xfe\xff"))
            if plain and self._wanted is None and chunk.isascii() and b"\0" not in chunk:
                passed += len(chunk)
                if passed == len(chunk):
                    detect(self._source.name, chunk, whole=False)
                yield chunk
                continue
            yield from self._detected(chunk, chunks, first=not passed)
            return
        self.encoding = self.encoding or Encoding("utf-8", "plain ASCII")

    def _detected(self, chunk: bytes, rest: Iterator[bytes], *, first: bool) -> Iterator[bytes]:
        head, whole = chunk, False
        while len(head) < CHUNK_BYTES and not whole and not enough(head):
            more = next(rest, b"")
            whole = not more
            head += more
        name = self._source.name
        if self._wanted is None:
            self.encoding = detect(name, head, whole=whole)
        else:
            self.encoding = named_encoding(self._wanted, head if first else b"")
        body = head[self.encoding.bom_bytes :]

        def chunks() -> Iterator[bytes]:
            yield body
            yield from rest

        yield from to_utf8(name, chunks(), self.encoding)


def split_lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    """Parts UTF-8 chunks into lines; a line end may be cut by a chunk's border, a line may span many
    chunks.
    """
    waiting: list[bytes] = []
    held = b""
    number, offset = 1, 0
    for chunk in chain(chunks, (b"",)):
        last = not chunk
        chunk = held + chunk
        held = b"\r" if chunk.endswith(b"\r") and not last else b""
        for piece in chunk[: len(chunk) - len(held)].splitlines(keepends=True):
            waiting.append(piece)
            if piece.endswith((b"\n", b"\r")):
                raw = b"".join(waiting)
                yield _line(raw, number, offset)
                waiting.clear()
                number += 1
                offset += len(raw)
    if waiting:
        yield _line(b"".join(waiting), number, offset)


def _line(raw: bytes, number: int, offset: int) -> Line:
    end = b"\r\n" if raw.endswith(b"\r\n") else raw[-1:] if raw.endswith((b"\n", b"\r")) else b""
    return Line(raw[: len(raw) - len(end)], end, number, offset)


@dataclass(frozen=True, slots=True)
class Coded:
    """A text whose control characters became codes; `originals[n]` is what code n stands for."""

    text: str
    codes: tuple[Code, ...]
    originals: tuple[str, ...]

    def restore(self, target: str) -> str:
        """Puts the originals back in place of the codes."""
        if not self.originals:
            return target
        return _CODES.sub(lambda match: self._original(match[0]), target)

    def _original(self, char: str) -> str:
        index = code_index(char)
        return self.originals[index] if index is not None and index < len(self.originals) else ""


def protect_controls(text: str) -> Coded | None:
    """Puts codes for control characters, ANSI sequences and the characters that stand for codes.

    None when there are more than a unit can hold.
    """
    originals = _CONTROLS.findall(text)
    if not originals:
        return Coded(text, (), ())
    if len(originals) > CODE_LIMIT:
        return None
    numbers = count()
    coded = _CONTROLS.sub(lambda match: code_char(next(numbers)), text)
    return Coded(coded, (Code("point", "control"),) * len(originals), tuple(originals))


class Pending:
    """A piece of output that waits for `missing` targets; subclasses turn them into bytes."""

    missing: int

    def fill(self, target: UnitTarget) -> None:
        """Takes the next target of this piece."""
        raise NotImplementedError

    def finish(self) -> bytes:
        """Returns the bytes, once nothing is missing."""
        raise NotImplementedError


class Outbox:
    """Pieces of output in document order: bytes that are ready, and pieces that wait for targets.

    The reader appends, the writer fills; ready bytes leave as soon as nothing before them waits, so
    that neither grows with the document.
    """

    def __init__(self, document: str) -> None:
        self._document = document
        self._pieces: deque[bytes | Pending] = deque()
        self._ready_bytes = 0
        self._output: BinaryIO | None = None
        self._lock = Lock()

    def add_ready(self, content: bytes) -> None:
        """Appends bytes that need no target."""
        self._pieces.append(content)
        self._ready_bytes += len(content)
        if self._ready_bytes > _KEEP_READY_BYTES:
            self._flush()

    def add(self, piece: Pending) -> None:
        """Appends a piece that waits for targets; before its units are given away."""
        self._pieces.append(piece)

    def start(self, output: BinaryIO) -> None:
        self._output = output

    def put(self, target: UnitTarget) -> None:
        """Gives the next target to the oldest piece that waits. Raises ValueError when none does."""
        self._flush()
        piece = self._pieces[0] if self._pieces else None
        if not isinstance(piece, Pending):
            raise ValueError(f"{self._document}: a target for {target.address}, but no unit waits for one")
        piece.fill(target)
        if not piece.missing:
            self._flush()

    def close(self) -> None:
        """Writes what is left. Raises ValueError when a unit got no target."""
        self._flush()
        if self._pieces:
            raise ValueError(f"{self._document}: fewer targets than units")

    def _flush(self) -> None:
        if self._output is None:
            return
        with self._lock:
            while self._pieces:
                piece = self._pieces[0]
                if isinstance(piece, Pending):
                    if piece.missing:
                        break
                    self._output.write(piece.finish())
                else:
                    self._output.write(piece)
                self._pieces.popleft()
            self._ready_bytes = 0


class LineDocument:
    """What documents made of lines share: reading ahead, writing behind, counting lines."""

    def __init__(self, source: Source, encoding: str | None) -> None:
        self._name = source.name
        self._input = Input(source, encoding)
        self._outbox = Outbox(source.name)
        self._n_lines = 0

    @property
    def notes(self) -> tuple[str, ...]:
        return self._input.notes()

    @property
    def read_bytes(self) -> int:
        return self._input.read_bytes

    def progress(self) -> float:
        return self._input.progress()

    def write(self, targets: Iterable[UnitTarget], output: BinaryIO) -> None:
        self._outbox.start(output)
        for target in targets:
            self._outbox.put(target)
        if not self._input.finished:
            raise ValueError(f"{self._name}: write ended before the units were read to their end")
        self._outbox.close()

    def verify(self, output: Path) -> None:
        """Verifies that the output has as many lines as the input; a byte order mark is no line."""
        n_lines = 0
        with output.open("rb") as file:
            if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
                file.seek(0)
            for line in split_lines(iter(lambda: file.read(CHUNK_BYTES), b"")):
                self._verify_line(line)
                n_lines += 1
        self._verify_count(n_lines)

    def _verify_line(self, line: Line) -> None:
        """What a format asks of each line of its output."""

    def _verify_count(self, n_lines: int) -> None:
        if n_lines != self._n_lines:
            raise DocumentError(self._name, f"the output has {n_lines} lines instead of {self._n_lines}")
