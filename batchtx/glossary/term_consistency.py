"""Source terms that one document translates in several ways, found without a glossary.

Only two kinds of evidence count, so that what is reported is worth a look:

1. The term stands alone as a whole segment in several places, with different targets.
2. Complementary distribution. Of the segments with the term (3 or more), some targets have one
   phrase and the others have another, never both; each phrase stands in at least two targets and a
   quarter of all, and hardly anywhere but with this term (75 %); together they cover at least 75 %
   of the segments. Forms of one word (define, defined, definition) count as one phrase.

It does not count where some content word stands in 80 % of the targets (the term is translated the
same, and the phrases come from its company), nor where the source explains the difference: two
characters that all segments with one phrase have and none with the others.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from batchtx.glossary.candidates import find_candidates
from batchtx.glossary.evidence import EvidenceCorpus, strip_target
from batchtx.glossary.fold import fold
from batchtx.glossary.phrases import Phrase, contains, same_family
from batchtx.glossary.term_report import Translated
from batchtx.language.en.stems import stem
from batchtx.text.scripts import count_han, is_han

MIN_TIMES = 3
_MAX_STARTS = 20
_MIN_ROWS = 2
_COMMON = 0.8
_MIN_COVERED = 0.75
_MIN_SHARE = 0.25
_MIN_PRECISION = 0.75
_Rows = tuple[Phrase, list[int]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a term was translated, and where."""

    target: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """A term that a document translates in several ways, the most frequent one first."""

    document: str
    source: str
    variants: tuple[Variant, ...]

    def __str__(self) -> str:
        ways = "; ".join(f"{v.target} ({', '.join(v.places[:5])})" for v in self.variants)
        return f"{self.document}: {self.source} is translated in {len(self.variants)} ways: {ways}"


def find_inconsistencies(rows: Sequence[Translated], terms: Iterable[str] = ()) -> list[Inconsistency]:
    """Terms (mined where none are given) that a document translates in several ways."""
    wanted = list(terms) or [c.source for c in find_candidates((row.document, row.source) for row in rows)]
    corpus = EvidenceCorpus(rows, wanted)
    found: list[Inconsistency] = []
    for term in (term for term in wanted if count_han(term)):
        for document, numbers in _by_document(corpus, corpus.with_term(term)):
            variants = _alone(corpus, term, document) or _complementary(corpus, term, numbers)
            if variants:
                found.append(Inconsistency(document, term, tuple(variants)))
    return found


def _by_document(corpus: EvidenceCorpus, numbers: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    documents: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        documents[corpus.rows[number].document].append(number)
    yield from ((document, rows) for document, rows in documents.items() if len(rows) >= _MIN_ROWS)


def _alone(corpus: EvidenceCorpus, term: str, document: str) -> list[Variant]:
    ways: dict[str, list[int]] = defaultdict(list)
    for number in corpus.alone(term):
        if corpus.rows[number].document == document:
            target = strip_target(corpus.rows[number].target)
            ways[" ".join(stem(word) for word in target.split())].append(number)
    if len(ways) < 2:
        return []
    return _variants(corpus, [(strip_target(corpus.rows[rows[0]].target), rows) for rows in ways.values()])


def _complementary(corpus: EvidenceCorpus, term: str, numbers: Sequence[int]) -> list[Variant]:
    if len(numbers) < MIN_TIMES:
        return []
    rows_with: dict[Phrase, list[int]] = defaultdict(list)
    for number in numbers:
        for phrase in corpus.phrases[number]:
            rows_with[phrase].append(number)
    if any(len(rows) >= _COMMON * len(numbers) for rows in rows_with.values()):
        return []
    counts = corpus.n_with_term(term)
    own = {
        phrase: rows
        for phrase, rows in rows_with.items()
        if len(rows) >= _MIN_ROWS and counts[phrase] >= _MIN_PRECISION * corpus.n_rows_with[phrase]
    }
    ordered = sorted(own.items(), key=lambda pair: (-len(pair[1]), -len(pair[0]), pair[0]))
    ways = [_disjoint(first, ordered) for first in ordered[:_MAX_STARTS]]
    fitting = [way for way in ways if _fits(corpus, term, way, len(numbers))]
    if not fitting:
        return []
    best = max(fitting, key=lambda way: (_covered(way), -len(way), sum(len(phrase) for phrase, _ in way)))
    return _variants(corpus, [(_written(corpus, phrase, rows), rows) for phrase, rows in best])


def _disjoint(first: _Rows, ordered: Sequence[_Rows]) -> list[_Rows]:
    """Phrases that never meet the first one nor each other, those with the most rows first.

    The rows of a phrase of the same family are added to those of the one that stands already.
    """
    chosen = [first]
    for phrase, rows in ordered:
        family = next((n for n, (other, _) in enumerate(chosen) if _related(phrase, other)), None)
        if family is not None:
            other, others = chosen[family]
            if not any(set(rows) & set(more) for n, (_, more) in enumerate(chosen) if n != family):
                name = phrase if len(rows) > len(others) else other
                chosen[family] = name, sorted({*others, *rows})
        elif all(set(rows).isdisjoint(others) for _, others in chosen):
            chosen.append((phrase, rows))
    return chosen


def _fits(corpus: EvidenceCorpus, term: str, way: Sequence[_Rows], n_rows: int) -> bool:
    return (
        len(way) > 1
        and all(len(rows) >= _MIN_SHARE * n_rows for _, rows in way)
        and _covered(way) >= _MIN_COVERED * n_rows
        and not any(_explained(corpus, term, rows, way) for _, rows in way)
    )


def _covered(way: Sequence[_Rows]) -> int:
    return sum(len(rows) for _, rows in way)


def _related(phrase: Phrase, other: Phrase) -> bool:
    return contains(phrase, other) or contains(other, phrase) or same_family(phrase, other)


def _explained(corpus: EvidenceCorpus, term: str, rows: Sequence[int], way: Sequence[_Rows]) -> bool:
    """Whether two source characters outside the term stand in just these rows of all in the way."""
    others = [number for _, more in way for number in more if number not in rows]
    here = set.intersection(*(_pairs(corpus.rows[number].source, term) for number in rows))
    there = set().union(*(_pairs(corpus.rows[number].source, term) for number in others))
    return bool(here - there)


def _pairs(source: str, term: str) -> set[str]:
    """The pairs of Han characters of a source outside of the term."""
    text = fold(source).replace(fold(term), "\n")
    return {text[n : n + 2] for n in range(len(text) - 1) if is_han(text[n]) and is_han(text[n + 1])}


def _written(corpus: EvidenceCorpus, phrase: Phrase, rows: Sequence[int]) -> str:
    return Counter(
        corpus.phrases[number][phrase] for number in rows if phrase in corpus.phrases[number]
    ).most_common(1)[0][0]


def _variants(corpus: EvidenceCorpus, ways: Sequence[tuple[str, Sequence[int]]]) -> list[Variant]:
    variants = [
        Variant(target, tuple(sorted((corpus.rows[number].place for number in rows), key=_natural)))
        for target, rows in ways
    ]
    return sorted(variants, key=lambda variant: (-len(variant.places), _natural(variant.places[0])))


def _natural(place: str) -> list[tuple[int, str]]:
    """A key that puts line 2 before line 10."""
    return [(int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", place)]
