"""Terminology in the three modes of the WMT terminology tasks: no terms, proper terms, random terms.

The real worker translates the same segments without terms and with each set of terms; nothing
recalls, nothing is trained. For each set, the segments that hold its terms are compared with and
without: term success (a term counts once a segment; exact: the target stands there as given, in any
case; lemma: or a simple inflection of it), consistency (share of the most frequent target of each
source term that comes up twice or more), BLEU and chrF against the reference, words a CPU second.
"""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from batchtx.bench.scores import bleu, chrf
from batchtx.bench.tables import markdown
from batchtx.bench.term_sets import TermPair, filler
from batchtx.engines.spec import EngineSpec
from batchtx.glossary.enforce import missed
from batchtx.glossary.fold import fold
from batchtx.glossary.matcher import Matcher
from batchtx.glossary.term_report import consistency
from batchtx.language.en.inflect import target_pattern
from batchtx.records import Segment, Term
from batchtx.text.scripts import count_words
from batchtx.worker.worker import Worker, WorkSpec

_BATCH = 64
Terms = Sequence[tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class Scores:
    """One set of terms (proper, random), translated with or without them; shares from 0 to 1."""

    terms: str
    mode: str
    n_segments: int
    n_terms: int
    exact: float
    lemma: float
    consistency: float | None
    bleu: float
    chrf: float
    words_per_s: float


@dataclass(frozen=True, slots=True)
class MatchSpeed:
    """What a glossary of `n_terms` costs before the engine runs; `share` of the time of translating."""

    n_terms: int
    build_s: float
    find_s: float
    share: float


@dataclass(frozen=True, slots=True)
class TermScores:
    """All that `batchtx bench terms` measures."""

    scores: tuple[Scores, ...]
    speeds: tuple[MatchSpeed, ...]

    def to_json(self) -> dict[str, object]:
        """Returns the measurement as plain values."""
        return {
            "scores": [asdict(score) for score in self.scores],
            "speeds": [asdict(speed) for speed in self.speeds],
        }


def measure_terms(pairs: Sequence[TermPair], spec: EngineSpec, sizes: Sequence[int], seed: int) -> TermScores:
    """Translates the pairs in all modes and scores them; `sizes` are glossary sizes to time."""
    worker = Worker(WorkSpec(spec))
    texts = [pair.source for pair in pairs]
    worker(_segments(texts[:_BATCH], [()] * len(texts[:_BATCH])))  # warm: loading is not measured
    _, plain_s = translate(worker, texts, [()] * len(texts))
    scores = []
    sets: dict[str, Callable[[TermPair], tuple[Term, ...]]] = {
        "proper": lambda pair: pair.proper,
        "random": lambda pair: pair.random,
    }
    for name, terms_of in sets.items():
        chosen = [number for number, pair in enumerate(pairs) if terms_of(pair)]
        if not chosen:
            continue
        asked = [terms_of(pairs[number]) for number in chosen]
        some = [texts[number] for number in chosen]
        references = [pairs[number].reference for number in chosen]
        n_words = sum(map(count_words, some))
        plain, some_s = translate(worker, some, [()] * len(some))
        given, given_s = translate(worker, some, asked)
        scores.append(_score((name, "without"), asked, plain, references, n_words / some_s))
        scores.append(_score((name, "with"), asked, given, references, n_words / given_s))
    speeds = [_match_speed(size, texts, plain_s, seed) for size in sizes]
    return TermScores(tuple(scores), tuple(speeds))


def translate(worker: Worker, sources: Sequence[str], terms: Terms) -> tuple[list[str], float]:
    """Returns the targets in order, and the CPU seconds it took."""
    segments = _segments(sources, terms)
    order = sorted(range(len(segments)), key=lambda number: -len(sources[number]))
    targets = [""] * len(segments)
    started = time.process_time()
    for start in range(0, len(order), _BATCH):
        numbers = order[start : start + _BATCH]
        for number, outcome in zip(numbers, worker([segments[n] for n in numbers]), strict=True):
            targets[number] = outcome.target
    return targets, time.process_time() - started


def used_exactly(term: Term, target: str) -> bool:
    """Returns whether a target of the term stands in the target as it is, in any case, as whole words."""
    return any(
        re.search(rf"(?<!\w){re.escape(allowed)}(?!\w)", target, re.IGNORECASE) for allowed in term.targets
    )


def table(measured: TermScores) -> str:
    """Returns the measurements as two tables."""
    columns = (
        "set", "terms", "segments", "n", "exact %", "lemma %", "consistent %", "BLEU", "chrF", "words/CPU s"
    )  # fmt: skip
    rows = []
    for s in measured.scores:
        same = "" if s.consistency is None else f"{s.consistency * 100:.1f}"
        shares = [f"{s.exact * 100:.1f}", f"{s.lemma * 100:.1f}", same]
        quality = [f"{s.bleu:.1f}", f"{s.chrf:.1f}", f"{s.words_per_s:,.0f}"]
        rows.append([s.terms, s.mode, str(s.n_segments), str(s.n_terms), *shares, *quality])
    lines = markdown(columns, rows, left=(0, 1))
    if measured.speeds:
        sizes = ("glossary terms", "build s", "find s", "of translating %")
        rows = [
            [f"{s.n_terms:,}", f"{s.build_s:.2f}", f"{s.find_s:.3f}", f"{s.share * 100:.2f}"]
            for s in measured.speeds
        ]
        lines += ["", *markdown(sizes, rows, left=())]
    return "\n".join(lines)


def _segments(sources: Sequence[str], terms: Terms) -> list[Segment]:
    return [
        Segment("bench", str(number), f"line {number + 1}", 0, source, terms=some)
        for number, (source, some) in enumerate(zip(sources, terms, strict=True))
    ]


def _score(
    names: tuple[str, str], asked: Terms, targets: Sequence[str], references: Sequence[str], speed: float
) -> Scores:
    pairs = [(term, target) for some, target in zip(asked, targets, strict=True) for term in some]
    n_lemma = sum(not missed([term], target) for term, target in pairs)
    return Scores(
        terms=names[0],
        mode=names[1],
        n_segments=len(targets),
        n_terms=len(pairs),
        exact=sum(used_exactly(term, target) for term, target in pairs) / len(pairs),
        lemma=n_lemma / len(pairs),
        consistency=_consistency(pairs),
        bleu=bleu(targets, references),
        chrf=chrf(targets, references),
        words_per_s=speed,
    )


def _consistency(pairs: Sequence[tuple[Term, str]]) -> float | None:
    """Over all segments as one document; a target is one that any segment asks for that source."""
    known: dict[str, dict[str, None]] = defaultdict(dict)
    for term, _ in pairs:
        known[fold(term.source)].update(dict.fromkeys(term.targets))
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for term, target in pairs:
        source = fold(term.source)
        groups[source][next((t for t in known[source] if target_pattern(t).search(target)), "")] += 1
    return consistency(groups.values())


def _match_speed(n_terms: int, texts: Sequence[str], plain_s: float, seed: int) -> MatchSpeed:
    glossary = filler(n_terms, texts, seed)
    started = time.process_time()
    matcher = Matcher(glossary)
    built = time.process_time()
    for text in texts:
        matcher.find_terms(text)
    found = time.process_time()
    return MatchSpeed(n_terms, built - started, found - built, (found - built) / plain_s)
