"""What a worker does with a batch of segments: engine → terms → marks → steps → checks.

Try, check, and where a check objects try again in another manner; the best attempt stays. The
attempts, in order: greedy; with a beam (loops, runaways, lost marks); with figures and terms behind
marks (wrong figures, missed terms); the text between literals piece by piece (lost literals).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from batchtx.checks import CHECKS
from batchtx.engines import build_engine
from batchtx.engines.spec import EngineSpec
from batchtx.glossary.enforce import missed
from batchtx.pipeline.drafts import Draft, Manner, Part, make_parts, read_hypotheses
from batchtx.postprocess import STEPS
from batchtx.protocols import Check, Engine, Step
from batchtx.records import Flag, Hypothesis, Segment, Severity
from batchtx.registry import resolve
from batchtx.text.codes import CODE, code_fault, codes_at_edges
from batchtx.text.numbering import translate_head
from batchtx.text.repetition import looping
from batchtx.text.scripts import translatable

PIPELINE_REVISION = 3
"""Raised when the same engine, model, steps and checks would give other targets than before."""

_WEIGHTS: dict[Severity, int] = {"minor": 1, "major": 10, "critical": 100}
_BEAM = 2
_NUMBER_CHECK = "numbers"
_ANY_LANGUAGE = frozenset({"marks_removed", "prompts_removed", "loops_collapsed", "literals_rejoined"})


@dataclass(frozen=True, slots=True)
class WorkSpec:
    """All that a worker needs to know."""

    engine: EngineSpec
    source_language: str = "zh"
    target_language: str = "en"
    steps: tuple[str, ...] = tuple(STEPS)
    checks: tuple[str, ...] = tuple(CHECKS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one segment in a worker; `failed` when nothing could be done."""

    target: str
    score: float | None = None
    flags: tuple[Flag, ...] = ()
    failed: bool = False


@dataclass(slots=True)
class _Attempt:
    """The best so far for one segment; lower cost is better. `astray`: the model repeats itself, or
    did not come to an end."""

    segment: Segment
    draft: Draft | None = None
    astray: bool = False
    outcome: Outcome | None = None
    cost: int = 1 << 30


class Worker:
    """Holds one engine; called with a batch of segments, gives one outcome each, in order."""

    def __init__(self, spec: WorkSpec) -> None:
        self._engine: Engine = build_engine(spec.engine)
        self._language = spec.source_language
        self._to_english = spec.target_language == "en" and spec.engine.engine != "echo"
        steps = spec.steps if self._to_english else [name for name in spec.steps if name in _ANY_LANGUAGE]
        self._steps: list[Step] = [resolve("steps", name, STEPS) for name in steps]
        self._checks: list[tuple[str, Check]] = [
            (name, resolve("checks", name, CHECKS)) for name in spec.checks
        ]

    def __call__(self, segments: Sequence[Segment]) -> list[Outcome]:
        attempts = [_Attempt(segment) for segment in segments]
        for attempt in attempts:
            head = _by_rule(attempt.segment) if self._to_english else None
            if head is not None:
                attempt.outcome, attempt.cost = Outcome(head), 0
        for manner, wanted in self._manners():
            self._attempt([a for a in attempts if a.cost and wanted(a)], manner)
        return [attempt.outcome for attempt in attempts if attempt.outcome is not None]

    def _manners(self) -> Iterator[tuple[Manner, Callable[[_Attempt], bool]]]:
        """The ways to try, each with the question whether a segment needs it."""
        masks = self._engine.placeholders
        terms = "inline" if self._engine.inline_terms else "none"
        plain = Manner(masks=masks, terms=terms)
        yield plain, lambda attempt: True
        yield replace(plain, beam_size=_BEAM), _lost_its_way
        if masks:
            yield replace(plain, numbers=True, terms="masked"), _numbers_or_terms_wrong
        yield replace(plain, fragments=True), lambda attempt: attempt.draft is None or attempt.draft.lost

    def _attempt(self, attempts: Sequence[_Attempt], manner: Manner) -> None:
        jobs = [
            (a, make_parts(a.segment, manner, self._limit, self._engine.count_tokens, self._language))
            for a in attempts
        ]
        hypotheses = self._translate([part for _, parts in jobs for part in parts], manner.beam_size)
        for attempt, parts in jobs:
            found = [next(hypotheses) for _ in parts]
            draft = read_hypotheses(attempt.segment, parts, found)
            astray = not draft.complete or looping(draft.target, attempt.segment.source)
            outcome = self._finish(attempt.segment, draft, astray)
            cost = sum(_WEIGHTS[flag.severity] for flag in outcome.flags) + 1000 * draft.lost + 1
            if cost < attempt.cost:
                attempt.draft, attempt.astray = draft, astray
                attempt.outcome, attempt.cost = outcome, cost

    @property
    def _limit(self) -> int:
        return self._engine.max_source_tokens

    def _translate(self, parts: Sequence[Part], beam_size: int) -> Iterator[Hypothesis | None]:
        """One hypothesis per part in order, None for parts without an engine source."""
        found = [self._without_engine(part) for part in parts]
        for align in (False, True):
            numbers = [
                number
                for number, part in enumerate(parts)
                if part.engine_source is not None
                and found[number] is None
                and bool(CODE.search(part.source)) is align
            ]
            sources = [parts[number].engine_source or "" for number in numbers]
            if sources:
                answers = self._engine.translate(sources, beam_size=beam_size, align=align)
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


def _by_rule(segment: Segment) -> str | None:
    """Numbering heads, and the word before an automatic caption number, which stands alone: 图 | 1-2."""
    head = translate_head(segment.source)
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


def _numbers_or_terms_wrong(attempt: _Attempt) -> bool:
    outcome = attempt.outcome
    if outcome is None or any(flag.check == _NUMBER_CHECK for flag in outcome.flags):
        return True
    required = [term for term in attempt.segment.terms if term.required]
    return bool(missed(required, outcome.target))


def _draft_flags(segment: Segment, draft: Draft, astray: bool, fault: str | None) -> Iterator[Flag]:
    if segment.forced:
        yield Flag("forced_cut", "the sentence was too long for the model and was cut: read across the cut")
    if astray:
        yield Flag("runaway", "the model repeated itself or found no end: read it all", "major")
    if draft.lost:
        yield Flag("literal_lost", "a URL, code or placeholder of the source is missing or doubled", "major")
    if fault is not None:
        yield Flag("codes", f"inline codes: {fault}; they were put back at the edges", "major")
    elif draft.placed == "fallback" and CODE.search(segment.source):
        yield Flag(
            "codes_moved", "links, notes or formatting were placed by position: check that they are right"
        )
