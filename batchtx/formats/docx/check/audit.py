"""A translated document against its original: what was lost, what was translated, what stays and why."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from batchtx.errors import ConfigError, DocumentError
from batchtx.formats import is_lock_file
from batchtx.formats.docx import FORMAT
from batchtx.formats.docx.check.compare import Difference, compare_documents
from batchtx.formats.docx.check.coverage import PartCoverage
from batchtx.formats.docx.check.unreached import count_all_text
from batchtx.formats.docx.document import DocxDocument
from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.opc.package import Package
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.records import Problem
from batchtx.text.inline_codes import without_codes


@dataclass(frozen=True, slots=True)
class Audit:
    """The outcome for one pair of files.

    `coverage` counts the original; `left` has the characters of the source language, by part, that still
    stand in the translation where text is translated (names and quotations may, on purpose). `embedded` names
    parts that are no Word text, `unread` parts that are damaged. With `error` nothing was compared.
    """

    original: str
    translated: str
    differences: tuple[Difference, ...] = ()
    coverage: tuple[PartCoverage, ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    embedded: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    error: str = ""

    @property
    def n_left(self) -> int:
        """Characters of the source language left in all parts."""
        return sum(count for _, count in self.left)

    @property
    def sound(self) -> bool:
        """Nothing was lost or changed that should not."""
        return not self.error and not self.differences


def audit_documents(original: Path, translated: Path, options: DocxOptions, pair: LanguagePair) -> Audit:
    """Compares one pair of files; a file that cannot be read is told in `error`."""
    names = str(original), str(translated)
    if not translated.is_file():
        return Audit(*names, error="there is no translation")
    try:
        differences = compare_documents(original, translated, options.limits, pair)
        before = DocxDocument(Source(names[0], original), options, pair)
        unread = [unit for unit in before.units() if isinstance(unit, Problem)]
        return Audit(
            *names,
            differences=(*differences, *_uncounted(original, before.coverage, options, pair)),
            coverage=before.coverage,
            left=tuple(_left(translated, options, pair).items()),
            embedded=tuple(before.embedded.items()),
            unread=tuple((problem.address, problem.message) for problem in unread),
        )
    except DocumentError as error:
        return Audit(*names, error=str(error))


def document_pairs(original: Path, translated: Path) -> list[tuple[Path, Path]]:
    """Returns two files, or the DOCX files of a folder each with the one of the same place in the other.

    Raises:
        ConfigError: one of them is missing, or one is a file and the other a folder.
    """
    for path in (original, translated):
        if not path.exists():
            raise ConfigError(f"{path}: no such file or folder")
    if original.is_dir() != translated.is_dir():
        raise ConfigError(f"{original} and {translated}: give two files or two folders")
    if not original.is_dir():
        if not _is_docx(original):
            raise ConfigError(f"{original}: not a DOCX document, and only those have a structure to verify")
        return [(original, translated)]
    return [(path, translated / path.relative_to(original)) for path in _documents(original)]


def _documents(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            if _is_docx(Path(file)) and not is_lock_file(file) and not file.startswith("."):
                yield Path(root) / file


def _left(translated: Path, options: DocxOptions, pair: LanguagePair) -> dict[str, int]:
    left: Counter[str] = Counter()
    document = DocxDocument(Source(str(translated), translated), options, pair)
    for unit in document.units():
        count = 0 if isinstance(unit, Problem) else pair.count_source(without_codes(unit.text))
        if count:
            left[unit.address.partition("#")[0]] += count
    left.update(document.unreached)
    return {part: count for part, count in left.items() if count}


def _uncounted(
    original: Path, coverage: Sequence[PartCoverage], options: DocxOptions, pair: LanguagePair
) -> Iterator[Difference]:
    """Text of the original that the coverage knows nothing of, counted over the bare XML."""
    package = Package(Source(str(original), original), options.limits)
    try:
        for part in coverage:
            if part.story not in ("embedded", "properties"):
                count = count_all_text(package.parse(part.part), pair) - part.n_found
                if count > 0:
                    message = (
                        f"{count} characters of the original are neither translated nor kept for a reason"
                    )
                    yield Difference(part.part, "", message)
    finally:
        package.close()


def _is_docx(path: Path) -> bool:
    return path.suffix.lower() in FORMAT.extensions
