"""A translated package (PPTX, XLSX, EPUB) against its original, part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from batchtx.errors import DocumentError
from batchtx.formats import format_of, open_document
from batchtx.formats.audit import Audit, Difference, most_left
from batchtx.formats.coverage import XML_NAMES, package_coverage
from batchtx.formats.ooxml import PackageDocument
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.signatures import signature_parts
from batchtx.formats.options import FormatChoices, FormatOptions
from batchtx.formats.part_differences import part_differences
from batchtx.formats.source import Source
from batchtx.formats.span_audit import left_texts, span_differences
from batchtx.language.pair import LanguagePair

_EMBEDDED = re.compile(r"/(?:embeddings|externalLinks)/|\.(?:docx|xlsx|pptx|bin|ole)\Z")


def audit_package(original: Path, translated: Path, options: FormatOptions, pair: LanguagePair) -> Audit:
    """Compares two packages. Raises DocumentError when one cannot be read."""
    before, after = (_opened(path, original.name, options, pair) for path in (original, translated))
    left, places = dict[str, int](), list[tuple[str, int]]()
    for text in after.texts:
        found = list(left_texts(text, pair))
        places += found
        if found:
            left[text.part.name] = sum(count for _, count in found)
    return Audit(
        str(original),
        str(translated),
        differences=tuple(_differences(before, after, pair)),
        coverage=tuple(package_coverage(before, pair)),
        left=tuple(left.items()),
        embedded=tuple(
            (info.filename, "embedded, not translated")
            for info in before.package.entries
            if _EMBEDDED.search(info.filename) and not info.filename.endswith(".rels")
        ),
        unread=tuple((one.address, one.message) for one in before.problems),
        places=most_left(places),
    )


def _opened(path: Path, name: str, options: FormatOptions, pair: LanguagePair) -> PackageDocument:
    kind = format_of(name) or ""
    choices = FormatChoices(((kind, options),))
    return cast(PackageDocument, open_document(kind, Source(str(path), path), choices, pair))


def _differences(before: PackageDocument, after: PackageDocument, pair: LanguagePair) -> Iterator[Difference]:
    signed = signature_parts(before.package)
    if signed and signature_parts(after.package):
        signed = frozenset()
    names = [info.filename for info in before.package.entries if not info.is_dir()]
    present = {info.filename for info in after.package.entries}
    for part in names:
        if part not in present and part not in signed:
            yield Difference(part, "", "the part is missing")
    for part in sorted(present - set(names) - {f"{part}/" for part in names}):
        if not part.endswith("/"):
            yield Difference(part, "", "the part was added")
    texts = {text.part.name: text for text in after.texts}
    mine = {text.part.name for text in before.texts}
    for text in before.texts:
        other = texts.get(text.part.name)
        if other is not None:
            yield from span_differences(text, other, pair, text.part.name)
        elif text.part.name in present:
            yield Difference(text.part.name, "", "nothing leads to the part any more, or it is damaged")
    for part in names:
        if part in present and part not in mine and part not in signed:
            if signed and part in ("[Content_Types].xml", "_rels/.rels"):
                continue
            yield from _other_part(before.package, after.package, part)


def _other_part(before: Package, after: Package, part: str) -> Iterator[Difference]:
    """A part without texts: the same, or the same XML."""
    try:
        old, new = before.read(part), after.read(part)
    except DocumentError:
        return  # damaged here and there alike, or told when it was opened
    if old == new:
        return
    if part.lower().endswith(XML_NAMES):
        yield from part_differences(before, after, part)
    else:
        yield Difference(part, "", "the part was changed, and it holds no text to translate")
