"""Fuzzy matches: the nearest source that a person has translated, from 75 % on."""

from __future__ import annotations

import pytest

from batchtx.memory.fuzzy import FuzzyMatches
from batchtx.memory.store import Correction
from batchtx.text.inline_codes import code_char

rapidfuzz = pytest.importorskip("rapidfuzz")


def matches(*pairs: tuple[str, str]) -> FuzzyMatches:
    return FuzzyMatches(Correction(source, target, "", "", "", 0.0) for source, target in pairs)


KNOWN = matches(
    ("甲方应在三十日内付款。", "Party A shall pay within thirty days."),
    ("乙方应按时交货。", "Party B shall deliver on time."),
)


def test_finds_the_nearest_source_with_its_similarity() -> None:
    match = KNOWN.find("乙方应在三十日内付款。")  # one of eleven characters differs
    assert match is not None
    assert match.target == "Party A shall pay within thirty days."
    assert match.similarity == pytest.approx(10 / 11)


def test_finds_nothing_that_is_less_similar_than_three_quarters() -> None:
    assert KNOWN.find("甲方应当立即交付全部货物。") is None
    assert KNOWN.find("好") is None
    assert KNOWN.find("") is None


def test_does_not_count_codes_and_widths() -> None:
    match = KNOWN.find(f"{code_char(0)}乙方应按时交货。")
    assert match is not None
    assert match.similarity == 1.0


def test_the_newest_of_equal_sources_counts() -> None:
    twice = matches(("乙方应按时交货。", "new"), ("甲方应付款。。", "x"), ("乙方应按时交货。", "old"))
    match = twice.find("乙方应按时交货！")
    assert match is not None
    assert match.target == "new"


def test_the_newest_of_equally_similar_sources_counts() -> None:
    alike = matches(("乙方应按时交货一。", "new"), ("乙方应按时交货二。", "old"))
    match = alike.find("乙方应按时交货三。")
    assert match is not None
    assert match.target == "new"


def test_finds_the_same_as_a_comparison_with_every_entry() -> None:
    import random

    from rapidfuzz.distance import Levenshtein

    generator = random.Random(3)
    letters = "甲乙丙丁戊己庚辛"
    sources = ["".join(generator.choices(letters, k=generator.randrange(4, 30))) for _ in range(400)]
    index = matches(*((source, source) for source in sources))
    for source in sources:
        changed = list(source)
        for _ in range(generator.randrange(0, 1 + len(source) // 4)):
            changed[generator.randrange(len(changed))] = generator.choice(letters + "子")
        asked = "".join(changed)
        best = max(Levenshtein.normalized_similarity(asked, other) for other in sources)
        match = index.find(asked)
        assert (match.similarity if match else 0.0) == pytest.approx(best if best >= 0.75 else 0.0)
