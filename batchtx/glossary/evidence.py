"""Which target a source term was given so far, where finished translations leave no doubt.

Two kinds of evidence, and no guess where neither is there:

1. The term stands alone as a whole segment (a heading, a table cell), with one and the same target.
2. One phrase stands in the targets of all segments with the term (3 or more different ones; of 6 or
   more in at least 80 %), and at least 80 % of all targets with the phrase have the term in their
   source. Where two phrases that do not overlap both qualify, it is unknown which is the term: none
   is proposed. A phrase with "the", "to" or "by" inside is no term.

A Latin name that stands unchanged in every target is its own target.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from batchtx.glossary.fold import fold
from batchtx.glossary.matcher import Matcher
from batchtx.glossary.phrases import Phrase, contains, phrases
from batchtx.glossary.table import Entry, from_entries
from batchtx.glossary.term_report import Translated
from batchtx.language.en.stems import stem
from batchtx.language.en.stop_words import ENGLISH
from batchtx.text.inline_codes import without_codes
from batchtx.text.scripts import count_han

_MIN_SEGMENTS = 3
_MANY_SEGMENTS = 6
_MIN_RECALL = 0.8
_MIN_PRECISION = 0.8
_INSIDE = frozenset({"of", "and", "for", "in", "on", "at"})
_PUNCTUATION = " \t\n:：,，.。;；、()（）[]【】《》“”\"'!！?？"


@dataclass(frozen=True, slots=True)
class TermEvidence:
    """A target that translations support, and the reason in words."""

    target: str
    reason: str


class EvidenceCorpus:
    """Finished translations, each different pair once, indexed by the terms asked for."""

    def __init__(self, rows: Iterable[Translated], terms: Iterable[str]) -> None:
        plain = [
            Translated(row.document, row.place, without_codes(row.source), without_codes(row.target))
            for row in rows
        ]
        unique = {(row.document, row.source, row.target): row for row in reversed(plain)}
        self.rows: list[Translated] = list(reversed(unique.values()))
        self.phrases: list[dict[Phrase, str]] = [phrases(row.target) for row in self.rows]
        self.n_rows_with: Counter[Phrase] = Counter(phrase for found in self.phrases for phrase in found)
        self._with_term: dict[str, list[int]] = defaultdict(list)
        self._alone: dict[str, list[int]] = defaultdict(list)
        matcher = Matcher(from_entries(Entry(term, (term,)) for term in terms))
        for number, row in enumerate(self.rows):
            for term in dict.fromkeys(fold(term.source) for term in matcher.find_terms(row.source)):
                self._with_term[term].append(number)
            self._alone[fold(row.source.strip(_PUNCTUATION))].append(number)

    def with_term(self, term: str) -> Sequence[int]:
        """Numbers of the rows whose source has the term, not as a part of a longer one."""
        return self._with_term.get(fold(term), ())

    def alone(self, term: str) -> Sequence[int]:
        """Numbers of the rows whose source is nothing but the term."""
        return self._alone.get(fold(term), ())

    def n_with_term(self, term: str) -> Counter[Phrase]:
        """Returns in how many rows with the term each phrase stands."""
        return Counter(phrase for number in self.with_term(term) for phrase in self.phrases[number])


def find_target(corpus: EvidenceCorpus, term: str) -> TermEvidence | None:
    """Returns the target that the corpus supports for a term; None where it does not."""
    if not count_han(term):
        return _unchanged(corpus, term)
    return _standing_alone(corpus, term) or _by_contrast(corpus, term)


def strip_target(target: str) -> str:
    """Returns a target that stands alone, without punctuation around it."""
    return target.strip(_PUNCTUATION)


def _unchanged(corpus: EvidenceCorpus, term: str) -> TermEvidence | None:
    rows = corpus.with_term(term)
    if not rows or any(term not in corpus.rows[number].target for number in rows):
        return None
    return TermEvidence(term, f"unchanged in {len(rows)} of {len(rows)} translations")


def _standing_alone(corpus: EvidenceCorpus, term: str) -> TermEvidence | None:
    targets = [strip_target(corpus.rows[number].target) for number in corpus.alone(term)]
    if not targets or len({target.casefold() for target in targets}) > 1 or not targets[0]:
        return None
    if count_han(targets[0]):
        return None
    return TermEvidence(
        _dictionary_form(targets), f"stands alone in {len(targets)} segments, always so translated"
    )


def _by_contrast(corpus: EvidenceCorpus, term: str) -> TermEvidence | None:
    rows = corpus.with_term(term)
    if len({corpus.rows[number].source for number in rows}) < _MIN_SEGMENTS:
        return None
    counts = corpus.n_with_term(term)
    wanted = len(rows) * (_MIN_RECALL if len(rows) >= _MANY_SEGMENTS else 1)
    supported = [
        phrase
        for phrase, n in counts.items()
        if n >= wanted and n >= _MIN_PRECISION * corpus.n_rows_with[phrase] and _term_like(phrase)
    ]
    if not supported:
        return None
    best = max(supported, key=lambda phrase: (counts[phrase], len(phrase), phrase))
    if any(not contains(best, other) and not contains(other, best) for other in supported):
        return None
    written = [corpus.phrases[number][best] for number in rows if best in corpus.phrases[number]]
    without = corpus.n_rows_with[best] - counts[best]
    reason = (
        f"stands in {counts[best]} of {len(rows)} translations with the term "
        f"and in {without} of {len(corpus.rows) - len(rows)} without it"
    )
    return TermEvidence(_dictionary_form(written), reason)


def _term_like(phrase: Phrase) -> bool:
    return all(word in _INSIDE for word in phrase if word in ENGLISH)


def _dictionary_form(written: Sequence[str]) -> str:
    """The singular where any is written so, else the most frequent way with the fewest capitals."""
    counts = Counter(written)

    def rank(text: str) -> tuple[bool, int, int, str]:
        plural = any(stem(word) != word.lower() for word in text.split())
        return plural, -counts[text], sum(char.isupper() for char in text), text

    return min(counts, key=rank)
