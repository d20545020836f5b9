"""Where the pieces of a text went when somebody edited it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

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

    Lines between two that stayed go together in their order, alike ones first.
    """
    pairs: list[tuple[int, int]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal" or b - a == d - c:
            pairs += zip(range(a, b), range(c, d), strict=True)
        else:
            pairs += _alike(before, after, range(a, b), range(c, d))
    gone = sorted(set(range(len(before))) - {old for old, _ in pairs})
    new = sorted(set(range(len(after))) - {new for _, new in pairs})
    return pairs, gone, new


_ALIKE = 0.4


def _alike(before: list[str], after: list[str], old: range, new: range) -> list[tuple[int, int]]:
    """The longest row of pairs in order whose lines are alike (a table of best sums)."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    ratios = [[SequenceMatcher(None, before[i], after[j]).ratio() for j in new] for i in old]
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
