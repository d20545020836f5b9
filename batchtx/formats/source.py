"""What a document is opened from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from batchtx.errors import DocumentError

MIB = 1024 * 1024
CHUNK_BYTES = 256 * 1024
"""Bytes read at once from a line format, and the most that detection looks at."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document is read from: a path, or a stream that is read once from its start.

    `name` is what reports and errors show. Exactly one of `path` and `stream` is given. `fault` says why it
    cannot be read, where that is known already.
    """

    name: str
    path: Path | None = None
    stream: BinaryIO | None = None
    fault: str = ""

    def __post_init__(self) -> None:
        if (self.path is None) == (self.stream is None):
            raise ValueError("a Source has either a path or a stream")

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Yields the bytes, from the start; a stream is not closed. Raises DocumentError when unreadable."""
        if self.stream is not None:
            yield self.stream
            return
        with self.open() as file:
            yield file

    def open(self) -> BinaryIO:
        """Returns the file, for the caller to close. Raises DocumentError when unreadable."""
        assert self.path is not None
        if self.fault:
            raise DocumentError(self.name, self.fault)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise DocumentError(self.name, f"cannot be read: {error.strerror or error}") from error

    def size_bytes(self) -> int | None:
        """Returns the size of the file; None for a stream."""
        return None if self.path is None else self.path.stat().st_size
