"""What counts as keeping a mark, obeying a term, keeping a number, and what is changed in training pairs."""

from __future__ import annotations

import random

import pytest

from batchtx.distill.data.augment import (
    joined,
    read_glosses,
    with_bare_end,
    with_numbers,
    with_placeholders,
    with_term,
    with_terms,
)
from batchtx.distill.data.pairs import SentencePair
from batchtx.distill.release.capability_probes import marks_kept, numbers_kept, term_obeyed

GLOSSES = read_glosses(
    [SentencePair("总账", "general ledger/main book (accounting)"), SentencePair("模块", "module")]
)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(3)


@pytest.mark.parametrize(
    ("hypothesis", "kept"),
    [("Click ⟦1⟧Save⟦2⟧.", True), ("Click ⟦1⟧Save.", False), ("⟦1⟧⟦1⟧⟦2⟧", False), ("⟦1⟧⟦2⟧⟦3⟧", False)],
)
def test_marks_are_kept_when_each_stands_as_often(hypothesis: str, kept: bool) -> None:
    assert marks_kept(SentencePair("点击⟦1⟧保存⟦2⟧。", ""), hypothesis) == kept


@pytest.mark.parametrize(
    ("hypothesis", "obeyed"),
    [("The general ledger.", True), ("The ledger.", False), ("The ⟦t⟧general ledger.", False)],
)
def test_a_term_is_obeyed_when_its_wording_stands_without_marks(hypothesis: str, obeyed: bool) -> None:
    assert term_obeyed(SentencePair("⟦t⟧总账⟦=⟧General ledger⟦/t⟧。", ""), hypothesis) == obeyed


def test_numbers_are_kept_digit_by_digit() -> None:
    pair = SentencePair("2023年共1,234.5万元和3项", "")
    assert numbers_kept(pair, "12,345,000 in 2023: 1,234.5")
    assert not numbers_kept(pair, "1,234 in 2023")


def test_shared_code_becomes_the_same_mark_in_both_sides(rng: random.Random) -> None:
    pair = SentencePair("打开 config.yaml 和 run.sh 文件", "Open config.yaml and run.sh")
    for _ in range(20):
        changed = with_placeholders(pair, rng)
        assert changed != pair
        assert marks_kept(changed, changed.target)


def test_code_in_one_side_only_stays(rng: random.Random) -> None:
    pair = SentencePair("打开 config.yaml", "Open the file")
    assert with_placeholders(pair, rng) == pair


def test_an_exchanged_term_asks_for_what_the_target_then_says(rng: random.Random) -> None:
    pair = SentencePair("打开总账。", "Open the general ledger.")
    assert with_term(pair, GLOSSES, 0.0, rng) == SentencePair(
        "打开⟦t⟧总账⟦=⟧general ledger⟦/t⟧。", "Open the general ledger."
    )
    assert with_term(pair, GLOSSES, 1.0, rng) == SentencePair(
        "打开⟦t⟧总账⟦=⟧main book⟦/t⟧。", "Open the main book."
    )


def test_several_terms_are_annotated_each_with_its_own_wording(rng: random.Random) -> None:
    pair = SentencePair("打开总账模块。", "Open the general ledger module.")
    results = {with_terms(pair, GLOSSES, 0.0, 2, rng).source for _ in range(30)}
    assert "打开⟦t⟧总账⟦=⟧general ledger⟦/t⟧⟦t⟧模块⟦=⟧module⟦/t⟧。" in results


def test_full_stops_go_from_both_sides_or_none(rng: random.Random) -> None:
    assert with_bare_end(SentencePair("概述。", "Overview."), rng) == SentencePair("概述", "Overview")
    assert with_bare_end(SentencePair("概述", "Overview."), rng) == SentencePair("概述", "Overview.")


def test_numbers_of_both_sides_change_alike(rng: random.Random) -> None:
    pair = SentencePair("2023年增长12.5%，第3页和第3节", "Up 12.5% in 2023, page 3 and section 3")
    seen = {with_numbers(pair, rng) for _ in range(40)}
    assert len(seen) > 20
    for changed in seen:
        assert numbers_kept(changed, changed.target)
        assert changed.source.endswith("第3页和第3节")  # stands twice: not sure which is which


def test_numbers_inside_names_stay(rng: random.Random) -> None:
    pair = SentencePair("安装 x86 和 utf8 版", "Install the x86 and utf8 edition")
    assert all(with_numbers(pair, rng) == pair for _ in range(20))


def test_two_sentences_become_one_long_segment_in_both_languages() -> None:
    first, second = SentencePair("我喜欢茶。", "I like tea."), SentencePair("他吃鱼", "He eats fish")
    assert joined(first, second, ("zh", "en")) == SentencePair("我喜欢茶。他吃鱼", "I like tea. He eats fish")
    assert joined(second, first, ("zh", "en")) is None, "a heading is not run into what follows"
