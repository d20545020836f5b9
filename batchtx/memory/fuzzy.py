"""Fuzzy matches: what a person wrote for a source that is nearly this one. Needs rapidfuzz.

An edit touches at most two pairs of neighbouring characters, so a source that differs in at most a
quarter of its characters shares one of the rarer half of its pairs with what it is similar to. Only the
entries under those pairs are compared.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import islice
from operator import add

from batchtx.memory.store import Correction
from batchtx.records import Match
from batchtx.text.inline_codes import without_codes
from batchtx.text.normalize import normalize

LEAST_SIMILARITY = 0.75
MAX_ENTRIES = 100_000
"""So many take some 100 MB in the parent process, 4 s to read, and 2 ms a look-up; 10,000 take 0.3 ms."""

_MOST_CANDIDATES = 64
_LEAST_CHARS = 4


class FuzzyMatches:
    """A person's entries, searchable by similarity (1 minus edit distance divided by the longer length).

    Args:
        entries: newest first; of equal sources the first one counts, of too many the first ones.

    Raises:
        ImportError: rapidfuzz is not installed.
    """

    def __init__(self, entries: Iterable[Correction]) -> None:
        from rapidfuzz.distance import Levenshtein

        self._similarity = Levenshtein.normalized_similarity
        self._entries: dict[str, tuple[str, str]] = {}
        self._lists: dict[str, array[int]] = {}
        for entry in islice(entries, MAX_ENTRIES):
            key = _key(entry.source)
            if len(key) >= _LEAST_CHARS:
                self._entries.setdefault(key, (entry.source, entry.target))
        self._keys = list(self._entries)
        for number, key in enumerate(self._keys):
            for pair in _pairs(key):
                self._lists.setdefault(pair, array("I")).append(number)
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, source: str) -> Match | None:
        """The most similar entry from LEAST_SIMILARITY on, the newest of equally similar ones."""
        key = _key(source)
        if len(key) < _LEAST_CHARS:
            return None
        best, best_number = LEAST_SIMILARITY, -1
        for number in self._candidates(key):
            similarity = self._similarity(key, self._keys[number], score_cutoff=best)
            if similarity > best or (similarity == best and not 0 <= best_number < number):
                best, best_number = similarity, number
        if best_number < 0:
            return None
        return Match(*self._entries[self._keys[best_number]], best)

    def _candidates(self, key: str) -> Sequence[int]:
        """Entries of a fitting length that share most of the rarer pairs."""
        pairs = sorted(_pairs(key), key=self._frequency)
        counts: Counter[int] = Counter()
        for pair in pairs[: len(key) // 2 + 1]:
            counts.update(self._lists.get(pair, ()))
        shortest, longest = len(key) * LEAST_SIMILARITY, len(key) / LEAST_SIMILARITY
        fitting = (n for n in counts if shortest <= len(self._keys[n]) <= longest)
        return nlargest(_MOST_CANDIDATES, fitting, key=lambda n: (counts[n], -n))

    def _frequency(self, pair: str) -> int:
        return len(self._lists.get(pair, ()))


def _pairs(key: str) -> set[str]:
    return set(map(add, key, key[1:]))


def _key(source: str) -> str:
    return normalize(without_codes(source))
