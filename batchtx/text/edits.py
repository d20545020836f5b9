"""Where the pieces of a text went when somebody edited it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from batchtx.text.scripts import HAN

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class Edit:
    """Follows offsets from a text to what became of it, by words.

    What was inserted between two pieces belongs to the one before it, and at the very start to the first.
    """

    def __init__(self, before: str, after: str) -> None:
        old, new = _TOKEN.findall(before), _TOKEN.findall(after)
        old_at, new_at = _offsets(old), _offsets(new)
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        self._blocks = [
            (old_at[a], old_at[b], new_at[c], new_at[d], tag == "equal")
            for tag, a, b, c, d in matcher.get_opcodes()
        ]
        self._length = len(after)

    def start(self, offset: int) -> int:
        """Returns where a piece begins now that began at an offset."""
        if offset == 0:
            return 0
        return self.end(offset)

    def end(self, offset: int) -> int:
        """Returns where a piece ends now that ended at an offset, with what was inserted behind it."""
        found = 0
        for old_start, old_end, new_start, new_end, equal in self._blocks:
            if old_start > offset:
                break
            if offset >= old_end:
                found = new_end
            elif equal:
                found = new_start + offset - old_start
            else:
                found = new_start + min(new_end - new_start, offset - old_start)
        return min(found, self._length)


def _offsets(tokens: list[str]) -> list[int]:
    offsets = [0]
    for token in tokens:
        offsets.append(offsets[-1] + len(token))
    return offsets


def pair_lines(before: list[str], after: list[str]) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Returns which lines of a text became which, and those that are gone and those that are new, by index.

    Lines between two that stayed go together in their order, alike ones first. What was moved, split or
    joined became no line of its own: all its pieces count as gone and as new.
    """
    pairs: list[tuple[int, int]] = []
    if len(before) == len(after) and not _is_shifted(before, after):  # whichever of equal lines was edited
        opcodes = [("replace", 0, len(before), 0, len(after))]
    else:
        opcodes = list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
    for tag, a, b, c, d in opcodes:
        if tag == "equal" or (b - a == d - c and not _is_shifted(before[a:b], after[c:d])):
            pairs += zip(range(a, b), range(c, d), strict=True)
        else:
            pairs += _alike(before, after, range(a, b), range(c, d))
    pairs = _without_moves(before, after, pairs)
    gone = sorted(set(range(len(before))) - {old for old, _ in pairs})
    new = sorted(set(range(len(after))) - {new for _, new in pairs})
    return pairs, gone, new


_ALIKE = 0.4
_BAND = 40
_SHORT = 30
"""Texts of so few characters are compared by them, longer ones by words."""

_MOST_LINES = 2000
"""Longer stretches without a line that stayed are not compared: their table would not fit."""


def _is_shifted(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether lines of two equally long stretches are more like those beside their place."""
    return any(
        same_words(line, after[other]) > same_words(line, after[place]) + _ALIKE
        for place, line in enumerate(before)
        for other in range(max(0, place - _NEIGHBOURS), min(len(after), place + _NEIGHBOURS + 1))
        if other != place and before[other] != after[other] and _words(line)
    )


def _alike(before: list[str], after: list[str], old: range, new: range) -> list[tuple[int, int]]:
    """The longest row of pairs in order whose lines are alike (a table of best sums)."""
    if max(len(old), len(new)) > _MOST_LINES:
        return []
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    ratios = [[_likeness(before[i], after[j], (i - old[0]) - (j - new[0])) for j in new] for i in old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            together = ratios[i][j] + best[i + 1][j + 1] if ratios[i][j] >= _ALIKE else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
    return pairs


def _likeness(one: str, other: str, shift: int) -> float:
    """How alike two lines are, 0 to 1; 0 for those too far from each other's place to become one."""
    if abs(shift) > _BAND:
        return 0.0
    if min(len(one), len(other)) > _SHORT:
        return same_words(one, other)
    return SequenceMatcher(None, one, other).ratio()


_WORDS = re.compile(rf"[{HAN}]|[^\W{HAN}]+")
_FEW_WORDS = 3
_NEIGHBOURS = 3
_MOST_OF = 0.6


def same_words(one: str, other: str) -> float:
    """Returns which share of the words of two texts both have, 0 to 1; 1 where there are none."""
    first, second = _words(one), _words(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


@lru_cache(maxsize=4096)
def _words(text: str) -> Counter[str]:
    return Counter(_WORDS.findall(text))


def _without_moves(
    before: Sequence[str], after: Sequence[str], pairs: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The pairs but those whose words came from another line, or went there."""
    new_of, old_of = dict(pairs), {new: old for old, new in pairs}
    lost = {
        i: _words(text) - _words(after[new_of[i]]) if i in new_of else _words(text)
        for i, text in enumerate(before)
        if i not in new_of or text != after[new_of[i]]
    }
    gained = {
        j: _words(text) - _words(before[old_of[j]]) if j in old_of else _words(text)
        for j, text in enumerate(after)
        if j not in old_of or text != before[old_of[j]]
    }
    old_lines, new_lines = _lines(before, lost), _lines(after, gained)

    def is_moved(old: int, new: int) -> bool:
        if old not in lost:
            return False
        if old_lines.get(_line(after[new]), old) != old or new_lines.get(_line(before[old]), new) != new:
            return True
        return _share_words(gained[new], lost, old, before) or _share_words(lost[old], gained, new, after)

    return [(old, new) for old, new in pairs if not is_moved(old, new)]


def _share_words(
    words: Counter[str], others: dict[int, Counter[str]], own: int, lines: Sequence[str]
) -> bool:
    """Whether most words that a line near this one lost (or gained) are among the words."""
    for place in range(own - _NEIGHBOURS, own + _NEIGHBOURS + 1):
        other = others.get(place)
        if place == own or not other:
            continue
        enough = other.total() >= _FEW_WORDS or other == _words(lines[place])
        if enough and (other & words).total() >= _MOST_OF * other.total():
            return True
    return False


def _lines(lines: Sequence[str], places: dict[int, Counter[str]]) -> dict[str, int]:
    """Where the lines stand that have words."""
    return {_line(lines[place]): place for place in places if lines[place].strip()}


def _line(text: str) -> str:
    return " ".join(text.split())
