"""Term candidates of Chinese texts: what comes up often, holds together, and stands in many contexts.

No word segmentation. Every run of Han characters (with Latin words right beside them as single
tokens: A股, API接口) is counted as n-grams of 2 to 8 tokens. An n-gram is a candidate where

1. it comes up at least `min_frequency` times;
2. its parts attract each other: the pointwise mutual information of its loosest cut is at least 3
   bits (Church and Hanks 1990);
3. it stands in different contexts: the entropy of what comes before it and of what follows is at
   least 0.6 nats each, the edge of a run always counting as a new context;
4. it is not merely a part of a longer candidate: its C-value is above zero (Frantzi, Ananiadou and
   Mima 2000), and it stands on its own at least twice;
5. it neither begins nor ends with a function word, nor is a number with its measure.

Latin product names, acronyms and identifiers are counted as they stand.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from batchtx.language.zh.stop_words import can_be_term
from batchtx.text.inline_codes import without_codes
from batchtx.text.literals import literals
from batchtx.text.scripts import HAN, count_han

MAX_TOKENS = 8
_MIN_PMI_BITS = 3.0
_MIN_ENTROPY_NATS = 0.6
_TOKEN = re.compile(rf"[{HAN}]|[A-Za-z][A-Za-z0-9+#]*")
_RUN = re.compile(rf"(?:[{HAN}]|[A-Za-z][A-Za-z0-9+#]*)+")
_NAME = re.compile(
    r"(?<![A-Za-z0-9_@./-])[A-Za-z][A-Za-z0-9]*[+#]*"
    r"(?:[ &-]?[A-Z][A-Za-z0-9]*[+#]*| \d+(?:\.\d+)*)*(?![A-Za-z0-9_@])"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term candidate: how often, in which documents, how strong (C-value), and one segment with it."""

    source: str
    frequency: int
    n_documents: int
    score: float
    example: str


@dataclass(slots=True)
class _Found:
    frequency: int = 0
    documents: set[str] = field(default_factory=set)
    example: str = ""
    left: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, document: str, text: str) -> None:
        self.frequency += 1
        self.documents.add(document)
        if not self.example or abs(len(text) - 30) < abs(len(self.example) - 30):
            self.example = text


def find_candidates(segments: Iterable[tuple[str, str]], min_frequency: int = 3) -> list[Candidate]:
    """Candidates of (document, source) pairs, the strongest first; the texts are held in memory."""
    texts = [(document, without_codes(source)) for document, source in segments]
    han = _han_candidates(texts, min_frequency)
    names = _name_candidates(texts, min_frequency)
    return sorted((*han, *names), key=lambda c: (-c.score, -c.frequency, c.source))


def _han_candidates(texts: Sequence[tuple[str, str]], min_frequency: int) -> Iterator[Candidate]:
    runs = [
        (document, text, tuple(_TOKEN.findall(run))) for document, text in texts for run in _RUN.findall(text)
    ]
    counts = _count_ngrams([tokens for _, _, tokens in runs], min_frequency)
    n_tokens = sum(len(tokens) for _, _, tokens in runs)
    chosen = {
        gram
        for gram, times in counts.items()
        if len(gram) > 1
        and _can_be_term("".join(gram))
        and _pmi(gram, times, counts, n_tokens) >= _MIN_PMI_BITS
    }
    found = _contexts(runs, chosen)
    free = {
        gram: one
        for gram, one in found.items()
        if _entropy(one.left) >= _MIN_ENTROPY_NATS and _entropy(one.right) >= _MIN_ENTROPY_NATS
    }
    for gram, value, n_own in _c_values(free):
        if value > 0 and n_own >= 2:
            one = free[gram]
            yield Candidate("".join(gram), one.frequency, len(one.documents), value, one.example)


def _count_ngrams(runs: Sequence[tuple[str, ...]], min_frequency: int) -> dict[tuple[str, ...], int]:
    """Frequent n-grams; a longer one is counted only where both its shorter ones are frequent."""
    kept: dict[tuple[str, ...], int] = {}
    for length in range(1, MAX_TOKENS + 1):
        counts: Counter[tuple[str, ...]] = Counter()
        for tokens in runs:
            for start in range(len(tokens) - length + 1):
                gram = tokens[start : start + length]
                if length == 1 or (gram[1:] in kept and gram[:-1] in kept):
                    counts[gram] += 1
        frequent = {gram: times for gram, times in counts.items() if times >= min_frequency}
        kept |= frequent
        if not frequent:
            break
    return kept


def _pmi(gram: tuple[str, ...], times: int, counts: dict[tuple[str, ...], int], n_tokens: int) -> float:
    """Mutual information of the two halves in bits, at the cut where it is least."""
    products = (counts[gram[:cut]] * counts[gram[cut:]] for cut in range(1, len(gram)))
    return math.log2(times * n_tokens / max(products))


def _contexts(
    runs: Sequence[tuple[str, str, tuple[str, ...]]], chosen: set[tuple[str, ...]]
) -> dict[tuple[str, ...], _Found]:
    found: dict[tuple[str, ...], _Found] = defaultdict(_Found)
    lengths = sorted({len(gram) for gram in chosen})
    for number, (document, text, tokens) in enumerate(runs):
        for start in range(len(tokens)):
            for end in (start + length for length in lengths if start + length <= len(tokens)):
                gram = tokens[start:end]
                if gram in chosen:
                    one = found[gram]
                    one.add(document, text)
                    one.left[tokens[start - 1] if start else f"^{number}"] += 1
                    one.right[tokens[end] if end < len(tokens) else f"${number}"] += 1
    return found


def _entropy(counts: Counter[str]) -> float:
    total = counts.total()
    return -sum(n / total * math.log(n / total) for n in counts.values())


def _c_values(found: dict[tuple[str, ...], _Found]) -> Iterator[tuple[tuple[str, ...], float, int]]:
    """Each n-gram with its C-value and how often it stands outside of longer candidates."""
    inside: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = defaultdict(list)
    for gram, one in found.items():
        for length in range(2, len(gram)):
            for part in {gram[start : start + length] for start in range(len(gram) - length + 1)}:
                if part in found:
                    inside[part].append((gram, one.frequency))
    for gram, one in found.items():
        longer = inside.get(gram, [])
        mean = sum(times for _, times in longer) / len(longer) if longer else 0.0
        most = max((times for _, times in longer), default=0)
        yield gram, math.log2(len(gram)) * (one.frequency - mean), one.frequency - most


def _can_be_term(text: str) -> bool:
    return count_han(text) > 0 and can_be_term(text)


def _name_candidates(texts: Sequence[tuple[str, str]], min_frequency: int) -> Iterator[Candidate]:
    """Latin words with a capital or a digit inside, or a capital in front, in Chinese sentences."""
    found: dict[str, _Found] = defaultdict(_Found)
    for document, text in texts:
        if not count_han(text):
            continue
        rest = text
        for literal in sorted(literals(text), key=len, reverse=True):
            rest = rest.replace(literal, "\n")
        for match in _NAME.finditer(rest):
            name = match[0]
            if len(name) > 1 and re.search("[A-Z]|[a-z][0-9]", name):
                found[name].add(document, text)
    for name, one in found.items():
        if one.frequency >= min_frequency:
            yield Candidate(name, one.frequency, len(one.documents), float(one.frequency), one.example)
