"""Puts a missed term where alignment says that the engine translated it otherwise.

The run of target words that stand for the source term is replaced by the term, which takes over
what grammar asks for: the plural of what stood there, a capital at the start of a sentence, a or an
by its sound. Nothing is done where no word is aligned to the term, where the run is too long to be
one, or where it holds a placeholder, a figure or another term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from batchtx.glossary.enforce import missed, occurrences
from batchtx.inline.target_words import Word, words_of
from batchtx.language.en.inflect import agree_article, capitalized, is_plural, plural, starts_sentence
from batchtx.language.en.stems import stem
from batchtx.records import Hypothesis, Link, Term
from batchtx.text.spans import overlaps

_EXTRA_WORDS = 3
"""How many words more than the term a run may have; a longer one is no wording of the term."""

_LIGHT = 0.25
_SINGULAR = re.compile(r"\b(?:[Aa]n?|[Oo]ne|[Ee]ach|[Ee]very)\s+$")
_UNTOUCHABLE = re.compile(r"[⟦⟧\d]")


@dataclass(frozen=True, slots=True)
class Repair:
    """A term that was put in, and the words that stood there."""

    term: Term
    replaced: str


def repair_terms(terms: Sequence[Term], hypothesis: Hypothesis) -> tuple[Hypothesis, tuple[Repair, ...]]:
    """Returns the hypothesis with missed terms put in; `terms` have their offsets in the engine's source."""
    if hypothesis.alignment is None or not terms:
        return hypothesis, ()
    repairs: list[Repair] = []
    for term in missed([term for term in terms if term.required], hypothesis.text):
        run = _run(term, terms, hypothesis)
        if run is not None:
            repairs.append(Repair(term, hypothesis.text[run[0] : run[1]]))
            hypothesis = _replaced(hypothesis, run, term)
    return hypothesis, tuple(repairs)


def _run(term: Term, terms: Sequence[Term], hypothesis: Hypothesis) -> tuple[int, int] | None:
    """Where the words stand that the term was translated with, None when nowhere for sure."""
    words = words_of(hypothesis.text)
    taken = [span for other in terms if other is not term for span in occurrences(other, hypothesis.text)]
    linked = [_is_linked(word, term, hypothesis.alignment or ()) for word in words]
    best: tuple[float, int, int] | None = None
    for first, last in _runs(words, linked):
        first, last = _without_light_edges(words, first, last)
        first, last = _with_own_words(words, first, last, term, hypothesis.text)
        start, end = words[first].start, words[last].end
        weight = sum(words[n].weight for n in range(first, last + 1) if linked[n])
        if (
            not overlaps(start, end, taken)
            and weight > _LIGHT
            and not _UNTOUCHABLE.search(hypothesis.text[start:end])
        ):
            best = max(best or (0.0, 0, 0), (weight, start, end))
    if best is None:
        return None
    n_words = len(hypothesis.text[best[1] : best[2]].split())
    return best[1:] if n_words <= len(term.targets[0].split()) + _EXTRA_WORDS else None


def _is_linked(word: Word, term: Term, links: Sequence[Link]) -> bool:
    """Most of the word's characters are linked to the term."""
    own = all_ = 0
    for link in links:
        width = min(word.end, link.target_end) - max(word.start, link.target_start)
        if width > 0:
            all_ += width
            own += width * (link.source_start < term.end and term.start < link.source_end)
    return own * 2 > all_


def _runs(words: Sequence[Word], linked: Sequence[bool]) -> list[tuple[int, int]]:
    """Linked words side by side, one light word (the price of the service) in between allowed."""
    runs: list[tuple[int, int]] = []
    for n, is_linked in enumerate(linked):
        if not is_linked:
            continue
        if runs and (runs[-1][1] == n - 1 or (runs[-1][1] == n - 2 and words[n - 1].weight == _LIGHT)):
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    return runs


def _without_light_edges(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    while first < last and words[first].weight <= _LIGHT:
        first += 1
    while first < last and words[last].weight <= _LIGHT:
        last -= 1
    return first, last


def _with_own_words(words: Sequence[Word], first: int, last: int, term: Term, text: str) -> tuple[int, int]:
    """The run with the term's own words beside it: "length of the visit" for session length."""
    own = {stem(word) for word in re.findall(r"\w+", term.targets[0])}

    def counts(n: int) -> bool:
        return 0 <= n < len(words) and stem(text[words[n].start : words[n].end]) in own

    def light(n: int) -> bool:
        return 0 <= n < len(words) and words[n].weight == _LIGHT

    while counts(last + 1):
        last += 1
    while True:
        reach = next((n for n in range(1, 4) if not light(first - n)), 4)
        if not counts(first - reach):
            return first, last
        first -= reach


def _replaced(hypothesis: Hypothesis, run: tuple[int, int], term: Term) -> Hypothesis:
    start, end = run
    text = hypothesis.text
    before, old, after = text[:start], text[start:end], text[end:]
    wording = _agreeing(term, before, old)
    before = agree_article(before, wording)
    shift = len(before) + len(wording) - end
    links = tuple(_moved(link, run, len(before), len(wording), shift) for link in hypothesis.alignment or ())
    return replace(hypothesis, text=before + wording + after, alignment=links)


def _agreeing(term: Term, before: str, old: str) -> str:
    wording = term.targets[0]
    if term.targets == (term.source,) or term.case == "keep":
        return wording
    if is_plural(old) and not is_plural(wording) and not _SINGULAR.search(before):
        wording = plural(wording)
    return capitalized(wording) if starts_sentence(before) else wording


def _moved(link: Link, run: tuple[int, int], start: int, length: int, shift: int) -> Link:
    if link.target_start >= run[1]:
        return replace(link, target_start=link.target_start + shift, target_end=link.target_end + shift)
    if link.target_end > run[0]:
        return replace(link, target_start=start, target_end=start + length)
    return link
