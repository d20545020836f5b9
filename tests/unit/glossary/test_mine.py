"""Terms are found in texts, and a target is proposed only where translations leave no doubt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batchtx.errors import GlossaryError
from batchtx.glossary.candidates import find_candidates
from batchtx.glossary.evidence import EvidenceCorpus, find_target
from batchtx.glossary.mine import mine, write_mined
from batchtx.glossary.phrases import phrases
from batchtx.glossary.table import read
from batchtx.glossary.term_report import Translated
from batchtx.language.en.stems import stem
from batchtx.language.zh.stop_words import can_be_term
from batchtx.text.inline_codes import code_char

SENTENCES = [
    "甲方应当支付违约金。",
    "如逾期，乙方须承担违约金，并通知客户。",
    "违约金的比例为百分之五。",
    "关于违约金，双方另行商定。",
    "系统在边缘网关上运行。",
    "每个边缘网关都有编号。",
    "请重启边缘网关，然后登录。",
    "安装OpenStack后，打开Redis 7 的配置。",
    "不要在OpenStack里改动，见 https://OpenStack.org/Redis 。",
    "用OpenStack和Redis 7 部署。",
    "升级Redis 7 之前先备份。",
]


def candidates(*sources: str, min_frequency: int = 3) -> dict[str, int]:
    found = find_candidates([(f"d{n % 2}", source) for n, source in enumerate(sources)], min_frequency)
    return {candidate.source: candidate.frequency for candidate in found}


def rows(*pairs: tuple[str, str]) -> list[Translated]:
    return [Translated("d", f"line {n}", source, target) for n, (source, target) in enumerate(pairs, 1)]


def test_what_comes_up_often_holds_together_and_stands_in_many_contexts_is_found() -> None:
    found = candidates(*SENTENCES)
    assert found["违约金"] == 4
    assert found["边缘网关"] == 3
    assert found["OpenStack"] == 3
    assert found["Redis 7"] == 3
    assert not {"违约", "约金", "边缘", "网关", "缘网"} & set(found)  # parts of what was found


def test_codes_inside_a_term_do_not_hide_it() -> None:
    found = candidates(*(s.replace("违约金", f"违{code_char(0)}约金") for s in SENTENCES))
    assert found["违约金"] == 4


def test_the_documents_and_an_example_are_named() -> None:
    found = {c.source: c for c in find_candidates([("a", s) for s in SENTENCES])}
    assert found["违约金"].n_documents == 1
    assert "违约金" in found["违约金"].example


@pytest.mark.parametrize(
    "text", ["合同", "不可抗力", "所得税", "共和国", "和解协议", "第三方", "应收账款", "并购"]
)
def test_words_that_look_like_function_words_may_be_terms(text: str) -> None:
    assert can_be_term(text)


@pytest.mark.parametrize(
    "text", ["的合同", "合同的", "如果", "应当支付", "三十日", "第二条", "本合同", "及其", "双方在"]
)
def test_function_words_and_numbers_are_no_terms(text: str) -> None:
    assert not can_be_term(text)


def test_phrases_stay_within_a_clause_and_begin_and_end_with_content() -> None:
    found = phrases("The liquidated damages, of Party B")
    assert set(found.values()) == {
        "liquidated",
        "damages",
        "liquidated damages",
        "Party",
        "B",
        "Party B",
    }
    assert stem("parties") == stem("Party's") == "party"


def test_a_target_in_all_translations_with_the_term_and_in_no_other_is_proposed() -> None:
    corpus = EvidenceCorpus(
        rows(
            ("甲方支付违约金。", "Party A shall pay liquidated damages."),
            ("违约金为百分之五。", "The liquidated damages are five percent."),
            ("关于违约金，另行商定。", "Liquidated damages are agreed separately."),
            ("甲方通知客户。", "Party A shall notify the customer."),
            ("损害赔偿由法院判定。", "Damages are set by the court."),
        ),
        ["违约金", "甲方"],
    )
    found = find_target(corpus, "违约金")
    assert found is not None
    assert found.target == "liquidated damages"
    assert found.reason == "stands in 3 of 3 translations with the term and in 0 of 2 without it"


def test_the_singular_is_proposed_where_any_translation_has_it() -> None:
    corpus = EvidenceCorpus(
        rows(
            ("传唤证人。", "Witnesses are called."),
            ("证人应当出庭。", "The witnesses appear in court."),
            ("每一证人", "Each witness"),
            ("法院", "The court"),
        ),
        ["证人"],
    )
    found = find_target(corpus, "证人")
    assert found is not None
    assert found.target == "witness"


def test_nothing_is_proposed_where_two_phrases_fit_or_too_few_segments_speak() -> None:
    twice = rows(
        ("边缘网关故障", "fault in the edge gateway"),
        ("边缘网关故障。", "The edge gateway: a fault"),
        ("重启边缘网关，故障", "After a fault restart the edge gateway"),
        ("其他", "other things"),
    )
    assert find_target(EvidenceCorpus(twice, ["边缘网关"]), "边缘网关") is None
    assert find_target(EvidenceCorpus(twice[2:], ["边缘网关"]), "边缘网关") is None


def test_nothing_is_proposed_where_translations_differ() -> None:
    corpus = EvidenceCorpus(
        rows(
            ("甲方支付违约金。", "Party A pays a penalty."),
            ("违约金为百分之五。", "The default fine is five percent."),
            ("关于违约金。", "On liquidated damages."),
        ),
        ["违约金"],
    )
    assert find_target(corpus, "违约金") is None


def test_a_heading_that_is_the_term_is_evidence_unless_translated_in_two_ways() -> None:
    same = EvidenceCorpus(
        rows(("违约金：", "Liquidated Damages:"), ("违约金", "Liquidated damages")), ["违约金"]
    )
    found = find_target(same, "违约金")
    assert found is not None
    assert found.target == "Liquidated damages"
    assert found.reason == "stands alone in 2 segments, always so translated"
    other = EvidenceCorpus(rows(("违约金", "Penalty"), ("违约金", "Liquidated damages")), ["违约金"])
    assert find_target(other, "违约金") is None


def test_a_name_that_is_never_changed_is_its_own_target() -> None:
    corpus = EvidenceCorpus(
        rows(("安装OpenStack", "Install OpenStack"), ("用OpenStack", "Use OpenStack")), ["OpenStack"]
    )
    found = find_target(corpus, "OpenStack")
    assert found is not None
    assert found.target == "OpenStack"


def test_the_file_is_a_glossary_once_its_targets_are_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    segments = [("a", sentence) for sentence in SENTENCES]
    terms = mine(segments, rows(("违约金", "liquidated damages"), ("用OpenStack", "Use OpenStack")))
    write_mined(path, terms)
    with pytest.raises(GlossaryError, match="has no target"):
        read(path)
    text = path.read_text(encoding="utf-8-sig")
    filled = [re.sub("^([^,]+),,", r"\1,x,", line) for line in text.splitlines()]
    path.write_text("\n".join(filled) + "\n", encoding="utf-8")
    entries = {entry.source: entry for entry in read(path).entries}
    assert entries["违约金"].targets == ("liquidated damages",)
    assert entries["违约金"].note == "stands alone in 1 segments, always so translated"
    assert entries["OpenStack"].dnt


def test_known_terms_are_left_out() -> None:
    found = mine([("a", sentence) for sentence in SENTENCES], [], known=["违约金"])
    assert "违约金" not in {term.candidate.source for term in found}
