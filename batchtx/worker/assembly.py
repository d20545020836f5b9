"""From what an engine said to a target with everything back: codes placed, literals restored, parts
joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from batchtx.glossary.enforce import restore_terms
from batchtx.inline.alignment import AlignmentEvidence, project_links, source_spans
from batchtx.inline.placement import Placed, place_codes
from batchtx.inline.span_tree import span_texts
from batchtx.records import Code, Hypothesis, Segment, Term
from batchtx.text.inline_codes import strip_codes
from batchtx.text.protect import PLACEHOLDER, Restored, restore
from batchtx.worker.engine_input import EngineInput
from batchtx.worker.term_repair import Repair, repair_terms


@dataclass(frozen=True, slots=True)
class AssembledTarget:
    """A segment's target before post-processing. `lost` names what did not come back, `repairs` the
    terms put in by alignment, `constrained` those that were put in for the engine, `names` what rules
    put into English."""

    target: str
    score: float | None
    placed: Placed
    complete: bool
    lost: bool
    copied: bool
    repairs: tuple[Repair, ...] = ()
    constrained: tuple[Term, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


def assemble(
    segment: Segment,
    inputs: Sequence[EngineInput],
    hypotheses: Sequence[Hypothesis | None],
    span_translations: Mapping[str, str],
) -> AssembledTarget:
    """Puts the parts of a segment together again; `hypotheses[i]` is None where a part needed no engine.

    `span_translations`: see `AlignmentEvidence`.
    """
    targets: list[str] = []
    placed: Placed = "exact"
    lost = False
    repairs: tuple[Repair, ...] = ()
    for engine_input, hypothesis in zip(inputs, hypotheses, strict=True):
        if hypothesis is None or _is_unchanged(engine_input, hypothesis):
            targets.append(engine_input.source)
            continue
        hypothesis, put_in = repair_terms(engine_input.requested, hypothesis)
        repairs += put_in
        text, coded, how, whole = _placed(engine_input, hypothesis, segment.codes, span_translations)
        placed = how if how == "fallback" or placed == "exact" else placed
        lost = lost or not whole or any(literal not in text for literal in engine_input.literals)
        targets.append(coded)
    scores = [h.score for h in hypotheses if h is not None and h.score is not None]
    return AssembledTarget(
        target=_join(targets),
        score=min(scores) if scores else None,
        placed=placed,
        complete=all(h is None or h.complete for h in hypotheses),
        lost=lost,
        copied=targets == [engine_input.source for engine_input in inputs],
        repairs=repairs,
        constrained=tuple(term for engine_input in inputs for term in engine_input.constrained),
        names=tuple(name for engine_input in inputs for name in engine_input.names),
    )


def _is_unchanged(engine_input: EngineInput, hypothesis: Hypothesis) -> bool:
    """Whether the engine gave back what it read, and nothing in it stands for something else."""
    replaced = engine_input.constrained or engine_input.terms is not None or not engine_input.masked.verbatim
    return not replaced and hypothesis.text == engine_input.engine_source


def _placed(
    engine_input: EngineInput,
    hypothesis: Hypothesis,
    codes: Sequence[Code],
    span_translations: Mapping[str, str],
) -> tuple[str, str, Placed, bool]:
    """What the engine said with what its placeholders stand for, the same with the codes of the source,
    how well their places are known, and whether all placeholders came back."""
    back = _restored(hypothesis.text, engine_input)
    restored = back or _without_placeholders(hypothesis.text)
    plain, positions = strip_codes(engine_input.source)
    evidence = AlignmentEvidence()
    if positions and hypothesis.alignment is not None and engine_input.engine_source is not None:
        spans = source_spans(engine_input.engine_source, plain, engine_input.placeholder_lengths)
        evidence = project_links(
            hypothesis.alignment, spans, engine_input.engine_source, hypothesis.text, restored
        )
    known = {
        text: span_translations[text]
        for text in span_texts(engine_input.source, codes)
        if text in span_translations
    }
    evidence = replace(evidence, span_translations=known)  # not what other segments of the batch asked for
    coded, how = place_codes(engine_input.source, restored.text, codes, evidence)
    return restored.text, coded, how, back is not None


def _restored(said: str, engine_input: EngineInput) -> Restored | None:
    if engine_input.terms is not None:
        return restore_terms(said, engine_input.terms)
    return restore(said, engine_input.masked) if engine_input.masked.originals else Restored(said)


def _without_placeholders(said: str) -> Restored:
    parts = PLACEHOLDER.split(said)[::2]
    ends = list(accumulate(map(len, parts)))
    return Restored("".join(parts), tuple((end, end) for end in ends[:-1]))


def _join(targets: Sequence[str]) -> str:
    """Parts joined by a space where words would touch."""
    joined = ""
    for target in targets:
        touching = joined and target and joined[-1].isalnum() and target[0].isalnum()
        joined += (
            " " if touching or (joined and joined[-1] in ",.;:!?" and target[:1].isalpha()) else ""
        ) + target
    return joined
