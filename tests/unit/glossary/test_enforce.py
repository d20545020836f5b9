"""Terms get into targets in good English, and misses are seen."""

from __future__ import annotations

import pytest

from batchtx.glossary.enforce import (
    annotate,
    forbidden_used,
    missed,
    restore_terms,
    strip_annotation,
    terms_as_placeholders,
    undercounted,
)
from batchtx.language.en.inflect import capitalized, target_pattern, with_article
from batchtx.records import Term
from batchtx.text.inline_codes import code_char
from batchtx.text.protect import Masked, move_terms, protect

CONTRACT = Term(4, 6, "合同", ("contract", "agreement"), forbidden=("law", "pact"))
PARTY = Term(0, 2, "甲方", ("Party A",), case="keep")


def test_annotations_stand_around_the_term_and_come_off_again() -> None:
    text = "甲方签订合同。"
    annotated, terms = annotate(text, [CONTRACT, PARTY])
    assert annotated == "⟦t⟧甲方⟦=⟧Party A⟦/t⟧签订⟦t⟧合同⟦=⟧contract⟦/t⟧。"
    assert [annotated[term.start : term.end] for term in terms] == [
        "⟦t⟧甲方⟦=⟧Party A⟦/t⟧",
        "⟦t⟧合同⟦=⟧contract⟦/t⟧",
    ]
    assert strip_annotation(annotated) == text


@pytest.mark.parametrize(
    ("target", "restored"),
    [
        ("⟦1⟧ signs a ⟦2⟧.", "Party A signs a contract."),
        ("⟦2⟧ is signed by ⟦1⟧.", "Contract is signed by Party A."),
        ("⟦1⟧ signs an ⟦2⟧.", "Party A signs a contract."),
        ("It ends. ⟦2⟧ of ⟦1⟧", "It ends. Contract of Party A"),
        ("⟦1⟧ only", None),
    ],
)
def test_terms_come_back_with_capital_and_article(target: str, restored: str | None) -> None:
    masked_terms = terms_as_placeholders(Masked("甲方签订合同。"), [PARTY, CONTRACT])
    assert masked_terms.masked.text == "⟦1⟧签订⟦2⟧。"
    back = restore_terms(target, masked_terms)
    assert (back and back.text) == restored


def test_terms_take_the_marks_after_those_of_literals() -> None:
    masked = protect("见{x}的合同")
    assert masked is not None
    terms = move_terms([Term(5, 7, "合同", ("agreement",))], masked)
    masked_terms = terms_as_placeholders(masked, terms)
    assert masked_terms.masked.text == "见⟦1⟧的⟦2⟧"
    back = restore_terms("See a ⟦2⟧ of ⟦1⟧", masked_terms)
    assert back and back.text == "See an agreement of {x}"


def test_no_more_than_16_marks_are_used() -> None:
    text = "合同" * 20
    terms = [Term(2 * n, 2 * n + 2, "合同", ("contract",)) for n in range(20)]
    masked_terms = terms_as_placeholders(Masked(text), terms)
    assert len(masked_terms.terms) == 16
    assert masked_terms.masked.text.endswith("合同" * 4)


@pytest.mark.parametrize(
    "target",
    [
        "two contracts",
        "Contract",
        "the contract's end",
        "sub-contract",
        "agreements",
        f"con{code_char(0)}tract",
        "contracting",
    ],
)
def test_inflected_terms_count_as_used(target: str) -> None:
    assert missed([CONTRACT], target) == ()


@pytest.mark.parametrize("target", ["contractor", "contact", "", "contra ct"])
def test_other_words_do_not(target: str) -> None:
    assert missed([CONTRACT], target) == (CONTRACT,)


@pytest.mark.parametrize(
    ("term", "target"),
    [
        ("party", "parties"),
        ("liability for breach", "liabilities for breaches"),
        ("terminate the contract", "terminating the contract"),
        ("non-disclosure agreement", "non disclosure agreements"),
        ("earnings per share", "Earnings Per Share"),
        ("damages", "damage"),
        ("index", "indices"),
        ("person", "people"),
        ("submit", "submitted"),
        ("people's court", "People’s Courts"),
        ("C++", "C++"),
        ("P/E ratio", "P/E ratios"),
    ],
)
def test_the_usual_inflections_are_known(term: str, target: str) -> None:
    assert target_pattern(term).fullmatch(target)


def test_case_keep_wants_the_exact_case() -> None:
    assert missed([PARTY], "party a signs") == (PARTY,)
    assert missed([PARTY], "Party A signs") == ()
    assert missed([PARTY], "Party A's duty") == ()


def test_a_do_not_translate_term_must_stand_exactly() -> None:
    term = Term(0, 2, "微信", ("微信",), case="keep")
    assert missed([term], "微信 is good") == ()
    assert missed([term], "WeChat") == (term,)


def test_counts_are_compared_for_advice() -> None:
    assert undercounted([CONTRACT, CONTRACT], "one contract") == ((CONTRACT, 2, 1),)
    assert undercounted([CONTRACT, CONTRACT], "contract and agreement") == ()


def test_forbidden_words_count_outside_allowed_terms_only() -> None:
    law = Term(0, 3, "合同法", ("contract law",), forbidden=("law", "contract"))
    assert forbidden_used([law], "the contract law") == ()
    assert forbidden_used([law], "the laws and the contract law") == ("law",)


@pytest.mark.parametrize(
    ("word", "article"),
    [
        *((word, "an") for word in ("agreement", "hour", "umbrella", "unusual", "uninstall", "honest")),
        *((word, "an") for word in ("MRI", "NGO", "SMS", "API", "8-bit")),
        *((word, "a") for word in ("contract", "house", "user", "union", "unit", "one-off", "European")),
        *((word, "a") for word in ("UN", "VAT", "URL")),
    ],
)
def test_articles_go_by_sound(word: str, article: str) -> None:
    assert with_article(word) == article


def test_capitals_leave_mixed_case_names_alone() -> None:
    assert capitalized("contract") == "Contract"
    assert capitalized("iPhone case") == "iPhone case"
    assert capitalized("5 things") == "5 things"
