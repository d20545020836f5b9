"""The ways in which a worker tries a segment, one after the other; the cheapest attempt stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from batchtx.glossary.enforce import missed
from batchtx.records import Outcome, Segment, Severity, Term
from batchtx.text.literals import literals
from batchtx.worker.assembly import AssembledTarget
from batchtx.worker.engine_input import InputOptions, has_clauses

_WEIGHTS: dict[Severity, int] = {"minor": 1, "major": 10, "critical": 100}
_LOST_LITERAL = 1000
_NUMBER_CHECK = "numbers"
BY_RULE = "by_rule"
"""A flag that says where names come from; nothing speaks against them."""


@dataclass(slots=True)
class Attempt:
    """The best so far for one segment; lower cost is better. `degenerate`: the model repeats itself, or
    did not come to an end. `missed`: required terms that the target lacks."""

    segment: Segment
    assembled: AssembledTarget | None = None
    degenerate: bool = False
    outcome: Outcome | None = None
    missed: tuple[Term, ...] = ()
    cost: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Strategy:
    """One way to try a segment: `when` it is worth a try, and how it is put to the engine.

    `masks` strategies are left out for an engine that copies no placeholders.
    """

    name: str
    when: Callable[[Attempt], bool]
    options: InputOptions
    masks: bool = False


def cost(outcome: Outcome, assembled: AssembledTarget, lacking: tuple[Term, ...]) -> int:
    """Returns what speaks against an attempt, in units of a minor flag; never 0, which a rule costs."""
    flags = sum(_WEIGHTS[flag.severity] for flag in outcome.flags if flag.check != BY_RULE)
    return flags + _LOST_LITERAL * assembled.lost + _WEIGHTS["major"] * len(lacking) + 1


def _is_degenerate(attempt: Attempt) -> bool:
    assembled = attempt.assembled
    return assembled is None or assembled.lost or attempt.degenerate


def _may_be_cut(attempt: Attempt) -> bool:
    """Not where a cut could run through a URL, which then nobody would miss."""
    return _is_degenerate(attempt) and not literals(attempt.segment.source)


def _numbers_wrong(attempt: Attempt) -> bool:
    outcome = attempt.outcome
    return outcome is None or any(flag.check == _NUMBER_CHECK for flag in outcome.flags)


def _terms_missed(attempt: Attempt) -> bool:
    return attempt.outcome is None or bool(attempt.missed)


def missed_terms(segment: Segment, target: str) -> tuple[Term, ...]:
    """Returns required terms that the target lacks, and that are not only to be checked."""
    return missed([term for term in segment.terms if term.required and term.use != "check"], target)


def _placeholders_lost(attempt: Attempt) -> bool:
    """Where what rules say would be lost with its placeholder, and no cut runs through a date or a URL."""
    assembled, source = attempt.assembled, attempt.segment.source
    return assembled is not None and assembled.lost and has_clauses(source) and not literals(source)


def _literals_lost(attempt: Attempt) -> bool:
    return attempt.assembled is None or attempt.assembled.lost


STRATEGIES = (
    Strategy("plain", lambda attempt: True, InputOptions()),
    Strategy("two clauses", _placeholders_lost, InputOptions(cuts=1), masks=True),
    Strategy("another beam, no rules", _is_degenerate, InputOptions(quantities=False, other_beam=True)),
    Strategy("two pieces", _may_be_cut, InputOptions(cuts=1)),
    Strategy("four pieces", _may_be_cut, InputOptions(cuts=2)),
    Strategy("terms by alignment", _terms_missed, InputOptions(repair=True)),
    Strategy("terms behind placeholders", _terms_missed, InputOptions(repair=True, force=True)),
    Strategy("terms by alignment, two pieces", _terms_missed, InputOptions(repair=True, cuts=1)),
    Strategy(
        "terms behind placeholders, two pieces", _terms_missed, InputOptions(repair=True, force=True, cuts=1)
    ),
    Strategy(
        "terms behind placeholders, four pieces", _terms_missed, InputOptions(repair=True, force=True, cuts=2)
    ),
    Strategy(
        "figures behind placeholders",
        _numbers_wrong,
        InputOptions(numbers=True, repair=True, force=True),
        masks=True,
    ),
    Strategy("between literals", _literals_lost, InputOptions(quantities=False, fragments=True)),
)
"""In this order. The first is tried always, each other one only where its `when` says so of the best so
far."""
