"""Check a written package against its original before it takes its place."""

from __future__ import annotations

from pathlib import Path

from batchtx.errors import DocumentError
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.names import tags
from batchtx.formats.opc.package import Package
from batchtx.formats.source import Source

NO_PARAGRAPHS = -1
"""Of a changed part that is no XML of Word's."""


def verify_package(
    original: Package,
    output: Path,
    changed: dict[str, int | None],
    dropped: frozenset[str],
    limits: Limits,
) -> None:
    """Verifies that the output opens, has the parts in their order (but for `dropped` ones), unchanged ones
    byte for byte, `changed` ones well-formed with the number of paragraphs given (None: that of the original;
    NO_PARAGRAPHS: anything).

    Raises:
        DocumentError: it does not; this is a defect of batchtx, and nothing was replaced.
    """
    written = Package(Source(original.document, output), limits)
    try:
        before = [info for info in original.entries if info.filename not in dropped]
        if [info.filename for info in before] != [info.filename for info in written.entries]:
            raise _defect(original, "the list of parts differs")
        for old, new in zip(before, written.entries, strict=True):
            if old.filename in changed:
                _verify_part(original, written, old.filename, changed[old.filename])
            elif original.raw(old) != written.raw(new):
                raise _defect(original, f"{old.filename} changed")
    finally:
        written.close()


def _verify_part(original: Package, written: Package, part: str, expected: int | None) -> None:
    if expected == NO_PARAGRAPHS:
        return
    paragraphs = tags("w:p")
    found = sum(1 for _ in written.parse(part).iter(*paragraphs))
    if expected is None:
        expected = sum(1 for _ in original.parse(part).iter(*paragraphs))
    if found != expected:
        raise _defect(original, f"{part} has {found} paragraphs instead of {expected}")


def _defect(original: Package, message: str) -> DocumentError:
    return DocumentError(original.document, f"the output failed its check: {message}; please report this")
