"""Missed terms go where alignment says that they were translated otherwise, in good English."""

from __future__ import annotations

import pytest

from batchtx.records import Hypothesis, Link, Term
from batchtx.worker.term_repair import repair_terms


def term(source: str, text: str, target: str, **options: object) -> Term:
    start = source.index(text)
    return Term(start, start + len(text), text, (target,), **options)  # type: ignore[arg-type]


def said(source: str, target: str, links: dict[str, str]) -> Hypothesis:
    """A hypothesis whose alignment links source strings to (space-separated) target words."""
    alignment = []
    for chinese, english in links.items():
        start = source.index(chinese)
        at = 0
        for word in english.split():
            at = target.index(word, at)
            alignment.append(Link(start, start + len(chinese), at, at + len(word)))
            at += len(word)
    return Hypothesis(target, -0.5, alignment=tuple(alignment))


@pytest.mark.parametrize(
    ("source", "text", "target", "translated", "links", "repaired"),
    [
        # the plain case
        ("违反合同", "合同", "agreement", "breach the contract", {"违反": "breach", "合同": "contract"},
         "breach the agreement"),
        # a plural stays one, a word that has none does not become one
        ("两个合同", "合同", "agreement", "two contracts", {"合同": "contracts"}, "two agreements"),
        ("这些资料", "资料", "information", "these materials", {"资料": "materials"}, "these information"),
        # a or an, and a capital at the start
        ("一份合同", "合同", "agreement", "a contract", {"一份": "a", "合同": "contract"}, "an agreement"),
        ("合同生效", "合同", "agreement", "Contract is valid", {"合同": "Contract"}, "Agreement is valid"),
        # several words, a function word between them, none of it left
        ("支付违约金", "违约金", "liquidated damages", "pay the price of the breach",
         {"支付": "pay", "违约金": "price of the breach"}, "pay the liquidated damages"),
        # words of the term that stand beside what is replaced
        ("访问会话长度", "会话长度", "session length", "the length of the visit",
         {"会话长度": "visit"}, "the session length"),
    ],
)  # fmt: skip
def test_the_words_that_stand_for_the_term_are_replaced(
    source: str, text: str, target: str, translated: str, links: dict[str, str], repaired: str
) -> None:
    hypothesis, repairs = repair_terms([term(source, text, target)], said(source, translated, links))
    assert hypothesis.text == repaired
    assert [repair.term.targets for repair in repairs] == [(target,)]


def test_a_term_that_keeps_its_case_is_written_as_it_stands() -> None:
    wanted = term("合同生效", "合同", "eContract", case="keep")
    hypothesis, _ = repair_terms([wanted], said("合同生效", "Contracts are valid", {"合同": "Contracts"}))
    assert hypothesis.text == "eContract are valid"


@pytest.mark.parametrize(
    ("translated", "links"),
    [
        ("breach of it", {"违反": "breach"}),  # nothing is aligned to the term
        ("breach it on 5", {"合同": "5"}),  # a figure
        ("breach ⟦1⟧", {"合同": "⟦1⟧"}),  # a mark
        ("breach of all that both sides once wrote down", {"合同": "all that both sides once wrote down"}),
        ("breach the agreements", {"合同": "breach"}),  # not missed
    ],
)
def test_nothing_is_replaced_without_a_sure_place(translated: str, links: dict[str, str]) -> None:
    hypothesis = said("违反合同", translated, links)
    assert repair_terms([term("违反合同", "合同", "agreement")], hypothesis) == (hypothesis, ())


def test_the_words_of_another_term_are_left_alone() -> None:
    source = "甲方合同"
    terms = [term(source, "甲方", "Party A"), term(source, "合同", "agreement")]
    hypothesis = said(source, "Party A's duty", {"甲方": "duty", "合同": "Party A's"})
    assert repair_terms(terms, hypothesis) == (hypothesis, ())


def test_a_preference_is_not_insisted_on() -> None:
    hypothesis = said("违反合同", "breach the contract", {"合同": "contract"})
    preferred = term("违反合同", "合同", "agreement", required=False)
    assert repair_terms([preferred], hypothesis) == (hypothesis, ())


def test_links_follow_so_that_formatting_lands_on_the_right_words() -> None:
    source = "合同有效"
    hypothesis = said(source, "a pact is valid", {"合同": "pact", "有效": "valid"})
    repaired, _ = repair_terms([term(source, "合同", "agreement")], hypothesis)
    assert repaired.alignment is not None
    linked = {
        repaired.text[link.target_start : link.target_end]: source[link.source_start : link.source_end]
        for link in repaired.alignment
    }
    assert (repaired.text, linked) == ("an agreement is valid", {"agreement": "合同", "valid": "有效"})


def test_two_terms_are_repaired_in_one_sentence() -> None:
    source = "甲方违反合同"
    terms = [term(source, "甲方", "Party A"), term(source, "合同", "agreement")]
    hypothesis = said(source, "the first side breaks a deal", {"甲方": "first side", "合同": "deal"})
    repaired, repairs = repair_terms(terms, hypothesis)
    assert repaired.text == "the Party A breaks an agreement"
    assert [repair.replaced for repair in repairs] == ["first side", "deal"]


def test_an_engine_without_alignment_gets_no_repair() -> None:
    hypothesis = Hypothesis("breach the contract")
    assert repair_terms([term("违反合同", "合同", "agreement")], hypothesis) == (hypothesis, ())
