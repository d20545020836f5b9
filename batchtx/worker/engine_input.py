"""From a segment to what an engine reads.

A segment becomes one input, or several where it is longer than the model's limit or needs more
placeholders than engines know. Each input: codes taken out, normalised, literals masked, terms annotated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from batchtx.glossary.enforce import MaskedTerms, annotate, terms_as_placeholders
from batchtx.language.pair import NO_RULES, FindQuantities, Rules
from batchtx.records import Segment, Term
from batchtx.text.inline_codes import CODE, strip_codes
from batchtx.text.literals import literals
from batchtx.text.normalize import normalize
from batchtx.text.protect import MAX_PLACEHOLDERS, Masked, move_terms, protect
from batchtx.text.spans import Quantity, overlaps
from batchtx.text.split import split_long

_CLAUSE_END = re.compile("[，；：。！？;:]")
_SHORTEST_CLAUSE = 6
_NO_NAMES = frozenset({"amounts", "parties", "phrases"})
_HIDDEN = "\ufffc"
"""Stands for a character of a term where quantities are sought; part of none."""


@dataclass(frozen=True, slots=True)
class EngineInput:
    """A piece of a segment on its way through the engine.

    `source` is the piece as it stands in the segment, codes and all. `engine_source` is what the
    engine reads; None when nothing in it needs an engine. `masked` tells what its placeholders stand for,
    `terms` which of them are terms; `literals` went in as they are and must come out so. `requested` are
    the terms that the engine may miss, where they stand in what it reads, `constrained` those put in for it;
    `names` were translated by rule.
    """

    source: str
    engine_source: str | None
    masked: Masked
    terms: MaskedTerms | None = None
    literals: tuple[str, ...] = ()
    requested: tuple[Term, ...] = ()
    constrained: tuple[Term, ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    @property
    def placeholder_lengths(self) -> list[int]:
        """How many characters of the normalised source each placeholder stands for."""
        terms = self.terms.terms if self.terms else ()
        spans = [*self.masked.spans, *((term.start, term.end) for term in terms)]
        return [end - start for start, end in spans]


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How a segment is put to the engine.

    `quantities`: dates and amounts go through as placeholders that come back in English. `numbers`: all
    that has figures does, references and durations too. `repair`: missed terms are put in by alignment.
    `force`: those missed so far go behind placeholders. `cuts`: how often the sentence is cut in two.
    `fragments`: the text between literals is translated piece by piece, which no engine can spoil.
    `other_beam`: the search is wider, or narrower, than in the first attempt.
    """

    quantities: bool = True
    numbers: bool = False
    repair: bool = False
    force: bool = False
    cuts: int = 0
    fragments: bool = False
    other_beam: bool = False


@dataclass(frozen=True, slots=True)
class InputContext:
    """What an engine can read, and what is known of its languages.

    `has_source`: whether a text has anything to translate. `placeholders`: the engine copies ⟦1⟧; without,
    literals go in as they are. `inline_terms`: it was trained on annotated terms. `rules`: what has its
    target without it.
    """

    has_source: Callable[[str], bool]
    placeholders: bool
    inline_terms: bool
    max_source_tokens: int
    count_tokens: Callable[[str], int]
    rules: Rules = NO_RULES
    kinds: tuple[str, ...] = ()


def engine_inputs(segment: Segment, options: InputOptions, context: InputContext) -> list[EngineInput]:
    """Returns the inputs that a segment becomes, each within the engine's limit."""
    limit, pieces = context.max_source_tokens, [segment.source]
    if _may_exceed(segment.source, limit):
        pieces = split_long(segment.source, limit, context.count_tokens)
    if options.fragments:
        pieces = [fragment for piece in pieces for fragment in _fragments(piece)]
    for _ in range(options.cuts):
        pieces = [half for piece in pieces for half in _halves(piece)]
    applied = [term for term in segment.terms if term.use != "check"]
    inputs: list[EngineInput] = []
    start = 0
    for piece in pieces:
        standing = _within(applied, start, start + len(piece))
        inputs += _inputs_of_piece(piece, standing, options, context, segment.persons)
        start += len(piece)
    return inputs


def _inputs_of_piece(
    piece: str,
    terms: Sequence[Term],
    options: InputOptions,
    context: InputContext,
    persons: Sequence[str],
) -> list[EngineInput]:
    plain, _ = strip_codes(piece)
    if not context.has_source(plain):
        return [EngineInput(piece, None, Masked(plain))]
    text = normalize(plain)
    standing = _in_normalized(piece, text, terms)
    if not context.placeholders:
        return [_unmasked(piece, text, standing)]
    untouched = [(term.start, term.end) for term in standing if term.targets == (term.source,)]
    rendered: list[Quantity] = []
    if options.quantities:
        find = partial(
            context.rules.quantities, doubtful=options.numbers, kinds=context.kinds, persons=persons
        )
        standing, rendered = _by_rule(context.rules, find, piece, text, standing)
    masked = protect(text, keep=untouched, rendered=rendered, numbers=options.numbers)
    if masked is None:
        return _in_halves(piece, terms, options, context, persons)
    standing = move_terms(standing, masked)
    if _is_all(masked.text, standing):
        whole = terms_as_placeholders(masked, standing)
        return [EngineInput(piece, whole.masked.text, whole.masked, whole)]
    behind = terms_as_placeholders(masked, [term for term in standing if term.use == "force"])
    placeholders = [f"⟦{number}⟧" for number in range(behind.first, behind.first + len(behind.terms))]
    source, requested = _with_others(
        masked.text, standing, dict(zip(behind.terms, placeholders, strict=True))
    )
    if context.inline_terms:
        source, requested = annotate(source, requested)
    forced = behind if behind.terms else None
    names = _names(text, masked, rendered)
    return [EngineInput(piece, source, behind.masked, forced, (), requested, behind.terms, names)]


def _names(text: str, masked: Masked, rendered: Sequence[Quantity]) -> tuple[tuple[str, str], ...]:
    """What names persons, places, organisations or documents and goes through as its English."""
    names = (one for one in rendered if one.kind not in _NO_NAMES and (one.start, one.end) in masked.spans)
    return tuple((text[one.start : one.end], one.target) for one in names)


def _by_rule(
    rules: Rules, find: FindQuantities, piece: str, text: str, terms: Sequence[Term]
) -> tuple[tuple[Term, ...], list[Quantity]]:
    """What has its English from a rule, and the terms that it does not say.

    In 人民币三十万元 the term 人民币 is said by "RMB 300,000". Where the glossary wants another word, the
    amount is found beside the term. A name is the glossary's wherever it has it.
    """
    found = [_alone(one, text) for one in find(text)]
    left = tuple(term for term in terms if not any(_says(quantity, term) for quantity in found))
    if left:
        hidden = list(text)
        for term in left:
            hidden[term.start : term.end] = _HIDDEN * (term.end - term.start)
        named = {term.end for term in left if term.source in rules.currencies}
        found = find("".join(hidden), named=named)
    places = [(term.start, term.end) for term in left]
    dates = [date for date in rules.blank_dates(piece, text) if not overlaps(date.start, date.end, places)]
    return left, found + dates


def _alone(quantity: Quantity, text: str) -> Quantity:
    """A name that is the whole text, as in a table's cell, has no article."""
    if (quantity.start, quantity.end) != (0, len(text)):
        return quantity
    return replace(quantity, target=quantity.target.removeprefix("the "))


def _says(quantity: Quantity, term: Term) -> bool:
    inside = quantity.start <= term.start and term.end <= quantity.end
    return inside and quantity.kind == "amounts" and any(target in quantity.target for target in term.targets)


def _unmasked(piece: str, text: str, terms: Sequence[Term]) -> EngineInput:
    """For an engine that copies no placeholders: literals stay, forced terms stand in English in the
    source."""
    kept = tuple(literals(text))
    forced = {term: f" {term.targets[0]} " for term in terms if term.use == "force"}
    source, requested = _with_others(text, terms, forced)
    return EngineInput(piece, source, Masked(source), None, kept, requested, tuple(forced))


def _with_others(
    text: str, terms: Sequence[Term], others: Mapping[Term, str]
) -> tuple[str, tuple[Term, ...]]:
    """The text with some terms exchanged for others, and the rest of the terms where they stand in it."""
    parts: list[str] = []
    rest: list[Term] = []
    done = shift = 0
    for term in terms:
        if term not in others:
            rest.append(replace(term, start=term.start + shift, end=term.end + shift))
            continue
        parts += [text[done : term.start], others[term]]
        shift += len(others[term]) - (term.end - term.start)
        done = term.end
    return "".join([*parts, text[done:]]), tuple(rest)


def _within(terms: Sequence[Term], start: int, end: int) -> list[Term]:
    """The terms of a piece, with offsets in the piece."""
    return [
        replace(term, start=term.start - start, end=term.end - start)
        for term in terms
        if start <= term.start and term.end <= end
    ]


def _in_halves(
    piece: str,
    terms: Sequence[Term],
    options: InputOptions,
    context: InputContext,
    persons: Sequence[str],
) -> list[EngineInput]:
    inputs: list[EngineInput] = []
    start = 0
    for half in split_long(piece, max(1, len(piece) // 2), len):
        standing = _within(terms, start, start + len(half))
        inputs += _inputs_of_piece(half, standing, options, context, persons)
        start += len(half)
    return inputs


def has_clauses(text: str) -> bool:
    """Returns whether a sentence has a mark of punctuation to be cut at."""
    return any(
        len(text) - match.end() >= _SHORTEST_CLAUSE for match in _CLAUSE_END.finditer(text, _SHORTEST_CLAUSE)
    )


def _halves(piece: str) -> list[str]:
    """The sentence cut in two at the clause mark nearest to its middle, else wherever two words part."""
    ends = [match.end() for match in _CLAUSE_END.finditer(piece, _SHORTEST_CLAUSE)]
    fitting = [end for end in ends if len(piece) - end >= _SHORTEST_CLAUSE]
    if not fitting:
        return split_long(piece, max(2 * _SHORTEST_CLAUSE, -(-len(piece) // 2)), len)
    middle = min(fitting, key=lambda end: abs(2 * end - len(piece)))
    return [piece[:middle], piece[middle:]]


def _is_all(text: str, terms: Sequence[Term]) -> bool:
    """The text is one term and nothing else: a table cell, a label."""
    return len(terms) == 1 and terms[0].required and (terms[0].start, terms[0].end) == (0, len(text))


def _in_normalized(piece: str, text: str, terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms where they stand in the normalised text; those that it no longer has are left out."""
    found: list[Term] = []
    reach = 0
    for term in terms:
        source = normalize(CODE.sub("", term.source))
        wanted = len(normalize(CODE.sub("", piece[: term.start])))
        places = [match.start() for match in re.finditer(f"(?={re.escape(source)})", text[reach:])]
        if source and places:
            start = reach + min(places, key=lambda place: abs(reach + place - wanted))
            reach = start + len(source)
            found.append(replace(term, start=start, end=reach))
    return tuple(found)


def _fragments(piece: str) -> list[str]:
    """The piece cut around its literals: [text, literal, text, …]; joined it is the piece."""
    masked = protect(piece)
    if masked is None:
        return split_long(piece, max(1, len(piece) // MAX_PLACEHOLDERS), len)
    cuts = sorted({0, len(piece), *(offset for span in masked.spans for offset in span)})
    return [piece[a:b] for a, b in pairwise(cuts)]


def _may_exceed(text: str, limit: int) -> bool:
    """Cheap test: a piece of the vocabulary is at least one UTF-8 byte long."""
    return len(text.encode("utf-8", "surrogatepass")) > limit
