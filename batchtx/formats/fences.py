"""Code between fences, as Markdown has it in any text: ``` or ~~~ on lines of their own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from batchtx.formats.lines import Line

_FENCE = re.compile(rb" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$", re.DOTALL)
_MAX_LINES = 5_000
_MAX_BYTES = 1024 * 1024
"""How far the end of a fence is sought: a text may be endless, and a row of marks no fence at all."""

Fenced = tuple[Line, ...]
"""The lines of code, with their fences."""


def code_apart(lines: Iterator[Line]) -> Iterator[Line | Fenced]:
    """Yields the lines one by one, but code between fences as a whole."""
    rest = _Rest(lines)
    while (line := rest.take()) is not None:
        opening = _FENCE.match(line.content)
        size = rest.end_of(opening["fence"]) if opening else 0
        yield (line, *rest.take_some(size)) if size else line


class _Rest:
    """Lines that come, with those that were looked at already."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._ahead: deque[Line] = deque()
        self._n_taken = 0
        self._barren: dict[bytes, int] = {}  # mark of a fence: no end of one before this line

    def take(self) -> Line | None:
        """The next line, None at the end."""
        self._n_taken += 1
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def take_some(self, n_lines: int) -> list[Line]:
        """So many lines that were looked at."""
        self._n_taken += n_lines
        return [self._ahead.popleft() for _ in range(n_lines)]

    def end_of(self, fence: bytes) -> int:
        """How many lines from here on belong to a fence, its end included; 0 where none ends it."""
        mark = fence[:1]
        number = start = max(0, self._barren.get(mark, 0) - self._n_taken)
        n_bytes = 0
        for number in range(start, _MAX_LINES):
            if number == len(self._ahead):
                line = next(self._lines, None)
                if line is None:
                    break
                self._ahead.append(line)
            content = self._ahead[number].content
            n_bytes += len(content)
            found = _FENCE.match(content)
            if found and found["fence"].startswith(fence) and not found["info"].strip():
                return number + 1
            if n_bytes > _MAX_BYTES:
                break
        if len(fence) == 3:  # longer ones find no more
            self._barren[mark] = self._n_taken + number
        return 0
