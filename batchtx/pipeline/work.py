"""What a worker does with a batch of segments: engine → terms → marks → steps → checks.

Try, check, and where a check objects try again in another manner; the best attempt stays. The
attempts, in order: plain, with dates and amounts put into English by rule; with another beam and
without those rules, then in two and in four pieces (loops, runaways, lost marks); with missed terms
put in by alignment, then behind marks, then the same in pieces; with all figures behind marks (wrong
figures); the text between literals piece by piece (lost literals).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from batchtx.checks import CHECKS
from batchtx.engines import build_engine
from batchtx.engines.spec import EngineSpec
from batchtx.glossary.enforce import missed
from batchtx.pipeline.drafts import Draft, Manner, Part, make_parts, read_hypotheses
from batchtx.pipeline.span_tree import texts_alone
from batchtx.postprocess import STEPS
from batchtx.protocols import Check, Engine, Step
from batchtx.quality.estimate import estimator
from batchtx.records import Flag, Hypothesis, Segment, Severity, Term
from batchtx.registry import resolve
from batchtx.text.blank_dates import blank_date
from batchtx.text.codes import CODE, code_fault, codes_at_edges
from batchtx.text.literals import literals
from batchtx.text.normalize import normalize
from batchtx.text.numbering import translate_head
from batchtx.text.repetition import looping
from batchtx.text.scripts import translatable

PIPELINE_REVISION = 10
"""Raised when the same engine, model, steps and checks would give other targets than before."""

_WEIGHTS: dict[Severity, int] = {"minor": 1, "major": 10, "critical": 100}
_OTHER_BEAMS = (2, 4)  # the first that is not the beam of the first attempt
_TERM_MANNERS = ((0, False), (0, True), (1, False), (1, True), (2, True))
"""For a missed term: how often the sentence is cut in two, and whether the term goes behind a mark."""

_MOST_RENDERINGS = 10_000
_NUMBER_CHECK = "numbers"
_UNSURE = Flag("low_confidence", "the model is unsure here: compare the translation with the source")
_ANY_LANGUAGE = frozenset({"marks_removed", "prompts_removed", "loops_collapsed", "literals_rejoined"})


@dataclass(frozen=True, slots=True)
class WorkSpec:
    """All that a worker needs to know. Without `estimate` a score stays the model's log-probability."""

    engine: EngineSpec
    source_language: str = "zh"
    target_language: str = "en"
    steps: tuple[str, ...] = tuple(STEPS)
    checks: tuple[str, ...] = tuple(CHECKS)
    estimate: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one segment in a worker; `failed` when nothing could be done.

    `score` is the estimated quality, 0 to 1; None where the engine tells nothing.
    """

    target: str
    score: float | None = None
    flags: tuple[Flag, ...] = ()
    failed: bool = False


@dataclass(slots=True)
class _Attempt:
    """The best so far for one segment; lower cost is better. `astray`: the model repeats itself, or
    did not come to an end. `missed`: required terms that the target lacks."""

    segment: Segment
    draft: Draft | None = None
    astray: bool = False
    outcome: Outcome | None = None
    missed: tuple[Term, ...] = ()
    cost: int = 1 << 30


class Worker:
    """Holds one engine; called with a batch of segments, gives one outcome each, in order."""

    def __init__(self, spec: WorkSpec) -> None:
        self._engine: Engine = build_engine(spec.engine)
        self._beam_size = spec.engine.beam_size
        self._language = spec.source_language
        self._to_english = spec.target_language == "en" and spec.engine.engine != "echo"
        steps = spec.steps if self._to_english else [name for name in spec.steps if name in _ANY_LANGUAGE]
        self._steps: list[Step] = [resolve("steps", name, STEPS) for name in steps]
        self._checks: list[tuple[str, Check]] = [
            (name, resolve("checks", name, CHECKS)) for name in spec.checks
        ]
        self._renderings: dict[str, str] = {}
        self._estimator = estimator(spec.source_language, spec.target_language) if spec.estimate else None

    def __call__(self, segments: Sequence[Segment]) -> list[Outcome]:
        attempts = [_Attempt(segment) for segment in segments]
        for attempt in attempts:
            head = _by_rule(attempt.segment) if self._to_english else None
            if head is not None:
                attempt.outcome, attempt.cost = Outcome(head), 0
        for manner, wanted in self._manners():
            self._attempt([a for a in attempts if a.cost and wanted(a)], manner)
        return [self._estimated(a.segment, a.outcome) for a in attempts if a.outcome is not None]

    def _manners(self) -> Iterator[tuple[Manner, Callable[[_Attempt], bool]]]:
        """The ways to try, each with the question whether a segment needs it."""
        masks = self._engine.placeholders
        terms = "inline" if self._engine.inline_terms else "none"
        by_rule = self._to_english and self._language == "zh"
        plain = Manner(masks=masks, terms=terms, quantities=by_rule, beam_size=self._beam_size)
        yield plain, lambda attempt: True
        free = replace(plain, quantities=False)
        other = next(size for size in _OTHER_BEAMS if size != self._beam_size)
        yield replace(free, beam_size=other), _lost_its_way
        for cuts in (1, 2):
            yield replace(plain, cuts=cuts), _may_be_cut
        for cuts, force in _TERM_MANNERS:
            yield replace(plain, repair=True, cuts=cuts, force=force), _terms_missed
        if masks:
            yield replace(plain, numbers=True, repair=True, force=True), _numbers_wrong
        yield replace(free, fragments=True), lambda attempt: attempt.draft is None or attempt.draft.lost

    def _attempt(self, attempts: Sequence[_Attempt], manner: Manner) -> None:
        jobs = [(a, self._make_parts(_as_asked(a, manner), manner)) for a in attempts]
        hypotheses = self._translate([part for _, parts in jobs for part in parts], manner)
        self._render_spans(
            [t for a, parts in jobs for part in parts for t in texts_alone(part.source, a.segment.codes)]
        )
        for attempt, parts in jobs:
            found = [next(hypotheses) for _ in parts]
            draft = read_hypotheses(attempt.segment, parts, found, self._renderings)
            astray = not draft.complete or looping(draft.target, attempt.segment.source)
            outcome = self._finish(attempt.segment, draft, astray)
            cost = sum(_WEIGHTS[flag.severity] for flag in outcome.flags) + 1000 * draft.lost + 1
            lacking = _missed(attempt.segment, outcome.target)
            cost += _WEIGHTS["major"] * len(lacking)
            if cost < attempt.cost:
                attempt.draft, attempt.astray = draft, astray
                attempt.outcome, attempt.missed, attempt.cost = outcome, lacking, cost

    def _render_spans(self, texts: Sequence[str]) -> None:
        """Translate links and bold words by themselves: their words are sought in the sentence."""
        new = [text for text in dict.fromkeys(texts) if text not in self._renderings]
        if not new or not self._to_english:
            return
        if len(self._renderings) > _MOST_RENDERINGS:
            self._renderings.clear()
            new = list(dict.fromkeys(texts))
        answers = self._engine.translate([normalize(text) for text in new], beam_size=1, align=False)
        self._renderings.update(zip(new, (answer.text for answer in answers), strict=True))

    def _make_parts(self, segment: Segment, manner: Manner) -> list[Part]:
        engine = self._engine
        return make_parts(segment, manner, engine.max_source_tokens, engine.count_tokens, self._language)

    def _translate(self, parts: Sequence[Part], manner: Manner) -> Iterator[Hypothesis | None]:
        """One hypothesis per part in order, None for parts without an engine source."""
        found = [self._without_engine(part) for part in parts]
        for align in (False, True):
            numbers = [
                number
                for number, part in enumerate(parts)
                if part.engine_source is not None
                and found[number] is None
                and (manner.repair or bool(CODE.search(part.source))) is align
            ]
            sources = [parts[number].engine_source or "" for number in numbers]
            if sources:
                answers = self._engine.translate(sources, beam_size=manner.beam_size, align=align)
                for number, answer in zip(numbers, answers, strict=True):
                    found[number] = answer
        return iter(found)

    def _without_engine(self, part: Part) -> Hypothesis | None:
        """A part of which only marks are left is its own translation."""
        if part.engine_source is None or translatable(part.engine_source, self._language):
            return None
        return Hypothesis(part.engine_source)

    def _finish(self, segment: Segment, draft: Draft, astray: bool) -> Outcome:
        target = draft.target
        if not draft.copied:
            for step in self._steps:
                target = step(target, segment)
        fault = code_fault(segment.source, target, segment.codes)
        if fault is not None:
            target = codes_at_edges(segment.source, target)
        flags = [flag for _, check in self._checks if (flag := check(segment, target)) is not None]
        flags += _draft_flags(segment, draft, astray, fault)
        return Outcome(target, draft.score, tuple(flags))

    def _estimated(self, segment: Segment, outcome: Outcome) -> Outcome:
        """The outcome with its estimated quality as score, flagged when that is low."""
        if self._estimator is None or outcome.score is None:
            return outcome
        score = self._estimator.estimate(segment, outcome.target, outcome.score, outcome.flags)
        flags = (*outcome.flags, _UNSURE) if score < self._estimator.low else outcome.flags
        return Outcome(outcome.target, score, flags)


def _by_rule(segment: Segment) -> str | None:
    """Numbering heads, dates to fill in, and the word before an automatic caption number: 图 | 1-2."""
    head = translate_head(segment.source) or blank_date(segment.source)
    if head is not None or segment.kind not in ("caption", "label"):
        return head
    return {"图": "Figure", "表": "Table", "公式": "Equation"}.get(segment.source.strip())


def build_worker(spec: WorkSpec) -> Worker:
    """Build the worker in this process."""
    return Worker(spec)


def give_up(segment: Segment, reason: str) -> Outcome:
    """The outcome of a segment that no worker survives: its source stays in the document."""
    message = f"not translated, the source text stands here: {reason}"
    return Outcome(segment.source, None, (Flag("failed", message, "critical"),), failed=True)


def _lost_its_way(attempt: _Attempt) -> bool:
    draft = attempt.draft
    return draft is None or draft.lost or attempt.astray


def _may_be_cut(attempt: _Attempt) -> bool:
    """Not where a cut could run through a URL, which then nobody would miss."""
    return _lost_its_way(attempt) and not literals(attempt.segment.source)


def _numbers_wrong(attempt: _Attempt) -> bool:
    outcome = attempt.outcome
    return outcome is None or any(flag.check == _NUMBER_CHECK for flag in outcome.flags)


def _terms_missed(attempt: _Attempt) -> bool:
    return attempt.outcome is None or bool(attempt.missed)


def _missed(segment: Segment, target: str) -> tuple[Term, ...]:
    """Required terms that the target lacks, and that are not only to be checked."""
    return missed([term for term in segment.terms if term.required and term.use != "check"], target)


def _as_asked(attempt: _Attempt, manner: Manner) -> Segment:
    """The segment, the terms that the best attempt so far missed marked as to be forced."""
    segment = attempt.segment
    if not manner.force or not attempt.missed:
        return segment
    lost = {term.source for term in attempt.missed}
    terms = (replace(t, use="force") if t.source in lost else t for t in segment.terms)
    return replace(segment, terms=tuple(terms))


def _draft_flags(segment: Segment, draft: Draft, astray: bool, fault: str | None) -> Iterator[Flag]:
    if segment.forced:
        yield Flag("forced_cut", "the sentence was too long for the model and was cut: read across the cut")
    if astray:
        yield Flag("runaway", "the model repeated itself or found no end: read it all", "critical")
    for repair in draft.repairs:
        term = repair.term
        yield Flag("term_repaired", f"{term.source}: {term.targets[0]} was put in place of {repair.replaced}")
    if draft.forced:
        shown = ", ".join(f"{term.source} → {term.targets[0]}" for term in draft.forced)
        yield Flag("term_forced", f"put in after the engine missed it: {shown}")
    if draft.lost:
        yield Flag("literal_lost", "a URL, code or placeholder of the source is missing or doubled", "major")
    if fault is not None:
        yield Flag("codes", f"inline codes: {fault}; they were put back at the edges", "major")
    elif draft.placed == "fallback" and CODE.search(segment.source):
        yield Flag(
            "codes_moved", "links, notes or formatting were placed by position: check that they are right"
        )
