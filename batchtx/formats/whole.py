"""A document that is held as a whole: what formats of ordinary size need besides reading and rendering.

    class Subtitles(WholeDocument):
        def parse(self, content: bytes) -> list[Unit | Problem]: ...
        def render(self, targets: Sequence[str]) -> bytes: ...

Formats whose files grow without bound stream instead (formats/lines.py).
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from batchtx.errors import DocumentError
from batchtx.formats.source import Source
from batchtx.records import Problem, Unit, UnitTarget

HEAVY_BYTES = 32 * 1024 * 1024
"""From this size on a file needs more than a gigabyte of memory."""

logger = logging.getLogger(__name__)


class WholeDocument(ABC):
    """Keeps the contract of `protocols.Document` for a format that says what its units are.

    Raises:
        DocumentError: the source cannot be read, or `parse` refuses it.
    """

    notes: tuple[str, ...] = ()
    read_bytes = 0

    def __init__(self, source: Source) -> None:
        self.name = source.name
        with source.opened() as file:
            content = file.read()
        if len(content) > HEAVY_BYTES:
            size = f"{len(content) / 1e6:,.0f} MB"
            message = f"{self.name}: {size} are held as a whole, in 30 to 45 times as much memory"
            logger.warning("%s", message)
        self._found = list(self.parse(content))
        self._addresses = [one.address for one in self._found if isinstance(one, Unit)]
        self._n_read = 0

    @abstractmethod
    def parse(self, content: bytes) -> Sequence[Unit | Problem]:
        """Reads the units, in order.

        Raises:
            DocumentError: the content is not of this format.
        """

    @abstractmethod
    def render(self, targets: Sequence[str]) -> bytes:
        """Returns the whole document; `targets` has one text for each unit, in order."""

    def units(self) -> Iterator[Unit | Problem]:
        """Implements `protocols.Document`."""
        for number, one in enumerate(self._found, 1):
            yield one
            self._n_read = number

    def write(self, targets: Iterable[UnitTarget], output: BinaryIO) -> None:
        """Implements `protocols.Document`."""
        texts: list[str] = []
        for target in targets:
            if len(texts) == len(self._addresses) or target.address != self._addresses[len(texts)]:
                raise ValueError(f"{self.name}: a target for {target.address}, but no unit waits for one")
            texts.append(target.text)
        if self._n_read < len(self._found):
            raise ValueError(f"{self.name}: write ended before the units were read to their end")
        if len(texts) < len(self._addresses):
            raise ValueError(f"{self.name}: fewer targets than units")
        output.write(self.render(texts))

    def verify(self, output: Path) -> None:
        """Reads the output again: it must have the units of the source, at the same addresses."""
        written = type(self)(Source(str(output), path=output))
        if written._addresses != self._addresses:
            raise DocumentError(self.name, "the output lost a part of its structure; please report this")

    def progress(self) -> float:
        """Returns the share that was read."""
        return self._n_read / len(self._found) if self._found else 1.0
