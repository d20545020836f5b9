"""Does the student keep placeholders and obey inline terms? Measured on held-out pairs."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from batchtx.distill.data import augment
from batchtx.distill.data import pairs as data
from batchtx.distill.data.augment import Glosses
from batchtx.distill.data.held_out import read_held_out
from batchtx.distill.data.pairs import SentencePair
from batchtx.distill.data.vocabulary import MARKS, TERM_TARGET
from batchtx.distill.release.evaluate import BundleTranslator

_SEED = 7
_NUMBER = re.compile(r"\d[\d.,]*\d")


@dataclass(frozen=True, slots=True)
class Ability:
    """A share of held-out segments in which the student did as it was asked."""

    name: str
    n_segments: int
    n_right: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.n_right / max(1, self.n_segments)


def measure_abilities(
    translator: BundleTranslator, held_out: Path, glosses: Glosses, limit: int | None = None
) -> list[Ability]:
    """Placeholders kept, terms obeyed (also where the wording is an odd one), numbers kept."""
    pairs = [SentencePair(source, target) for _, source, target in read_held_out(held_out)]
    rng = random.Random(_SEED)
    tasks: list[tuple[str, list[SentencePair], Callable[[SentencePair, str], bool]]] = [
        ("placeholders kept", _changed(pairs, lambda p: augment.with_placeholders(p, rng)), marks_kept),
        ("terms obeyed", _changed(pairs, lambda p: augment.with_term(p, glosses, 0.0, rng)), term_obeyed),
        (
            "exchanged terms obeyed",
            [
                pair
                for pair in _changed(pairs, lambda p: augment.with_term(p, glosses, 1.0, rng))
                if not any(pair.target == other.target for other in pairs)
            ],
            term_obeyed,
        ),
        (
            "numbers kept",
            [p for p in pairs if _numbers(p.source) and numbers_kept(p, p.target)],
            numbers_kept,
        ),
    ]
    abilities = []
    for name, asked, is_right in tasks:
        asked = asked[:limit]
        hypotheses, _ = translator.translate([pair.source for pair in asked])
        right = sum(is_right(pair, hypothesis) for pair, hypothesis in zip(asked, hypotheses, strict=True))
        abilities.append(Ability(name, len(asked), right))
    return abilities


def marks_kept(pair: SentencePair, hypothesis: str) -> bool:
    """Returns every mark of the source stands in the hypothesis as often, and no other mark does."""
    return _marks(pair.source) == _marks(hypothesis)


def term_obeyed(pair: SentencePair, hypothesis: str) -> bool:
    """Returns the wording that the annotation asks for stands in the hypothesis, and no mark does."""
    wording = pair.source.split(TERM_TARGET, 1)[1].split("⟦", 1)[0]
    return wording.lower() in hypothesis.lower() and not _marks(hypothesis)


def numbers_kept(pair: SentencePair, hypothesis: str) -> bool:
    """Returns every number of two and more digits stands in the hypothesis as often."""
    return not _numbers(pair.source) - _numbers(hypothesis)


def read_dictionary(path: Path) -> Glosses:
    """Returns the glosses of a dictionary file."""
    return augment.read_glosses(data.read_pairs(path))


def _marks(text: str) -> Counter[str]:
    return Counter({mark: text.count(mark) for mark in MARKS if mark in text})


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(text))


def _changed(
    pairs: Sequence[SentencePair], change: Callable[[SentencePair], SentencePair]
) -> list[SentencePair]:
    return [new for pair in pairs if (new := change(pair)).source != pair.source]
