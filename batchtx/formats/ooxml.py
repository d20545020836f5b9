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
from typing import IO, BinaryIO

from batchtx.errors import DocumentError
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.package import Package, parse_xml
from batchtx.formats.opc.signatures import NOTE, signature_parts, without_signatures
from batchtx.formats.opc.zip_copy import ZipCopy
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.spans import Span, moved
from batchtx.formats.streamed import DECLARED, StreamedText, Table
from batchtx.records import Problem, Unit, UnitTarget

_TAG = re.compile(r"<[^>]*>")

Content = bytes | IO[bytes]
"""The new content of a part; a file is at its start, and closed by whoever writes it."""

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
        self._texts: list[PartText | StreamedText] = []
        self._problems: list[Problem] = []
        for part in self.parts(self._package):
            try:
                kind = StreamedText if isinstance(part, Table) else PartText
                self._texts.append(kind(self._package, part))  # type: ignore[arg-type]
            except DocumentError as error:
                self._problems.append(Problem(part.name, part.name, error.reason))
        self._n_texts_read = 0

    @abstractmethod
    def parts(self, package: Package) -> Iterator[TextPart | Table]:
        """Finds the parts with text, in the order of reading.

        Raises:
            DocumentError: the package is of another kind.
        """

    @property
    def package(self) -> Package:
        """The package itself."""
        return self._package

    @property
    def read_texts(self) -> Sequence[PartText | StreamedText]:
        """The parts with text, in the order of reading; those of tables as streams."""
        return self._texts

    @property
    def texts(self) -> Sequence[PartText]:
        """The parts with text, in the order of reading, each as a whole."""
        return [
            text if isinstance(text, PartText) else PartText(self._package, _as_part(text.table))
            for text in self._texts
        ]

    @property
    def problems(self) -> Sequence[Problem]:
        """The parts that cannot be read."""
        return self._problems

    @property
    def notes(self) -> tuple[str, ...]:
        """See `protocols.Document`."""
        return tuple(self._notes)

    def units(self) -> Iterator[Unit | Problem]:
        """Implements `protocols.Document`."""
        yield from self._problems
        for text in self._texts:
            yield from text.units()
            self._n_texts_read += 1

    def progress(self) -> float:
        """Returns the share that was read."""
        return self._n_texts_read / len(self._texts) if self._texts else 1.0

    def write(self, targets: Iterable[UnitTarget], output: BinaryIO) -> None:
        """Implements `protocols.Document`."""
        taker = _Taker(self.name, targets, lambda: self._n_texts_read == len(self._texts))
        changed: dict[str, Content] = {}
        try:
            for text in self._texts:
                content = text.render_part(taker.take)
                if content is not None:
                    changed[text.part_name] = content
            taker.finish()
            changed = self._adjusted(changed)
            self._write_package(changed, output)
        finally:
            for content in changed.values():
                if not isinstance(content, bytes):
                    content.close()

    def _adjusted(self, changed: dict[str, Content]) -> dict[str, Content]:
        """What a format changes when all texts are known; the parts that are new by name."""
        return changed

    def _write_package(self, changed: dict[str, Content], output: BinaryIO) -> None:
        dropped = signature_parts(self._package) if changed else frozenset[str]()
        if dropped:
            changed.update(without_signatures(self._package, dropped))
            self._notes.append(NOTE)
        unread = {problem.address for problem in self._problems}
        archive = ZipCopy(output)
        for info in self._package.entries:
            if info.filename in dropped:
                continue
            content = changed.get(info.filename)
            if content is None:
                crc = info.CRC if info.filename in unread else self._package.true_crc(info)
                archive.copy(info, self._package.raw(info), crc)
            elif isinstance(content, bytes):
                archive.replace(info, content)
            else:
                content.seek(0)
                archive.replace_stream(info, content)
        archive.close()

    def verify(self, output: Path) -> None:
        """Reads the output again: the same parts, well-formed, with the same units and all between them."""
        written = type(self)._again(self, Source(str(output), path=output))
        if [text.part_name for text in written._texts] != [text.part_name for text in self._texts]:
            raise DocumentError(self.name, "the output lost a part of its structure; please report this")
        for one, other in zip(self._texts, written._texts, strict=True):
            if isinstance(one, StreamedText) and isinstance(other, StreamedText):
                one.compare(other)
            elif isinstance(one, PartText) and isinstance(other, PartText):
                other.parse_again()
                one.check(other)
        names = {info.filename for info in self._package.entries} - signature_parts(self._package)
        if names - {info.filename for info in written._package.entries}:
            raise DocumentError(self.name, "the output lost a part of the package; please report this")

    @abstractmethod
    def _again(self, source: Source) -> PackageDocument:
        """Opens what was written."""


class _Taker:
    """Takes targets one after the other, and says what is wrong with their number and order."""

    def __init__(self, name: str, targets: Iterable[UnitTarget], is_read: Callable[[], bool]) -> None:
        self._name, self._targets, self._is_read = name, iter(targets), is_read

    def take(self, unit: Unit) -> str:
        """The target of this unit, which is the next one."""
        target = next(self._targets, None)
        if target is None:
            self._check_read()
            raise ValueError(f"{self._name}: fewer targets than units")
        if target.address != unit.address:
            raise self._extra(target)
        return target.text

    def finish(self) -> None:
        """There must be no other target, and no other unit."""
        target = next(self._targets, None)
        if target is not None:
            raise self._extra(target)
        self._check_read()

    def _check_read(self) -> None:
        if not self._is_read():
            raise ValueError(f"{self._name}: write ended before the units were read to their end")

    def _extra(self, target: UnitTarget) -> ValueError:
        return ValueError(f"{self._name}: a target for {target.address}, but no unit waits for one")


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
        self._units = [unit for unit in self._found if isinstance(unit, Unit)]

    @property
    def part_name(self) -> str:
        """The name of the part."""
        return self.part.name

    def units(self) -> Iterator[Unit | Problem]:
        """Yields the units in order."""
        yield from self._units

    def render_part(self, take: Callable[[Unit], str]) -> bytes | None:
        """Returns the new content, None where it is the old one; `take` gives the target of a unit."""
        targets = [take(unit) for unit in self._units]
        same = all(unit.text == target for unit, target in zip(self._units, targets, strict=True))
        return None if same else self.render(targets)

    def find(self, text: str) -> Iterator[Span | Problem]:
        """Implements `SpanDocument.find`."""
        for number, span in enumerate(self.part.find(text), 1):
            yield replace(span, unit=replace(span.unit, address=f"{self.part.name}#{number}"))

    def kept_regions(self) -> Iterator[tuple[int, int, str]]:
        """Implements `SpanDocument.kept_regions`."""
        for match in _TAG.finditer(self._text):
            yield *match.span(), "attributes"

    def parse_again(self) -> None:
        """Raises DocumentError when the part is no well-formed XML."""
        if self.part.strict:
            parse_xml(self.name, self.part.name, self._text.encode())

    def _finished(self, text: str) -> str:
        return self._in_utf8(self.part.finish(text))

    def _in_utf8(self, text: str) -> str:
        return DECLARED.sub(r"\g<1>UTF-8", text, count=1)

    def _neutral(self, text: str) -> str:
        return self.part.neutral(text)


def _as_part(table: Table) -> TextPart:
    """A table as a part that is held as a whole."""

    def find(text: str) -> Iterator[Span]:
        for number, match in enumerate(table.item.finditer(text)):
            for span in table.find(match[0], number):
                yield moved(span, match.start())

    return TextPart(table.name, find, table.finish, table.neutral, strict=False, kept=table.kept)
