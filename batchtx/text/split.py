"""Cutting a sentence that is too long for the model: at the best place, never silently."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from batchtx.text.inline_codes import CODES
from batchtx.text.segmenter import Piece

_ATOM = re.compile(rf"[A-Za-z0-9_À-ɏ]+(?:[-.,'’:/@][A-Za-z0-9_À-ɏ]+)*|⟦[^⟦⟧]{{1,6}}⟧|[^{CODES}]|.", re.DOTALL)
_LEVELS = ("。！？；;!?…", "，：,:）)】”", "、》’ \t\n\u00a0\u3000")


@dataclass(frozen=True, slots=True)
class _Long:
    """A text to cut: `ends` are the ends of its atoms (words, marks, codes, single characters)."""

    text: str
    ends: list[int]
    limit: int
    count: Callable[[str], int]

    def fits(self, start: int, end: int) -> bool:
        return self.count(self.text[start:end]) <= self.limit


def split_long(text: str, limit: int, count: Callable[[str], int]) -> list[str]:
    """Returns the text in parts of at most `limit` tokens each, as `count` counts them; joined it is the
    text.

    Cut after a clause mark if one stands in the second half of what fits, else at a space, else
    anywhere but inside a Latin word, number, mark or code. Only a single word that is longer than
    the limit is cut inside; a single character that is longer stands alone. Linear in the length.
    """
    if limit < 1:
        raise ValueError(f"limit is {limit}, must be at least 1")
    if len(text) <= 8 * limit and count(text) <= limit:
        return [text] if text else []
    long = _Long(text, [match.end() for match in _ATOM.finditer(text)], limit, count)
    parts: list[str] = []
    start = 0
    reach = limit
    while start < len(text):
        end = _fitting_end(long, start, reach)
        if end < len(text):
            end = _best_end(long, start, _without_rest(long, start, end))
        parts.append(text[start:end])
        reach = max(1, end - start)
        start = end
    return parts


def split_pieces(pieces: Iterable[Piece], limit: int, count: Callable[[str], int]) -> list[Piece]:
    """Pieces of at most `limit` tokens; those that had to be cut are marked `forced`."""
    result: list[Piece] = []
    for piece in pieces:
        parts = split_long(piece.text, limit, count)
        if len(parts) < 2:
            result.append(piece)
            continue
        gaps = [piece.gap] + [""] * (len(parts) - 1)
        result += [Piece(gap, part, forced=True) for gap, part in zip(gaps, parts, strict=True)]
    return result


def _fitting_end(long: _Long, start: int, reach: int) -> int:
    """The end of about the longest stretch that fits, on an atom's border where one fits."""
    length = len(long.text)
    low, high = start, length + 1
    guess = start + max(2, reach)
    while high - low > max(1, (low - start) // 16):
        end = _border(long.ends, min(guess, length), start)
        if end <= low or end >= high:
            break
        if long.fits(start, end):
            low = end
            guess = start + (end - start) * 3 // 2 + 1 if high > length else (low + high) // 2
        else:
            high = end
            guess = (low + high) // 2
        if low == length:
            break
    return low if low > start else _inside_word(long, start, high)


def _without_rest(long: _Long, start: int, end: int) -> int:
    """A smaller end where the rest would be a scrap: the last two parts are about equal."""
    remaining = len(long.text) - start
    if remaining * 5 >= (end - start) * 8:
        return end
    middle = _border(long.ends, start + remaining * 2 // 3, start)
    return middle if start < middle < end else end


def _border(ends: list[int], wanted: int, start: int) -> int:
    """The last atom border at or before `wanted`, or the first one after `start`."""
    index = bisect_left(ends, wanted)
    if index < len(ends) and ends[index] == wanted:
        return wanted
    return ends[index - 1] if index and ends[index - 1] > start else ends[min(index, len(ends) - 1)]


def _inside_word(long: _Long, start: int, high: int) -> int:
    low = start + 1
    high = min(high, start + 16 * long.limit + 16)
    while low + 1 < high:
        middle = (low + high) // 2
        if long.fits(start, middle):
            low = middle
        else:
            high = middle
    return low


def _best_end(long: _Long, start: int, end: int) -> int:
    earliest = start + (end - start) // 2
    for marks in _LEVELS:
        for position in range(end, earliest, -1):
            if long.text[position - 1] not in marks or not _is_border(long.ends, position):
                continue
            if long.fits(start, position):
                return position
            break
    return end


def _is_border(ends: list[int], position: int) -> bool:
    index = bisect_left(ends, position)
    return index < len(ends) and ends[index] == position
