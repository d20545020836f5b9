"""A pair of languages as one record: everything that rooms ask about a source and its target."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol, cast

from batchtx.errors import UnknownName
from batchtx.records import Segment, UnitKind
from batchtx.registry import resolve
from batchtx.text.scripts import count_han, count_letters, has_east_asian, has_han, has_letters
from batchtx.text.spans import Quantity

PAIRS: dict[str, str] = {
    "zh-en": "batchtx.language.zh_en:PAIR",
}
"""Source-target → "module:record"; of other packages: entry points `batchtx.languages`."""

NEUTRAL_STEPS = ("marks_removed", "prompts_removed", "loops_collapsed", "literals_rejoined")
"""Post-processing that is right in any language."""

NEUTRAL_CHECKS = (
    "blank",
    "copied",
    "unknown",
    "repetition",
    "placeholders",
    "codes",
    "term_missed",
    "term_forbidden",
    "acronyms",
)
"""Checks that are right in any language."""


class FindQuantities(Protocol):
    """Dates, amounts, names and the like in a source, each with its target."""

    def __call__(
        self,
        text: str,
        *,
        doubtful: bool = False,
        named: Collection[int] = (),
        kinds: Collection[str] = (),
        persons: Sequence[str] = (),
    ) -> list[Quantity]:
        """Returns them in order, not overlapping.

        Args:
            text: a normalised source.
            doubtful: also what the target language often says otherwise, or elsewhere.
            named: offsets at which a currency ends that a glossary term says already.
            kinds: which of the pair's kinds of rules hold.
            persons: names in the source that its document tells elsewhere.
        """
        ...


def _no_label(text: str, kind: UnitKind = "text") -> int:
    return 0


def _no_translation(text: str) -> str | None:
    return None


def _no_target(segment: Segment) -> str | None:
    return None


def _no_quantities(
    text: str,
    *,
    doubtful: bool = False,
    named: Collection[int] = (),
    kinds: Collection[str] = (),
    persons: Sequence[str] = (),
) -> list[Quantity]:
    return []


def _no_persons(text: str) -> list[str]:
    return []


def _is_no_name(text: str) -> bool:
    return False


def _no_phrase(source: str, kind: UnitKind = "text") -> str | None:
    return None


def _no_spans(piece: str, text: str) -> list[Quantity]:
    return []


def _no_least(text: str) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What has its target from a rule, without any model.

    Args:
        label_length: characters of the numbering label that a line starts with, 0 for none.
        translate_label: a numbering label in the target language, None when it is none.
        whole_segment: the target of a segment that a rule translates as a whole, None for others.
        kinds: names of the kinds of rules that can be switched off.
        quantities: dates, amounts and names in a normalised source.
        persons: full names of persons that a normalised source tells.
        is_name: whether a normalised text is a person's name and nothing else.
        phrase: the target of a short source that stands in a phrasebook, None for others.
        blank_dates: dates to fill in, in a piece of a source and in the same text normalised.
        currencies: names of currencies in the source language.
    """

    label_length: Callable[[str, UnitKind], int] = _no_label
    translate_label: Callable[[str], str | None] = _no_translation
    whole_segment: Callable[[Segment], str | None] = _no_target
    kinds: tuple[str, ...] = ()
    quantities: FindQuantities = _no_quantities
    persons: Callable[[str], list[str]] = _no_persons
    is_name: Callable[[str], bool] = _is_no_name
    phrase: Callable[[str, UnitKind], str | None] = _no_phrase
    blank_dates: Callable[[str, str], list[Quantity]] = _no_spans
    currencies: frozenset[str] = frozenset()


NO_RULES = Rules()


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """A source and a target language.

    Args:
        source, target: as in BCP 47: "zh", "en".
        locale: the target in documents, as w:lang has it: "en-US".
        has_source: whether a text has anything to translate.
        count_source: how many characters of the source language a text has.
        scripts_differ: whether the script of a text tells which of the two it is in.
        spaced: whether the target language writes spaces between sentences.
        rules: what has its target without a model.
        steps, checks: names of post-processing steps and of checks, in order.
        english_layout: whether documents are set as English is: Latin faces, Arabic numbering.
        least_letters: how many letters and figures any translation of a text has; 0 where one cannot tell.
        east_asian_face: a face for targets in Han characters or kana, "" for other targets.
        sample: a short text to translate, for warming up; "" where nobody has written one.
    """

    source: str
    target: str
    locale: str
    has_source: Callable[[str], bool]
    count_source: Callable[[str], int]
    scripts_differ: bool = False
    spaced: bool = True
    rules: Rules = field(default_factory=Rules)
    steps: tuple[str, ...] = NEUTRAL_STEPS
    checks: tuple[str, ...] = NEUTRAL_CHECKS
    english_layout: bool = False
    least_letters: Callable[[str], int] = _no_least
    east_asian_face: str = ""
    sample: str = ""

    def stays(self, source: str) -> bool:
        """Tells whether a source has nothing to translate, and no numbering label to put right (1、)."""
        return not self.has_source(source) and self.rules.translate_label(source) in (None, source)


@lru_cache
def find_pair(source: str, target: str) -> LanguagePair:
    """Returns the record of a pair; for one that nobody made a record of, what holds for any two."""
    try:
        return cast(LanguagePair, resolve("languages", f"{source}-{target}", PAIRS))
    except UnknownName:
        return _plain_pair(source, target)


_LOCALES = {"en": "en-US", "zh": "zh-CN", "ja": "ja-JP", "ko": "ko-KR", "de": "de-DE", "fr": "fr-FR"}
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})
_FACES = {"zh": "SimSun", "ja": "MS Mincho"}
_EAST_ASIAN_STEPS = (*NEUTRAL_STEPS, "east_asian_punctuation")


def _plain_pair(source: str, target: str) -> LanguagePair:
    """A pair without rules of its own: everything is the model's, steps and checks are neutral ones."""
    first, last = source.partition("-")[0], target.partition("-")[0]
    has_source = {"zh": has_han, "ja": has_east_asian}.get(first, has_letters)
    face = _FACES.get(last, "")
    return LanguagePair(
        source=source,
        target=target,
        locale=target if "-" in target else _LOCALES.get(last, target),
        has_source=has_source,
        count_source={"zh": count_han}.get(first, count_letters),
        scripts_differ=(first in _FACES) != (last in _FACES),
        spaced=last not in _UNSPACED,
        steps=_EAST_ASIAN_STEPS if face else NEUTRAL_STEPS,
        east_asian_face=face,
    )
