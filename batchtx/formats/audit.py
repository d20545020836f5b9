"""What a comparison of a document with its translation tells: differences, coverage, text that is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ELSEWHERE = "elsewhere"
"""Why text stays that no rule of this program reached."""

WHOLE = {"comments": "comments, kept as asked", "glossary": "stock texts of the glossary"}
"""Why parts of a kind are not read at all."""

_MAX_PLACES = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the translation lost, gained or changed and should not have."""

    part: str
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class PartCoverage:
    """Characters of one part (spaces not counted): `n_found` in all, `n_units` in units.

    `kept` says why the others stay; "elsewhere" is text that no rule of this program reached.
    """

    part: str
    story: str
    n_found: int
    n_units: int
    kept: tuple[tuple[str, int], ...] = ()

    @property
    def n_elsewhere(self) -> int:
        """Characters that no rule reached."""
        return dict(self.kept).get(ELSEWHERE, 0)

    @property
    def kept_whole(self) -> bool:
        """The part was not read for translation at all (comments, stock texts)."""
        return any(reason in WHOLE.values() for reason, _ in self.kept)


@dataclass(frozen=True, slots=True)
class Audit:
    """The outcome for one pair of files.

    `coverage` counts the original; `left` has the characters of the source language, by part, that still
    stand in the translation where text is translated (names and quotations may, on purpose). `embedded` names
    parts that are not read, `unread` parts that are damaged, `places` where the most characters are left.
    With `error` nothing was compared.
    """

    original: str
    translated: str
    differences: tuple[Difference, ...] = ()
    coverage: tuple[PartCoverage, ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    embedded: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    error: str = ""

    @property
    def n_left(self) -> int:
        """Characters of the source language left in all parts."""
        return sum(count for _, count in self.left)

    @property
    def sound(self) -> bool:
        """Nothing was lost or changed that should not."""
        return not self.error and not self.differences


def most_left(places: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Returns the places with the most characters that are left, in the order of the document."""
    every = list(places)
    least = sorted((count for _, count in every), reverse=True)[:_MAX_PLACES]
    return tuple(place for place in every if least and place[1] >= least[-1])[:_MAX_PLACES]


def coverage_notes(coverage: Iterable[PartCoverage]) -> Iterator[str]:
    """Yields one line for a document: the share of its text that went to translation, and why the rest stays;
    then a line for each part with text that nothing reached."""
    read = [part for part in coverage if not part.kept_whole]
    n_found = sum(part.n_found for part in read)
    if n_found:
        share = sum(part.n_units for part in read) / n_found
        kept = kept_reasons(read)
        yield f"coverage: {100 * share:.1f} % of {n_found:,} characters" + (f"; kept: {kept}" if kept else "")
    for part in coverage:
        if part.n_elsewhere:
            count = f"{part.n_elsewhere:,} characters"
            yield f"{part.part}: {count} stand where no rule reaches; they stay as they are"


def kept_reasons(coverage: Iterable[PartCoverage]) -> str:
    """Returns why characters stay, the commonest reason first: "60 field results, 40 formulas"."""
    counts: Counter[str] = Counter()
    for part in coverage:
        counts.update(dict(part.kept))
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.most_common())
