"""A translated document against its original: what was lost, what was translated, what stays and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from batchtx.errors import DocumentError
from batchtx.formats.audit import Audit, Difference, PartCoverage, most_left
from batchtx.formats.docx.check.compare import compare_documents
from batchtx.formats.docx.check.unreached import count_all_text
from batchtx.formats.docx.document import DocxDocument
from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.opc.package import Package
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.records import Problem
from batchtx.text.inline_codes import without_codes


def audit_documents(original: Path, translated: Path, options: DocxOptions, pair: LanguagePair) -> Audit:
    """Compares one pair of files; a file that cannot be read is told in `error`."""
    names = str(original), str(translated)
    if not translated.is_file():
        return Audit(*names, error="there is no translation")
    try:
        differences = compare_documents(original, translated, options.limits, pair)
        before = DocxDocument(Source(names[0], original), options, pair)
        unread = [unit for unit in before.units() if isinstance(unit, Problem)]
        left, places = _left(translated, options, pair)
        return Audit(
            *names,
            differences=(*differences, *_uncounted(original, before.coverage, options, pair)),
            coverage=before.coverage,
            left=tuple(left.items()),
            embedded=tuple(before.embedded.items()),
            unread=tuple((problem.address, problem.message) for problem in unread),
            places=most_left(places),
        )
    except DocumentError as error:
        return Audit(*names, error=str(error))


def _left(
    translated: Path, options: DocxOptions, pair: LanguagePair
) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """Characters of the source language that are left, by part and by place."""
    left: Counter[str] = Counter()
    places: list[tuple[str, int]] = []
    document = DocxDocument(Source(str(translated), translated), options, pair)
    for unit in document.units():
        count = 0 if isinstance(unit, Problem) else pair.count_source(without_codes(unit.text))
        if count:
            left[unit.address.partition("#")[0]] += count
            places.append((unit.place, count))
    left.update(document.unreached)
    return {part: count for part, count in left.items() if count}, places


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
