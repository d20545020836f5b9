"""Changes to training pairs that teach copying, terms, capitals and bare entries.

Every function takes its random generator, so that the same seed gives the same data.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping

from batchtx.distill.data.pairs import SentencePair
from batchtx.distill.data.vocabulary import PLACEHOLDERS, TERM_END, TERM_START, TERM_TARGET
from batchtx.distill.recipe import AugmentRecipe

_MAX_PLACEHOLDERS = 4
_MAX_HEADWORD = 8
_CODE = re.compile(
    r"https?://[^\s，。；）)]+|[\w.+-]+@[\w-]+\.[\w.]+|`[^`]+`|<[/A-Za-z][^<>]*>|\{[^{}\s]+\}|%[sd]"
    r"|(?<![A-Za-z0-9_])(?:[A-Za-z0-9]+[._/\-])+[A-Za-z0-9]+(?![A-Za-z0-9_])"
    r"|(?<![A-Za-z0-9_])[A-Za-z]+[A-Z0-9][A-Za-z0-9]*(?![A-Za-z0-9_])",
    re.ASCII,
)
_GLOSS_NOISE = re.compile(r"\([^)]*\)|^to be |^to |^an? |^the ", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![A-Za-z\d.,])\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z\d])", re.ASCII)
_BARE_END = re.compile(r"[.。]$")
_LOWER_WORD = re.compile(r"(?<![A-Za-z0-9_./-])[a-z]{4,}(?![A-Za-z0-9_./-])")
"""What title case capitalises: short words stay."""

_SENTENCE_END = re.compile(r"[.!?。！？]$")
_WITHOUT_SPACES = frozenset({"zh", "ja", "th"})

Glosses = Mapping[str, tuple[str, ...]]


def augment(pair: SentencePair, recipe: AugmentRecipe, glosses: Glosses, rng: random.Random) -> SentencePair:
    """Returns the pair, changed in at most one way, or as it was."""
    draw = rng.random()
    for share, change in (
        (recipe.placeholders, with_placeholders),
        (recipe.capitals, with_capitals),
        (recipe.bare_end, with_bare_end),
    ):
        if draw < share:
            return change(pair, rng)
        draw -= share
    if draw < recipe.terms:
        return with_term(pair, glosses, recipe.swapped_terms, rng)
    return pair


def with_placeholders(pair: SentencePair, rng: random.Random) -> SentencePair:
    """Puts ⟦1⟧, ⟦2⟧, ... in place of code-like spans that stand in both sides, in both.

    Now and then a span is kept and a mark is put on either side of it, as with formatting.
    """
    found = dict.fromkeys(match.group() for match in _CODE.finditer(pair.source))
    shared = [span for span in found if pair.target.count(span) == pair.source.count(span) == 1]
    if not shared:
        return pair
    chosen = set(rng.sample(shared, rng.randint(1, min(len(shared), _MAX_PLACEHOLDERS))))
    source, target = pair.source, pair.target
    number = 0
    for span in sorted(chosen, key=source.index):
        wrapped = rng.random() < 0.25
        if source.count(span) != 1 or target.count(span) != 1:
            continue
        marks = PLACEHOLDERS[number : number + 1 + wrapped]
        number += len(marks)
        new = span.join(marks) if wrapped else marks[0]
        source, target = source.replace(span, new), target.replace(span, new)
    return SentencePair(source, target)


def with_term(pair: SentencePair, glosses: Glosses, swap_share: float, rng: random.Random) -> SentencePair:
    """Annotates one term of the source with the wording that the target uses.

    With probability `swap_share` the target's wording is first exchanged for another gloss of
    the term: then only a reader of the annotation gets it right.
    """
    found = list(_terms_in(pair, glosses))
    if not found:
        spans = [m.group() for m in _CODE.finditer(pair.source) if m.group() in pair.target]
        if not spans:
            return pair
        span = rng.choice(spans)
        return SentencePair(pair.source.replace(span, annotate(span, span), 1), pair.target)
    term, surface = rng.choice(found)
    target = pair.target
    others = [gloss for gloss in glosses[term] if gloss.lower() not in target.lower()]
    if others and rng.random() < swap_share:
        other = rng.choice(others)
        target = target.replace(surface, other, 1)
        surface = other
    return SentencePair(pair.source.replace(term, annotate(term, surface), 1), target)


def with_terms(
    pair: SentencePair, glosses: Glosses, swap_share: float, most: int, rng: random.Random
) -> SentencePair:
    """Annotates up to `most` dictionary terms of a pair, as `with_term` does; unchanged where there is
    none.
    """
    found = list(_terms_in(pair, glosses))
    chosen = rng.sample(found, min(len(found), rng.randint(1, most)))
    source, target = pair.source, pair.target
    for term, surface in chosen:
        others = [gloss for gloss in glosses[term] if gloss.lower() not in target.lower()]
        once = source.count(term) == target.count(surface) == 1
        if others and once and rng.random() < swap_share:
            other = rng.choice(others)
            target, surface = target.replace(surface, other), other
        if surface in target:
            source = source.replace(term, annotate(term, surface), 1)
    return SentencePair(source, target)


def with_numbers(pair: SentencePair, rng: random.Random) -> SentencePair:
    """Numbers that stand once in both sides become other numbers, the same in both."""
    numbers = [n for n in dict.fromkeys(_NUMBER.findall(pair.source)) if _once(n, pair)]
    if not numbers or rng.random() < 0.1:
        return pair
    new = {number: _random_number(rng) for number in numbers}
    source, target = (
        _NUMBER.sub(lambda match: new.get(match.group(), match.group()), text)
        for text in (pair.source, pair.target)
    )
    return SentencePair(source, target)


def with_capitals(pair: SentencePair, rng: random.Random) -> SentencePair:
    """Writes short pairs with Latin words in the source half in capitals, some in title case, on both
    sides.
    """
    if len(pair.target) > 80 or not re.search(r"[A-Za-z]{3}", pair.source):
        return pair
    draw = rng.random()
    if draw < 0.5:
        return SentencePair(pair.source.upper(), pair.target.upper())
    if draw < 0.8:
        return SentencePair(_in_title_case(pair.source), _in_title_case(pair.target))
    return pair


def _in_title_case(text: str) -> str:
    return _LOWER_WORD.sub(lambda word: word[0].capitalize(), text)


def with_bare_end(pair: SentencePair, rng: random.Random) -> SentencePair:
    """Takes the full stop from both sides, as in headings, list items and table cells."""
    if _BARE_END.search(pair.source) and _BARE_END.search(pair.target):
        return SentencePair(_BARE_END.sub("", pair.source), _BARE_END.sub("", pair.target))
    return pair


def joined(first: SentencePair, second: SentencePair, languages: tuple[str, str]) -> SentencePair | None:
    """Joins two sentences to one long segment; None if the first has no end. languages: of source and
    target.
    """
    if not (_SENTENCE_END.search(first.source) and _SENTENCE_END.search(first.target)):
        return None
    spaces = ("" if language in _WITHOUT_SPACES else " " for language in languages)
    source, target = (space.join(side) for space, side in zip(spaces, _sides(first, second), strict=True))
    return SentencePair(source, target)


def annotate(term: str, surface: str) -> str:
    """Returns the inline annotation of a term: what the student reads when a glossary asks for it."""
    return f"{TERM_START}{term}{TERM_TARGET}{surface}{TERM_END}"


def read_glosses(entries: Iterable[SentencePair]) -> dict[str, tuple[str, ...]]:
    """Headwords of two or more characters, not plain ASCII, and their glosses of up to three words."""
    table: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        glosses = []
        for part in re.split(r"[/;]", entry.target):
            gloss = _GLOSS_NOISE.sub("", _GLOSS_NOISE.sub("", part).strip()).strip()
            if 3 <= len(gloss) <= 40 and len(gloss.split()) <= 3 and gloss.isascii():
                glosses.append(gloss)
        if glosses and 2 <= len(entry.source) <= _MAX_HEADWORD and not entry.source.isascii():
            table[entry.source] = table.get(entry.source, ()) + tuple(glosses)
    return table


def dictionary_pairs(glosses: Glosses, share: float, rng: random.Random) -> Iterable[SentencePair]:
    """Returns a share of the headwords with their first gloss, as very short segments."""
    for term, words in glosses.items():
        if rng.random() < share:
            yield SentencePair(term, words[0])


def _terms_in(pair: SentencePair, glosses: Glosses) -> Iterable[tuple[str, str]]:
    """Headwords in the source, longest first, with the surface form of a gloss in the target."""
    at = 0
    while at < len(pair.source):
        for length in range(_MAX_HEADWORD, 1, -1):
            term = pair.source[at : at + length]
            surface = _surface(glosses.get(term, ()), pair.target)
            if surface:
                yield term, surface
                at += length - 1
                break
        at += 1


def _sides(*pairs: SentencePair) -> tuple[list[str], list[str]]:
    return [pair.source for pair in pairs], [pair.target for pair in pairs]


def _once(number: str, pair: SentencePair) -> bool:
    return all(_NUMBER.findall(text).count(number) == 1 for text in (pair.source, pair.target))


def _random_number(rng: random.Random) -> str:
    """Of one to seven digits, some with separators, some with decimals."""
    whole = rng.randrange(10 ** rng.randint(1, 7))
    text = f"{whole:,}" if rng.random() < 0.4 else str(whole)
    return f"{text}.{rng.randrange(10 ** rng.randint(1, 3))}" if rng.random() < 0.3 else text


def _surface(words: Iterable[str], target: str) -> str | None:
    for gloss in words:
        match = re.search(rf"(?<!\w){re.escape(gloss)}(?:s|es|d|ed|ing)?(?!\w)", target, re.I)
        if match:
            return match.group()
    return None
