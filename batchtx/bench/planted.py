"""Do the checks find errors, and leave good translations alone? Errors planted into human translations.

Each plant makes one kind of error in a reference, as a machine would, or says that this reference
offers no place for it. It is found when a check that is meant for it objects and had not objected to
the reference itself.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from batchtx.bench.quality_estimation import Example
from batchtx.bench.tables import markdown
from batchtx.bench.term_sets import TermPair, mined_dictionary, with_terms
from batchtx.checks import CHECKS
from batchtx.glossary.table import Glossary
from batchtx.protocols import Check
from batchtx.records import Segment, Term
from batchtx.registry import resolve
from batchtx.text.literals import literals, without_literals
from batchtx.text.scripts import HAN

ItemT = TypeVar("ItemT")
Plant = Callable[[Segment, str, random.Random], str | None]

_FIGURE = re.compile(r"(?<![\w.,/:-])\d{1,4}(?![\w/:-]|[.,]\d)")
_DENIAL = re.compile(r"\b(?:do|does|did) not |\b(?:not|never) |n't\b|(?<=\bcan)not\b")
_DENIED = re.compile("不|没有|未")
_HAN_WORD = re.compile(f"[{HAN}]{{2}}")
_WORD = re.compile(r"(?<!\S)[A-Za-z]{4,}(?!\S)")
_LEAST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error: how to plant it, and which checks are meant to find it."""

    name: str
    plant: Plant
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundErrors:
    """How many planted errors of a kind were found."""

    name: str
    n_planted: int
    n_found: int


@dataclass(frozen=True, slots=True)
class CheckScores:
    """Found shares by kind, and how often each check objects to clean references."""

    n_segments: int
    found: tuple[FoundErrors, ...]
    false_flags: dict[str, int]
    n_flagged: int


def with_segments(examples: Sequence[Example], glossary: Glossary, seed: int) -> list[tuple[Segment, str]]:
    """Segments and references, with terms such as the references use, from a glossary and the examples."""
    plain = [TermPair(example.source, example.reference) for example in examples]
    found = with_terms(plain, glossary, mined_dictionary(plain), per_segment=1, seed=seed)
    return [
        (Segment("planted", f"{n}", "", 0, pair.source, terms=pair.proper or pair.random), pair.reference)
        for n, pair in enumerate(found)
    ]


def measure_checks(pairs: Sequence[tuple[Segment, str]], seed: int = 1) -> CheckScores:
    """Runs all checks on the references, clean and with each kind of error."""
    checks: dict[str, Check] = {name: resolve("checks", name, CHECKS) for name in CHECKS}
    false_flags: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    n_flagged = 0
    generator = random.Random(seed)
    for segment, reference in pairs:
        clean = {name for name, check in checks.items() if check(segment, reference)}
        false_flags.update(clean)
        n_flagged += bool(clean)
        for kind in KINDS:
            target = kind.plant(segment, reference, generator)
            watching = [name for name in kind.checks if name not in clean]
            if target is None or target == reference or not watching:
                continue
            planted[kind.name] += 1
            found[kind.name] += any(checks[name](segment, target) for name in watching)
    results = tuple(FoundErrors(kind.name, planted[kind.name], found[kind.name]) for kind in KINDS)
    return CheckScores(len(pairs), results, dict(false_flags), n_flagged)


def table(scores: CheckScores) -> str:
    """Returns two tables: planted errors by kind, and flags on clean references by check."""
    planted = []
    for kind, found in zip(KINDS, scores.found, strict=True):
        share = f"{found.n_found / found.n_planted * 100:.1f}" if found.n_planted else ""
        planted.append([kind.name, f"{found.n_planted:,}", share, ", ".join(kind.checks)])
    counts = {name: scores.false_flags.get(name, 0) for name in CHECKS} | {"any": scores.n_flagged}
    flags = [[name, f"{count / scores.n_segments * 100:.2f}"] for name, count in counts.items()]
    head = ("check", f"flags on {scores.n_segments:,} clean references, %")
    first = markdown(("planted error", "n", "found %", "by"), planted, left=(0, 3))
    return "\n".join([*first, "", *markdown(head, flags)])


def wrong_number(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Gives one figure another value."""
    match = _one_of(list(_FIGURE.finditer(without_literals(target))), generator)
    if match is None or not re.search(r"\d", segment.source) or target.count(match[0]) != 1:
        return None
    digits = [str((int(digit) + generator.randrange(1, 9)) % 10) for digit in match[0]]
    return target.replace(match[0], "".join(digits))


def dropped_number(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Leaves one figure out."""
    match = _one_of(list(_FIGURE.finditer(without_literals(target))), generator)
    if match is None or match[0] not in segment.source or target.count(match[0]) != 1:
        return None
    return target.replace(match[0], "")


def dropped_term(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Puts a glossary term in other words."""
    term: Term | None = _one_of(segment.terms, generator)
    if term is None:
        return None
    changed = target
    for allowed in term.targets:
        changed = re.sub(rf"(?<!\w){re.escape(allowed)}\w*", "matter", changed, flags=re.IGNORECASE)
    return changed


def dropped_literal(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Leaves out a URL, placeholder or piece of code."""
    literal = _one_of([found for found in literals(segment.source) if found in target], generator)
    return target.replace(literal, "") if literal else None


def left_han(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Leaves a word in Chinese."""
    chinese = _one_of(_HAN_WORD.findall(segment.source), generator)
    word = _one_of(list(_WORD.finditer(target)), generator)
    return f"{target[: word.start()]}{chinese}{target[word.end() :]}" if chinese and word else None


def removed_negation(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Takes the only "not" or "never" out."""
    if not _DENIED.search(segment.source) or len(_DENIAL.findall(target)) != 1:
        return None
    return _DENIAL.sub("", target)


def cut_short(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Leaves the second half out; the final mark stays."""
    words = target.split()
    if len(words) < _LEAST_WORDS:
        return None
    mark = target[-1] if target[-1] in ".!?" else ""
    return " ".join(words[: len(words) // 2]).rstrip(",;:") + mark


def repeated(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Repeats the last three words over and over."""
    words = target.rstrip(".!?").split()
    return " ".join([*words, *words[-3:] * 4]) if len(words) >= _LEAST_WORDS else None


def lost_bracket(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Takes a closing bracket out."""
    return target.replace(")", "") if target.count(")") == 1 == target.count("(") else None


def lost_mark(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Takes the final mark out."""
    return target[:-1] if target[-1:] in (".", "?", "!") and segment.source[-1:] in "。？！" else None


def doubled_space(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Doubles a space."""
    return target.replace(" ", "  ", 1) if " " in target.strip() else None


def doubled_word(segment: Segment, target: str, generator: random.Random) -> str | None:
    """Doubles a word."""
    word = _one_of(list(_WORD.finditer(target)), generator)
    return f"{target[: word.end()]} {word[0]}{target[word.end() :]}" if word else None


KINDS: tuple[Kind, ...] = (
    Kind("number changed", wrong_number, ("numbers",)),
    Kind("number dropped", dropped_number, ("numbers",)),
    Kind("term dropped", dropped_term, ("term_missed",)),
    Kind("placeholder dropped", dropped_literal, ("placeholders",)),
    Kind("Chinese left over", left_han, ("leftover_han", "unchanged")),
    Kind("negation removed", removed_negation, ("negation",)),
    Kind("second half cut", cut_short, ("length", "numbers", "negation", "placeholders", "brackets")),
    Kind("end repeated", repeated, ("repetition", "length")),
    Kind("bracket lost", lost_bracket, ("brackets",)),
    Kind("final mark lost", lost_mark, ("endpunc",)),
    Kind("space doubled", doubled_space, ("doublespacing",)),
    Kind("word doubled", doubled_word, ("doublewords",)),
)


def _one_of(items: Sequence[ItemT], generator: random.Random) -> ItemT | None:
    return generator.choice(items) if items else None
