"""A part of a package with as many texts as a table has cells: read item by item, written likewise.

Nothing is held but the item at hand; what is written waits in a file until its turn in the package comes.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import IO

from batchtx.errors import DocumentError
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.stream import check_xml, items, read_text
from batchtx.formats.span_document import written_span
from batchtx.formats.spans import Span
from batchtx.records import Unit

DECLARED = re.compile(r"(\A\s*<\?xml[^>]*?encoding\s*=\s*[\"'])([\w.:-]+)")
_HELD_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """A part made of items: `item` finds one, `find` its spans from its text and its number from 0.

    `finish` changes what else changes in an item; `neutral` takes out what may come and go with other words.
    `kept` says what text is that stays.
    """

    name: str
    item: re.Pattern[str]
    find: Callable[[str, int], Iterator[Span]]
    finish: Callable[[str], str] = str
    neutral: Callable[[str], str] = str
    kept: str = ""


class StreamedText:
    """The texts of one table. Raises DocumentError when the part is damaged or no XML."""

    def __init__(self, package: Package, table: Table) -> None:
        self.table = table
        self._package = package
        check_xml(package, table.name)

    def items(self) -> Iterator[tuple[str, str, list[Span]]]:
        """Yields (what stands before an item, the item, its spans) in order; an empty item at the end."""
        number = count = 0
        for before, match in items(read_text(self._package, self.table.name), self.table.item):
            spans: list[Span] = []
            if match is not None:
                for span in self.table.find(match[0], number):
                    count += 1
                    unit = replace(span.unit, address=f"{self.table.name}#{count}")
                    spans.append(replace(span, unit=unit))
                number += 1
            yield before, match[0] if match else "", spans

    def units(self) -> Iterator[Unit]:
        """Yields the units in order."""
        for _, _, spans in self.items():
            yield from (span.unit for span in spans)

    @property
    def part_name(self) -> str:
        """The name of the part."""
        return self.table.name

    def render_part(self, take: Callable[[Unit], str]) -> IO[bytes] | None:
        """Returns the new content, None where it is the old one; `take` gives the target of a unit."""
        with ExitStack() as stack:
            output: IO[bytes] = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_HELD_BYTES))
            if not self._render(take, output):
                return None
            stack.pop_all()  # given away
        output.seek(0)
        return output

    def _render(self, take: Callable[[Unit], str], output: IO[bytes]) -> bool:
        """Writes the content; returns whether something was translated."""
        changed = False
        for number, (before, item, spans) in enumerate(self.items()):
            targets = [take(span.unit) for span in spans]
            if any(span.unit.text != target for span, target in zip(spans, targets, strict=True)):
                changed = True
                item = self.table.finish(_replaced(item, spans, targets))
            if number == 0:
                before = DECLARED.sub(r"\g<1>UTF-8", before, count=1)
            output.write((before + item).encode("utf-8", "surrogatepass"))
        return changed

    def compare(self, written: StreamedText) -> None:
        """Raises DocumentError when something else than texts differs from what was written."""
        for one, other in zip_longest(self.items(), written.items()):
            if one is None or other is None or self._skeleton(*one) != self._skeleton(*other):
                reason = "the output differs outside of its texts; please report this"
                raise DocumentError(self._package.document, reason, self.table.name)

    def _skeleton(self, before: str, item: str, spans: list[Span]) -> list[str]:
        """What stands around the texts of an item."""
        ends = [0, *(span.block[1] for span in spans)]
        starts = [*(span.block[0] for span in spans), len(item)]
        around = [self.table.neutral(item[end:start]) for end, start in zip(ends, starts, strict=True)]
        return [self.table.neutral(DECLARED.sub(r"\g<1>UTF-8", before)), *around]


def _replaced(item: str, spans: list[Span], targets: list[str]) -> str:
    parts: list[str] = []
    done = 0
    for span, target in zip(spans, targets, strict=True):
        parts.append(item[done : span.start])
        unchanged = target == span.unit.text
        parts.append(item[span.start : span.end] if unchanged else written_span(span, target))
        done = span.end
    return "".join([*parts, item[done:]])


def spooled(chunks: Iterator[str]) -> IO[bytes]:
    """Returns a file with this text, for the caller to close."""
    with ExitStack() as stack:
        output: IO[bytes] = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_HELD_BYTES))
        for chunk in chunks:
            output.write(chunk.encode("utf-8", "surrogatepass"))
        stack.pop_all()
    return output
