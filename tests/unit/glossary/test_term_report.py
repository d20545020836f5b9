"""What a glossary report counts, worked out by hand."""

from __future__ import annotations

from batchtx.glossary.matcher import Matcher
from batchtx.glossary.table import Entry, from_entries
from batchtx.glossary.term_report import GlossaryReport, Translated, consistency, hide_codes, measure, to_json
from batchtx.glossary.term_report_table import lines, percent

CONTRACT = Entry("合同", ("contract", "agreement"), forbidden=("pact",))
PARTY = Entry("甲方", ("Party A",), case="keep")
FEE = Entry("费用", ("fee",), required=False)


def report(*rows: tuple[str, str, str]) -> GlossaryReport:
    numbered = [Translated(document, f"line {n}", s, t) for n, (document, s, t) in enumerate(rows, 1)]
    return measure(numbered, Matcher(from_entries([CONTRACT, PARTY, FEE])))


def test_a_term_counts_once_a_segment_and_every_occurrence_besides() -> None:
    found = report(
        ("a", "合同和合同", "The contracts and it"),
        ("a", "甲方的合同", "The contract of Party B"),
        ("b", "费用", "charge"),
    )
    assert found.success == 2 / 3  # 合同 twice used, 甲方 missed; 费用 is only preferred
    assert found.success_by_occurrence == 2 / 4
    by_source = {use.source: use for use in found.terms}
    assert (by_source["合同"].n_times, by_source["合同"].n_segments, by_source["合同"].n_used) == (3, 2, 2)
    assert by_source["甲方"].n_missed == 1
    assert [(miss.term, miss.row.document, miss.row.place) for miss in found.misses] == [
        ("甲方", "a", "line 2"),
        ("费用", "b", "line 3"),
    ]


def test_forbidden_words_are_counted_even_where_the_term_is_used() -> None:
    found = report(("a", "合同", "the pact, a contract"))
    assert found.success == 1
    assert found.terms[0].forbidden == {"pact": 1}
    assert [(miss.missed, miss.forbidden) for miss in found.misses] == [(False, ("pact",))]


def test_consistency_counts_the_most_frequent_target_within_and_across_documents() -> None:
    found = report(
        ("a", "合同一", "contract one"),
        ("a", "合同二", "contract two"),
        ("a", "合同三", "agreement three"),
        ("b", "合同四", "agreement four"),
        ("b", "合同五", "a thing"),
    )
    # a: contract 2 of 3; b: agreement 1 of 2 (the miss is another target); across: 2 of 5 each way
    assert found.consistency_in_documents == 3 / 5
    assert found.consistency_across_documents == 2 / 5
    assert found.terms[0].mixed_in == ("a", "b")
    assert found.terms[0].used == {"contract": 2, "agreement": 2}


def test_a_target_that_is_never_used_is_no_consistency() -> None:
    assert consistency([{"": 5}]) == 0
    assert consistency([{"contract": 1}]) is None


def test_nothing_to_count_is_said() -> None:
    found = report(("a", "你好", "Hello"))
    assert found.success is None
    assert lines(found) == ["no term of the glossary stands in the 1 rows of the sheet"]


def test_the_table_names_the_place_of_a_miss() -> None:
    text = "\n".join(lines(report(("a.docx", "甲方应付款。", "Party B shall pay."))))
    assert "a.docx, line 1: 甲方 → Party A missed\n    甲方应付款。\n    Party B shall pay." in text
    assert "required     1: 0 used, 1 missed" in text


def test_json_holds_the_same_figures() -> None:
    facts = to_json(report(("a", "合同", "contract"), ("a", "甲方", "Party B")))
    assert (facts["required"], facts["used"], facts["missed"], facts["success"]) == (2, 1, 1, 0.5)


def test_almost_all_is_not_shown_as_all() -> None:
    assert percent(0.99999) == "99.9 %"
    assert percent(1.0) == "100.0 %"
    assert percent(None) == "-"


def test_marks_of_codes_are_taken_out_and_doubled_brackets_stay_one() -> None:
    assert hide_codes("合⟦1⟧同⟦/1⟧⟦⟦x") == "合同⟦x"
