"""Terms that a document translates in several ways are found; the same in other words is not."""

from __future__ import annotations

from batchtx.glossary.term_consistency import find_inconsistencies
from batchtx.glossary.term_report import Translated


def rows(*pairs: tuple[str, str], document: str = "a") -> list[Translated]:
    return [Translated(document, f"line {n}", source, target) for n, (source, target) in enumerate(pairs, 1)]


MIXED = rows(
    ("甲方应当支付违约金。", "Party A shall pay a penalty."),
    (
        "如逾期，乙方须承担违约金，并通知客户。",
        "If late, Party B bears liquidated damages and informs the customer.",
    ),
    ("违约金的比例为百分之五。", "The penalty is five percent."),
    ("关于违约金，双方另行商定。", "On liquidated damages both sides agree separately."),
    ("乙方可以免除违约金。", "Party B may waive the penalty."),
    ("合同另有规定的除外。", "Unless the contract says otherwise."),
)


def test_a_term_with_two_targets_that_never_meet_is_reported_with_its_places() -> None:
    (found,) = find_inconsistencies(MIXED)
    assert (found.document, found.source) == ("a", "违约金")
    assert [(v.target, v.places) for v in found.variants] == [
        ("penalty", ("line 1", "line 3", "line 5")),
        ("liquidated damages", ("line 2", "line 4")),
    ]
    assert str(found) == (
        "a: 违约金 is translated in 2 ways: penalty (line 1, line 3, line 5); "
        "liquidated damages (line 2, line 4)"
    )


def test_one_target_throughout_is_not_reported() -> None:
    same = [
        Translated(r.document, r.place, r.source, r.target.replace("liquidated damages", "the penalty"))
        for r in MIXED
    ]
    assert find_inconsistencies(same) == []


def test_each_document_is_looked_at_alone() -> None:
    parts = [Translated(f"d{n % 2}", r.place, r.source, r.target) for n, r in enumerate(MIXED[:5])]
    assert find_inconsistencies(parts, ["违约金"]) == []  # d0 says penalty, d1 liquidated damages


def test_a_difference_that_the_source_explains_is_not_reported() -> None:
    explained = rows(
        ("系统管理员登录。", "The administrator logs in."),
        ("请联系系统管理员。", "Contact your administrator."),
        ("打开系统设置。", "Open the settings."),
        ("在系统设置中修改。", "Change it in settings."),
    )
    assert find_inconsistencies(explained, ["系统"]) == []


def test_a_heading_translated_in_two_ways_is_reported() -> None:
    (found,) = find_inconsistencies(
        rows(("违约金", "Penalty"), ("违约金：", "Liquidated damages:"), ("违约金", "penalties")), ["违约金"]
    )
    assert [(v.target, len(v.places)) for v in found.variants] == [("Penalty", 2), ("Liquidated damages", 1)]


def test_capitals_and_plurals_are_no_difference() -> None:
    assert find_inconsistencies(rows(("违约金", "Penalty"), ("违约金", "penalties")), ["违约金"]) == []


def test_terms_that_are_too_rare_are_not_judged() -> None:
    assert find_inconsistencies(MIXED[:2], ["违约金"]) == []
