"""Office text by rule: tables of amounts, dates, measures and persons, and how many come out right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from batchtx.bench.tables import markdown
from batchtx.errors import ConfigError
from batchtx.language.zh.persons import persons
from batchtx.language.zh.quantities import quantities
from batchtx.language.zh.rules import names as find_names
from batchtx.text.normalize import normalize

_NAMES = ("documents", "organisations", "places")


@dataclass(frozen=True, slots=True)
class OfficeCase:
    """A source, and what rules are to say for it: one set of allowed wordings for each place.

    `optional`: they may also say nothing.
    """

    kind: str
    source: str
    allowed: tuple[frozenset[str], ...]
    optional: bool = False

    @property
    def names(self) -> bool:
        """Whether it is about a name, and not about a number."""
        return self.kind in ("place", "address", "organisation", "document")


def read_cases(path: Path) -> list[OfficeCase]:
    """Returns the cases of a TSV: kind, source, wordings ("a//b | c"; "-" where nothing is to be said)."""
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3:
            raise ConfigError(
                f"{path}, line {number}: {len(parts)} columns; kind, source and wordings are three"
            )
        places = [place.split("//") for place in parts[2].split(" | ")]
        optional = places[0][0] == "-"
        allowed = tuple(frozenset(place) - {"-"} for place in places)
        cases.append(OfficeCase(parts[0], parts[1], tuple(filter(None, allowed)), optional))
    return cases


def said_by_rule(source: str, *, names: bool = False) -> list[str]:
    """Returns what rules say for a source, in order: its numbers, or its names."""
    text = normalize(source)
    found = find_names(text, _NAMES) if names else quantities(text)
    return [quantity.target for quantity in sorted(found, key=lambda quantity: quantity.start)]


def wrong_cases(cases: Sequence[OfficeCase]) -> list[tuple[OfficeCase, list[str]]]:
    """Returns the cases for which rules say something else, with what they say."""
    judged = [(case, said_by_rule(case.source, names=case.names)) for case in cases]
    return [(case, said) for case, said in judged if not _right(case, said)]


def _right(case: OfficeCase, said: Sequence[str]) -> bool:
    if not said and case.optional:
        return True
    return len(said) == len(case.allowed) and all(
        one in allowed for one, allowed in zip(said, case.allowed, strict=True)
    )


def table(paths: Sequence[Path]) -> str:
    """Returns right cases by kind, a column for each file."""
    columns: list[dict[str, tuple[int, int]]] = []
    for path in paths:
        cases = read_cases(path)
        wrong = Counter(case.kind for case, _ in wrong_cases(cases))
        total = Counter(case.kind for case in cases)
        counts = {kind: (n - wrong[kind], n) for kind, n in total.items()}
        columns.append({**counts, "all": (len(cases) - wrong.total(), len(cases))})
    kinds = dict.fromkeys(kind for column in columns for kind in column if kind != "all")
    rows = [
        [kind, *(f"{right} of {n}" for right, n in (column.get(kind, (0, 0)) for column in columns))]
        for kind in (*kinds, "all")
    ]
    return "\n".join(markdown(("kind", *(path.name for path in paths)), rows))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the names in it, each with its allowed English; `optional`: they may be left."""

    source: str
    names: dict[str, frozenset[str]]
    optional: bool = False


@dataclass(slots=True)
class PersonScore:
    """How many names were found, in sentences whose names are known."""

    n_right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what was taken for a name that is one, read rightly."""
        return self.n_right / max(1, self.n_right + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of the names that were found."""
        return self.n_right / max(1, self.n_right + len(self.missed))


def read_persons(path: Path) -> list[Sentence]:
    """Returns the sentences of a TSV: the sentence, and its names ("周敏=Zhou Min | …", "-" for none)."""
    sentences = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        source, tab, names = line.partition("\t")
        if not tab:
            raise ConfigError(f"{path}, line {number}: no tab; a sentence and its names are two columns")
        optional = names.startswith("-")
        pairs = [one.partition("=") for one in names.removeprefix("-").removeprefix("//").split(" | ") if one]
        known = {name: frozenset(english.split("//")) for name, _, english in pairs}
        sentences.append(Sentence(source, known, optional))
    return sentences


def measure_persons(sentences: Sequence[Sentence]) -> PersonScore:
    """Finds the names of each sentence, and counts."""
    score = PersonScore()
    for sentence in sentences:
        text = normalize(sentence.source)
        found = {text[one.start : one.end]: one.target for one in persons(text)}
        right = {name for name, said in found.items() if said in sentence.names.get(name, frozenset())}
        score.n_right += len(right)
        score.wrong += [f"{name} → {said}: {text}" for name, said in found.items() if name not in right]
        if not sentence.optional:
            score.missed += [f"{name}: {text}" for name in sentence.names if name not in right]
    return score


def person_table(paths: Sequence[Path]) -> str:
    """Returns precision and recall, a row for each file."""
    rows = []
    for path in paths:
        sentences = read_persons(path)
        score = measure_persons(sentences)
        shares = [f"{100 * share:.1f}" for share in (score.precision, score.recall)]
        counts = [f"{n}" for n in (len(sentences), score.n_right, len(score.wrong), len(score.missed))]
        rows.append([path.name, *counts, *shares])
    columns = ("persons", "sentences", "right", "wrong", "missed", "precision %", "recall %")
    return "\n".join(markdown(columns, rows))
