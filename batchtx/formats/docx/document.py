"""A DOCX document: units out, targets in, everything else kept byte for byte."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipInfo

from batchtx.errors import DocumentError
from batchtx.formats.audit import PartCoverage, coverage_notes
from batchtx.formats.docx.alt_chunks import AltChunk
from batchtx.formats.docx.check.coverage import whole_part
from batchtx.formats.docx.check.unreached import first_text
from batchtx.formats.docx.check.verify import NO_PARAGRAPHS, verify_package
from batchtx.formats.docx.options import DocxOptions, without_english_layout
from batchtx.formats.docx.read.locations import style_kinds
from batchtx.formats.docx.read.text_parts import (
    KEPT_CHUNK,
    SHOWN,
    StoryPart,
    embedded_parts,
    text_parts,
    unread_parts,
)
from batchtx.formats.docx.story import Story
from batchtx.formats.docx.write.adjust_parts import (
    adjust_list_numbers,
    adjust_settings,
    adjust_styles,
    settings_notes,
)
from batchtx.formats.docx.write.fit_tables import justified_styles
from batchtx.formats.opc.names import Element
from batchtx.formats.opc.package import Package, serialized
from batchtx.formats.opc.signatures import NOTE, signature_parts, without_signatures
from batchtx.formats.opc.zip_copy import ZipCopy
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import Problem, Unit, UnitKind, UnitTarget

_NO_TEXT = frozenset(["numbering", "styles", "settings", "glossary"])


def open_document(source: Source, options: DocxOptions, pair: LanguagePair) -> Document:
    """Returns a DOCX document. Raises DocumentError when it is none, is protected, damaged or unsafe."""
    return DocxDocument(source, options, pair)


class DocxDocument:
    """One .docx, .docm, .dotx or .dotm; see `Document` for the contract.

    A part's XML is held only while its targets come in.
    """

    def __init__(self, source: Source, options: DocxOptions, pair: LanguagePair) -> None:
        self._options = options if pair.english_layout else without_english_layout(options)
        self._pair = pair
        self._name = source.name
        self._package = Package(source, options.limits)
        try:
            self._parts, notes = text_parts(self._package)
        except DocumentError:
            self._package.close()
            raise
        self._notes = dict.fromkeys(notes)
        self._stories: deque[Story | AltChunk] = deque()
        self._missing: deque[int] = deque()
        self._changed: dict[str, bytes] = {}
        self._coverage: list[PartCoverage] = []
        self.unreached: Counter[str] = Counter()
        """Characters of the source language by part that no rule reached; complete after `units`."""
        self._justified: frozenset[str] = frozenset()
        self._n_read = 0
        self._share = 0.0
        self._translated = False
        self._expected: dict[str, int] = {}
        self._dropped: frozenset[str] = frozenset()

    @property
    def notes(self) -> tuple[str, ...]:
        """See `Document`; the coverage of the document stands among them once its units are read."""
        coverage = coverage_notes(self._coverage) if self._n_read == len(self._parts) else ()
        return (*self._notes, *coverage)

    @property
    def coverage(self) -> tuple[PartCoverage, ...]:
        """How much of each part's text went to translation and why the rest stays; complete after `units`."""
        return tuple(self._coverage)

    @property
    def embedded(self) -> dict[str, str]:
        """Parts that are no Word text and stay as they are, with the reason."""
        return embedded_parts(self._package, self._parts)

    @property
    def read_bytes(self) -> int:
        return 0

    def progress(self) -> float:
        sizes = [self._package.size_bytes(part.name) for part in self._parts]
        current = sizes[self._n_read] if self._n_read < len(sizes) else 0
        return (sum(sizes[: self._n_read]) + current * self._share) / max(1, sum(sizes))

    def units(self) -> Iterator[Unit | Problem]:
        styles = self._style_kinds()
        self._justified = justified_styles(self._parsed("styles"))
        for part in self._parts:
            if part.story == "embedded":
                yield from self._units_of(self._chunk(part))
                self._n_read += 1
                continue
            keep = part.story in _NO_TEXT
            if part.story == "comments" and self._options.comments == "keep":
                keep = True
            if not keep:
                yield from self._story_units(part, styles)
            elif part.story in ("comments", "glossary"):
                self._count_whole(part)
            self._n_read += 1
            self._share = 0.0
        yield from self._unreached_parts()

    def _unreached_parts(self) -> Iterator[Problem]:
        """Files inside the document that nothing here translates, and parts of unknown kinds with text."""
        for part, reason in self.embedded.items():
            if reason in SHOWN:
                yield Problem(part, part, reason)
        for part in unread_parts(self._package, self._parts):
            text = first_text(self._package, part, self._pair)
            if text:
                yield Problem(part, part, f"a part of a kind that is not read stays as it is: “{text[:40]}”")

    def write(self, targets: Iterable[UnitTarget], output: BinaryIO) -> None:
        for target in targets:
            self._put(target)
        if self._n_read < len(self._parts):
            raise ValueError(f"{self._name}: write ended before the units were read to their end")
        if self._stories:
            raise ValueError(f"{self._name}: fewer targets than units")
        if self._changed:
            self._unsign()
        if self._translated:
            self._adjust_parts()
        archive = ZipCopy(output)
        for info in self._package.entries:
            if info.filename in self._dropped:
                continue
            content = self._changed.get(info.filename)
            if content is None:
                archive.copy(info, self._package.raw(info), self._crc(info))
            else:
                archive.replace(info, content)
        archive.close()

    def _crc(self, info: ZipInfo) -> int:
        """The entry's checksum, put right where it is wrong."""
        crc = self._package.true_crc(info)
        if crc != info.CRC:
            self._notes[f"{info.filename} had a wrong checksum, which was put right"] = None
        return crc

    def verify(self, output: Path) -> None:
        """Verifies that the package opens, has the parts of the original, and its parts the same
        paragraphs.
        """
        embedded = {part.name for part in self._parts if part.story == "embedded"}
        expected = {part: self._expected.get(part) for part in self._changed}
        expected.update(dict.fromkeys(embedded & expected.keys(), NO_PARAGRAPHS))
        verify_package(self._package, output, expected, self._dropped, self._options.limits)

    def _story_units(self, part: StoryPart, styles: dict[str, UnitKind]) -> Iterator[Unit | Problem]:
        try:
            root = self._package.parse(part.name)
        except DocumentError as error:
            if part.story == "body":
                raise
            yield Problem(part.name, f"{part.story} {part.number}", error.reason)
            return
        yield from self._units_of(
            Story(self._name, part, root, self._options, self._pair, styles, self._justified)
        )

    def _chunk(self, part: StoryPart) -> AltChunk:
        content = self._package.read(part.name)
        return AltChunk(self._name, part, content, self._options, self._pair, open_document)

    def _units_of(self, story: Story | AltChunk) -> Iterator[Unit | Problem]:
        self._notes.update(dict.fromkeys(story.notes))
        if story.part.story != "embedded":
            self._coverage.append(story.coverage)
        elif story.units:
            self._coverage.append(story.coverage)
            self._notes.pop(KEPT_CHUNK, None)
        self.unreached[story.part.name] += story.n_unreached
        self._stories.append(story)
        self._missing.append(len(story.units))
        if not story.units:
            self._finish_empty()
        for number, unit in enumerate(story.units):
            self._share = number / len(story.units)
            yield unit
        yield from story.problems

    def _count_whole(self, part: StoryPart) -> None:
        try:
            self._coverage.append(whole_part(part, self._package.parse(part.name)))
        except DocumentError as error:
            self._notes[f"{part.name} cannot be read and stays as it is: {error.reason}"] = None

    def _put(self, target: UnitTarget) -> None:
        if not self._stories:
            raise ValueError(f"{self._name}: a target for {target.address}, but no unit waits for one")
        self._stories[0].put(target)
        self._missing[0] -= 1
        self._finish_empty()

    def _finish_empty(self) -> None:
        """Take the XML of the stories at the front that wait for nothing more, and let them go."""
        while self._missing and self._missing[0] == 0:
            self._missing.popleft()
            story = self._stories.popleft()
            content = story.finish(translated=self._translated)
            if content is not None:
                self._changed[story.part.name] = content
                if story.n_paragraphs:
                    self._expected[story.part.name] = story.n_paragraphs
                self._translated |= story.translated

    def _unsign(self) -> None:
        """Take out a signature that the changes make invalid."""
        self._dropped = signature_parts(self._package)
        if self._dropped:
            self._changed.update(without_signatures(self._package, self._dropped))
            self._notes[NOTE] = None

    def _adjust_parts(self) -> None:
        """Make the parts around the text English; a damaged one stays as it is."""
        adjusters = {
            "styles": adjust_styles,
            "settings": adjust_settings,
            "numbering": adjust_list_numbers,
        }
        for part in self._parts:
            adjust = adjusters.get(part.story)
            root = None if adjust is None else self._parsed(part.story)
            if adjust is None or root is None:
                continue
            if part.story == "settings":
                self._notes.update(dict.fromkeys(settings_notes(root)))
            if adjust(root, self._options, self._pair):
                self._changed[part.name] = serialized(root)

    def _style_kinds(self) -> dict[str, UnitKind]:
        return style_kinds(self._parsed("styles"))

    def _parsed(self, story: str) -> Element | None:
        """The root of the only part of a kind (styles, settings, numbering), None when absent or bad."""
        for part in self._parts:
            if part.story == story:
                try:
                    return self._package.parse(part.name)
                except DocumentError as error:
                    self._notes[f"{part.name} cannot be read and stays as it is: {error.reason}"] = None
                    return None
        return None
