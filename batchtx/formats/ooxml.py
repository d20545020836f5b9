"""Office packages whose texts are spans of their parts: untouched parts stay byte for byte.

class Deck(PackageDocument):
    def parts(self, package: Package) -> Iterator[TextPart]: ...
"""

from __future__ import annotations

import io
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from batchtx.errors import DocumentError
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.package import Package, parse_xml
from batchtx.formats.opc.signatures import NOTE, signature_parts, without_signatures
from batchtx.formats.opc.zip_copy import ZipCopy
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.spans import Span
from batchtx.records import Problem, Unit, UnitTarget

_TAG = re.compile(r"<[^>]*>")

Finder = Callable[[str], Iterator[Span]]
"""Finds the spans of a part's XML; their units tell place and kind."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part with text: its name and how its spans are found.

    `finish` changes what else there is to change with them; `neutral` takes out what may come and go with
    other words, so that the rest can be compared. `strict`: the part must be XML without a DTD. `kept`: what
    text in it is that stays, "" where no rule knows.
    """

    name: str
    find: Finder
    finish: Callable[[str], str] = str
    neutral: Callable[[str], str] = str
    strict: bool = True
    kept: str = ""


class PackageDocument(ABC):
    """One package; see `protocols.Document` for the contract.

    Raises:
        DocumentError: no package, a damaged or a hostile one, or none of this kind.
    """

    read_bytes = 0
    kept_parts: tuple[tuple[str, str], ...] = ()
    """Patterns of names of parts that are not read, and why."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.name, self._limits = source.name, limits
        self._notes: list[str] = []
        self._package = Package(source, limits)
        self._texts: list[PartText] = []
        self._problems: list[Problem] = []
        for part in self.parts(self._package):
            try:
                self._texts.append(PartText(self._package, part))
            except DocumentError as error:
                self._problems.append(Problem(part.name, part.name, error.reason))
        self._units = [unit for text in self._texts for unit in text.found]
        self._n_read = 0
        self._written: dict[str, list[str]] = {}

    @abstractmethod
    def parts(self, package: Package) -> Iterator[TextPart]:
        """Finds the parts with text, in the order of reading.

        Raises:
            DocumentError: the package is of another kind.
        """

    @property
    def package(self) -> Package:
        """The package itself."""
        return self._package

    @property
    def texts(self) -> Sequence[PartText]:
        """The parts with text, in the order of reading."""
        return self._texts

    @property
    def problems(self) -> Sequence[Problem]:
        """The parts that cannot be read."""
        return self._problems

    @property
    def notes(self) -> tuple[str, ...]:
        """See `protocols.Document`."""
        return tuple(self._notes)

    def units(self) -> Iterator[Unit | Problem]:
        """See `protocols.Document`."""
        yield from self._problems
        for number, unit in enumerate(self._units, 1):
            yield unit
            self._n_read = number

    def progress(self) -> float:
        """Returns the share that was read."""
        return self._n_read / len(self._units) if self._units else 1.0

    def write(self, targets: Iterable[UnitTarget], output: BinaryIO) -> None:
        """See `protocols.Document`."""
        texts: list[str] = []
        for target in targets:
            if len(texts) == len(self._units) or target.address != self._units[len(texts)].address:
                raise ValueError(f"{self.name}: a target for {target.address}, but no unit waits for one")
            texts.append(target.text)
        if self._n_read < len(self._units):
            raise ValueError(f"{self.name}: write ended before the units were read to their end")
        if len(texts) < len(self._units):
            raise ValueError(f"{self.name}: fewer targets than units")
        changed, dropped = self._changed(texts), frozenset[str]()
        if changed and (dropped := signature_parts(self._package)):
            changed |= without_signatures(self._package, dropped)
            self._notes.append(NOTE)
        archive = ZipCopy(output)
        for info in self._package.entries:
            if info.filename in dropped:
                continue
            if info.filename in changed:
                archive.replace(info, changed[info.filename])
            else:
                archive.copy(info, self._package.raw(info), self._package.true_crc(info))
        archive.close()

    def verify(self, output: Path) -> None:
        """Reads the output again: the same parts, well-formed, with the same units and all between them."""
        written = type(self)._again(self, Source(str(output), path=output))
        if [unit.address for unit in written._units] != [unit.address for unit in self._units]:
            raise DocumentError(self.name, "the output lost a part of its structure; please report this")
        for one, other in zip(self._texts, written._texts, strict=True):
            other.parse_again()
            one.compare(other)
        names = {info.filename for info in self._package.entries} - signature_parts(self._package)
        if names - {info.filename for info in written._package.entries}:
            raise DocumentError(self.name, "the output lost a part of the package; please report this")

    @abstractmethod
    def _again(self, source: Source) -> PackageDocument:
        """Opens what was written."""

    def _changed(self, targets: list[str]) -> dict[str, bytes]:
        """The new content of the parts in which something was translated."""
        changed, at = {}, 0
        for text in self._texts:
            mine = targets[at : at + len(text.found)]
            at += len(text.found)
            if any(unit.text != target for unit, target in zip(text.found, mine, strict=True)):
                changed[text.part.name] = text.render(mine)
        return changed


class PartText(SpanDocument):
    """The text of one part."""

    def __init__(self, package: Package, part: TextPart) -> None:
        self.part = part
        self.kept_outside = part.kept
        content = package.read(part.name)
        if part.strict:
            parse_xml(package.document, part.name, content)
            if b"<![CDATA[" in content:
                reason = "its text is in CDATA sections and stays as it is; save the file again in Office"
                raise DocumentError(package.document, reason, part.name)
        super().__init__(Source(package.document, stream=io.BytesIO(content)))
        self.found = [unit for unit in self._found if isinstance(unit, Unit)]

    def find(self, text: str) -> Iterator[Span | Problem]:
        """See `SpanDocument.find`."""
        for number, span in enumerate(self.part.find(text), 1):
            yield replace(span, unit=replace(span.unit, address=f"{self.part.name}#{number}"))

    def kept_regions(self) -> Iterator[tuple[int, int, str]]:
        """See `SpanDocument.kept_regions`."""
        for match in _TAG.finditer(self._text):
            yield *match.span(), "attributes"

    def parse_again(self) -> None:
        """Raises DocumentError when the part is no well-formed XML."""
        if self.part.strict:
            parse_xml(self.name, self.part.name, self._text.encode())

    def compare(self, written: PartText) -> None:
        """Raises DocumentError when something else than texts differs from what was written."""
        self.check(written)

    def _finished(self, text: str) -> str:
        return self.part.finish(text)

    def _neutral(self, text: str) -> str:
        return self.part.neutral(text)
