"""What a worker does with a batch of segments: engine → terms → placeholders → steps → checks.

Try, check, and where a check objects try again with another strategy (`strategies.STRATEGIES`); the best
attempt stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from batchtx.checks import CHECKS
from batchtx.engines import build_engine, find_engine
from batchtx.engines.spec import EngineSpec
from batchtx.inline.span_tree import span_texts
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.language.pair import NEUTRAL_STEPS, NO_RULES, find_pair
from batchtx.postprocess import STEPS
from batchtx.protocols import Check, Engine, Step
from batchtx.quality.estimate import estimator
from batchtx.records import Flag, Hypothesis, Outcome, Segment
from batchtx.registry import resolve
from batchtx.text.inline_codes import CODE, code_fault, codes_at_edges
from batchtx.text.normalize import normalize
from batchtx.text.repetition import looping
from batchtx.worker.assembly import AssembledTarget, assemble
from batchtx.worker.engine_input import EngineInput, InputContext, InputOptions, engine_inputs
from batchtx.worker.strategies import BY_RULE, STRATEGIES, Attempt, cost, missed_terms

PIPELINE_REVISION = 12
"""Raised when the same engine, model, steps and checks would give other targets than before."""

_OTHER_BEAMS = (2, 4)  # the first that is not the beam of the first attempt
_MOST_SPAN_TRANSLATIONS = 10_000
_UNSURE = Flag("low_confidence", "the model is unsure here: compare the translation with the source")


@dataclass(frozen=True, slots=True)
class WorkSpec:
    """All that a worker needs to know.

    `steps`, `checks`, `rules` None: those of the language pair. Without `estimate` a score stays the
    model's log-probability.
    """

    engine: EngineSpec
    source_language: str = DEFAULT_SOURCE
    target_language: str = DEFAULT_TARGET
    steps: tuple[str, ...] | None = None
    checks: tuple[str, ...] | None = None
    estimate: bool = True
    rules: tuple[str, ...] | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of rules that hold; none for an engine that does not translate."""
        if not find_engine(self.engine.engine).needs_model:
            return ()
        pair = find_pair(self.source_language, self.target_language)
        return pair.rules.kinds if self.rules is None else self.rules


class Worker:
    """Holds one engine; called with a batch of segments, gives one outcome each, in order."""

    def __init__(self, spec: WorkSpec) -> None:
        self._engine: Engine = build_engine(spec.engine)
        self._beam_size = spec.engine.beam_size
        self._other_beam = next(size for size in _OTHER_BEAMS if size != self._beam_size)
        pair = find_pair(spec.source_language, spec.target_language)
        translates = self._engine.translates
        steps = (pair.steps if spec.steps is None else spec.steps) if translates else NEUTRAL_STEPS
        checks = pair.checks if spec.checks is None else spec.checks
        self._rules = pair.rules if translates else NO_RULES
        self._words_apart = translates and pair.spaced
        self._steps: list[Step] = [resolve("steps", name, STEPS) for name in steps]
        self._checks: list[Check] = [resolve("checks", name, CHECKS) for name in checks]
        self._context = InputContext(
            has_source=pair.has_source,
            placeholders=self._engine.placeholders,
            inline_terms=self._engine.inline_terms,
            max_source_tokens=self._engine.max_source_tokens,
            count_tokens=self._engine.count_tokens,
            rules=self._rules,
            kinds=(pair.rules.kinds if spec.rules is None else spec.rules) if translates else (),
        )
        self._span_translations: dict[str, str] = {}
        self._estimator = estimator(spec.source_language, spec.target_language) if spec.estimate else None

    def __call__(self, segments: Sequence[Segment]) -> list[Outcome]:
        attempts = [Attempt(segment) for segment in segments]
        for attempt in attempts:
            target = self._rules.whole_segment(attempt.segment)
            if target is not None:
                attempt.outcome, attempt.cost = Outcome(target), 0
        for strategy in STRATEGIES:
            if self._engine.placeholders or not strategy.masks:
                self._attempt([a for a in attempts if a.cost and strategy.when(a)], strategy.options)
        return [self._estimated(a.segment, a.outcome) for a in attempts if a.outcome is not None]

    def _attempt(self, attempts: Sequence[Attempt], options: InputOptions) -> None:
        jobs = [(a, engine_inputs(_as_asked(a, options), options, self._context)) for a in attempts]
        hypotheses = self._translate([engine_input for _, inputs in jobs for engine_input in inputs], options)
        self._translate_spans(
            [
                t
                for a, inputs in jobs
                for engine_input in inputs
                for t in span_texts(engine_input.source, a.segment.codes)
            ]
        )
        for attempt, inputs in jobs:
            found = [next(hypotheses) for _ in inputs]
            assembled = assemble(attempt.segment, inputs, found, self._span_translations)
            degenerate = not assembled.complete or looping(assembled.target, attempt.segment.source)
            outcome = self._finish(attempt.segment, assembled, degenerate)
            lacking = missed_terms(attempt.segment, outcome.target)
            this_cost = cost(outcome, assembled, lacking)
            if this_cost < attempt.cost:
                attempt.assembled, attempt.degenerate = assembled, degenerate
                attempt.outcome, attempt.missed, attempt.cost = outcome, lacking, this_cost

    def _translate_spans(self, texts: Sequence[str]) -> None:
        """Translate links and bold words by themselves: their words are sought in the sentence."""
        new = [text for text in dict.fromkeys(texts) if text not in self._span_translations]
        if not new or not self._words_apart:
            return
        if len(self._span_translations) > _MOST_SPAN_TRANSLATIONS:
            self._span_translations.clear()
            new = list(dict.fromkeys(texts))
        answers = self._engine.translate([normalize(text) for text in new], beam_size=1, align=False)
        self._span_translations.update(zip(new, (answer.text for answer in answers), strict=True))

    def _translate(self, inputs: Sequence[EngineInput], options: InputOptions) -> Iterator[Hypothesis | None]:
        """One hypothesis per part in order, None for parts without an engine source."""
        beam_size = self._other_beam if options.other_beam else self._beam_size
        found = [self._without_engine(engine_input) for engine_input in inputs]
        for align in (False, True):
            numbers = [
                number
                for number, engine_input in enumerate(inputs)
                if engine_input.engine_source is not None
                and found[number] is None
                and (options.repair or bool(CODE.search(engine_input.source))) is align
            ]
            sources = [inputs[number].engine_source or "" for number in numbers]
            if sources:
                answers = self._engine.translate(sources, beam_size=beam_size, align=align)
                for number, answer in zip(numbers, answers, strict=True):
                    found[number] = answer
        return iter(found)

    def _without_engine(self, engine_input: EngineInput) -> Hypothesis | None:
        """A part of which only placeholders are left is its own translation."""
        if engine_input.engine_source is None or self._context.has_source(engine_input.engine_source):
            return None
        return Hypothesis(engine_input.engine_source)

    def _finish(self, segment: Segment, assembled: AssembledTarget, degenerate: bool) -> Outcome:
        target = assembled.target
        if not assembled.copied:
            for step in self._steps:
                target = step(target, segment)
        fault = code_fault(segment.source, target, segment.codes)
        if fault is not None:
            target = codes_at_edges(segment.source, target)
        flags = [flag for check in self._checks if (flag := check(segment, target)) is not None]
        flags += _assembly_flags(segment, assembled, degenerate, fault)
        return Outcome(target, assembled.score, tuple(flags))

    def _estimated(self, segment: Segment, outcome: Outcome) -> Outcome:
        """The outcome with its estimated quality as score, flagged when that is low."""
        if self._estimator is None or outcome.score is None:
            return outcome
        score = self._estimator.estimate(segment, outcome.target, outcome.score, outcome.flags)
        flags = (*outcome.flags, _UNSURE) if score < self._estimator.low else outcome.flags
        return Outcome(outcome.target, score, flags)


def build_worker(spec: WorkSpec) -> Worker:
    """Builds the worker in this process."""
    return Worker(spec)


def give_up(segment: Segment, reason: str) -> Outcome:
    """Returns the outcome of a segment that no worker survives: its source stays in the document."""
    message = f"not translated, the source text stands here: {reason}"
    return Outcome(segment.source, None, (Flag("failed", message, "critical"),), failed=True)


def _as_asked(attempt: Attempt, options: InputOptions) -> Segment:
    """The segment, the terms that the best attempt so far missed marked as to be forced."""
    segment = attempt.segment
    if not options.force or not attempt.missed:
        return segment
    lost = {term.source for term in attempt.missed}
    terms = (replace(t, use="force") if t.source in lost else t for t in segment.terms)
    return replace(segment, terms=tuple(terms))


def _assembly_flags(
    segment: Segment, assembled: AssembledTarget, degenerate: bool, fault: str | None
) -> Iterator[Flag]:
    if segment.forced:
        yield Flag("forced_cut", "the sentence was too long for the model and was cut: read across the cut")
    if degenerate:
        yield Flag("runaway", "the model repeated itself or found no end: read it all", "critical")
    for repair in assembled.repairs:
        term = repair.term
        yield Flag("term_repaired", f"{term.source}: {term.targets[0]} was put in place of {repair.replaced}")
    if assembled.constrained:
        shown = ", ".join(f"{term.source} → {term.targets[0]}" for term in assembled.constrained)
        yield Flag("term_forced", f"put in after the engine missed it: {shown}")
    if assembled.names:
        shown = ", ".join(dict.fromkeys(f"{source} → {target}" for source, target in assembled.names))
        yield Flag(BY_RULE, f"names translated by rule: {shown}")
    if assembled.lost:
        yield Flag("literal_lost", "a URL, code or placeholder of the source is missing or doubled", "major")
    if fault is not None:
        yield Flag("codes", f"inline codes: {fault}; they were put back at the edges", "major")
    elif assembled.placed == "fallback" and CODE.search(segment.source):
        yield Flag(
            "codes_moved", "links, notes or formatting were placed by position: check that they are right"
        )
