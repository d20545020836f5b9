"""From a segment to what an engine reads, and from what it says to a target with everything back.

A segment becomes one part, or several where it is longer than the model's limit or needs more
marks than engines know. Each part: codes taken out, normalised, literals masked, terms annotated;
and on the way back: codes placed, literals restored, parts joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from batchtx.glossary.enforce import MaskedTerms, annotate, restore_terms, terms_as_placeholders
from batchtx.pipeline.placement import Placed, place_codes
from batchtx.records import Hypothesis, Link, Segment, Term
from batchtx.text.codes import CODE, strip_codes
from batchtx.text.literals import literals
from batchtx.text.normalize import normalize
from batchtx.text.protect import MAX_MARKS, Masked, protect, restore
from batchtx.text.scripts import translatable
from batchtx.text.split import split_long

_MARK = re.compile(r"⟦\d+⟧")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a segment on its way through the engine.

    `source` is the piece as it stands in the segment, codes and all. `engine_source` is what the
    engine reads; None when nothing in it needs an engine. `masked` tells what its marks stand for,
    `terms` which of them are terms; `literals` went in as they are and must come out so.
    """

    source: str
    engine_source: str | None
    masked: Masked
    terms: MaskedTerms | None = None
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a segment is put to the engine.

    `masks` tells whether the engine copies marks; without, literals go in as they are.
    `numbers`: figures are masked too. `terms`: "none", "inline" (annotated for a student that knows
    how) or "masked" (a mark that comes back as the target term). `fragments`: the text between
    literals is translated piece by piece, which no engine can spoil.
    """

    masks: bool
    numbers: bool = False
    terms: str = "none"
    fragments: bool = False
    beam_size: int = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A segment's target before post-processing. `lost` names what did not come back."""

    target: str
    score: float | None
    placed: Placed
    complete: bool
    lost: bool
    copied: bool


def make_parts(
    segment: Segment, manner: Manner, limit: int, count: Callable[[str], int], language: str
) -> list[Part]:
    """The parts of a segment, each within `limit` tokens as `count` counts them."""
    pieces = (
        split_long(segment.source, limit, count) if _may_exceed(segment.source, limit) else [segment.source]
    )
    if manner.fragments:
        pieces = [fragment for piece in pieces for fragment in _fragments(piece)]
    parts: list[Part] = []
    start = 0
    for piece in pieces:
        terms = [t for t in segment.terms if start <= t.start and t.end <= start + len(piece)]
        parts += _make_part(piece, terms, manner, language)
        start += len(piece)
    return parts


def read_hypotheses(
    segment: Segment, parts: Sequence[Part], hypotheses: Sequence[Hypothesis | None]
) -> Draft:
    """Put the parts of a segment together again; `hypotheses[i]` is None where a part needed no engine."""
    targets: list[str] = []
    placed: Placed = "exact"
    lost = False
    for part, hypothesis in zip(parts, hypotheses, strict=True):
        if hypothesis is None or (hypothesis.text == part.engine_source and part.terms is None):
            targets.append(part.source)
            continue
        links = _links_to_source(part, hypothesis)
        coded, how = place_codes(part.source, hypothesis.text, segment.codes, links)
        placed = how if how == "fallback" or placed == "exact" else placed
        restored = _restore(coded, part)
        lost = lost or restored is None or any(literal not in coded for literal in part.literals)
        targets.append(_MARK.sub("", coded) if restored is None else restored)
    scores = [h.score for h in hypotheses if h is not None and h.score is not None]
    return Draft(
        target=_join(targets),
        score=min(scores) if scores else None,
        placed=placed,
        complete=all(h is None or h.complete for h in hypotheses),
        lost=lost,
        copied=targets == [part.source for part in parts],
    )


def _make_part(piece: str, terms: Sequence[Term], manner: Manner, language: str) -> list[Part]:
    plain, _ = strip_codes(piece)
    if not translatable(plain, language):
        return [Part(piece, None, Masked(plain))]
    text = normalize(plain)
    terms = _found_again(text, terms) if terms else ()
    if not manner.masks:
        return [Part(piece, text, Masked(text), literals=tuple(literals(text)))]
    untouched = [(term.start, term.end) for term in terms if term.targets == (term.source,)]
    masked = protect(text, numbers=manner.numbers, keep=untouched)
    if masked is None:
        halves = split_long(piece, max(1, len(piece) // 2), len)
        return [part for half in halves for part in _make_part(half, terms, manner, language)]
    terms = _found_again(masked.text, [term for term in terms if term.targets != (term.source,)])
    if manner.terms == "masked" or _is_all(masked.text, terms):
        masked_terms = terms_as_placeholders(masked, terms)
        return [Part(piece, masked_terms.masked.text, masked_terms.masked, masked_terms)]
    source = annotate(masked.text, terms) if manner.terms == "inline" else masked.text
    return [Part(piece, source, masked)]


def _is_all(text: str, terms: Sequence[Term]) -> bool:
    """The text is one term and nothing else: a table cell, a label."""
    return len(terms) == 1 and terms[0].required and (terms[0].start, terms[0].end) == (0, len(text))


def _restore(coded: str, part: Part) -> str | None:
    if part.terms is not None:
        return restore_terms(coded, part.terms)
    return restore(coded, part.masked) if part.masked.originals else coded


def _found_again(text: str, terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms where they stand in a changed text: left to right, those that are still there."""
    found: list[Term] = []
    reach = 0
    for term in terms:
        start = text.find(normalize(CODE.sub("", term.source)), reach)
        if start >= 0:
            end = start + len(normalize(CODE.sub("", term.source)))
            found.append(replace(term, start=start, end=end))
            reach = end
    return tuple(found)


def _fragments(piece: str) -> list[str]:
    """The piece cut around its literals: [text, literal, text, …]; joined it is the piece."""
    masked = protect(piece)
    if masked is None:
        return split_long(piece, max(1, len(piece) // MAX_MARKS), len)
    cuts = sorted({0, len(piece), *(offset for span in masked.spans for offset in span)})
    return [piece[a:b] for a, b in pairwise(cuts)]


def _links_to_source(part: Part, hypothesis: Hypothesis) -> list[Link] | None:
    """The engine's links with source offsets in the part's own text without codes."""
    if hypothesis.alignment is None or part.engine_source is None:
        return None
    plain, positions = strip_codes(part.source)
    if not positions:
        return None
    trace = _trace(part.engine_source, plain)
    return [
        Link(trace[link.source_start], max(trace[link.source_end - 1] + 1, trace[link.source_start] + 1),
             link.target_start, link.target_end)
        for link in hypothesis.alignment
        if link.source_end > link.source_start
    ]  # fmt: skip


def _trace(changed: str, original: str) -> list[int]:
    """For each character of `changed` the offset in `original` that it comes from."""
    trace = [0] * len(changed)
    matcher = SequenceMatcher(None, changed, original, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for offset in range(a, b):
            trace[offset] = min(max(c, d - 1), c + (offset - a)) if d > c else max(0, c - 1)
    return trace


def _may_exceed(text: str, limit: int) -> bool:
    """Cheap test: a piece of the vocabulary is at least one UTF-8 byte long."""
    return len(text.encode("utf-8", "surrogatepass")) > limit


def _join(targets: Sequence[str]) -> str:
    """Parts joined by a space where words would touch."""
    joined = ""
    for target in targets:
        touching = joined and target and joined[-1].isalnum() and target[0].isalnum()
        joined += (
            " " if touching or (joined and joined[-1] in ",.;:!?" and target[:1].isalpha()) else ""
        ) + target
    return joined
