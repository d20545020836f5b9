"""Measurements as Markdown tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def markdown(
    columns: Sequence[str], rows: Iterable[Sequence[str]], left: Collection[int] = (0,)
) -> list[str]:
    """Returns the lines of a table; columns `left` (numbers from 0) are words, the others figures."""
    rules = ["---" if number in left else "--:" for number in range(len(columns))]
    return [_line(columns), f"|{'|'.join(rules)}|", *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
