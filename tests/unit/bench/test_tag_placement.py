"""The sentences that placement is judged on are sound, and the judging is fair."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from batchtx.bench.tag_placement import MarkedCase, PlacementScore, judge, load_cases
from batchtx.errors import BatchtxError
from batchtx.inline.alignment import AlignmentEvidence
from batchtx.records import Link
from batchtx.text.inline_codes import code_fault, strip_codes

DATA = Path(__file__).parent.parent.parent / "data"
OPEN = load_cases(DATA / "placement.tsv")
HELD_OUT = load_cases(DATA / "placement-held-out.tsv")
CASES = OPEN + HELD_OUT


@pytest.mark.parametrize("cases", [OPEN, HELD_OUT], ids=["open", "held out"])
def test_there_are_at_least_150_sentences_of_several_kinds(cases: Sequence[MarkedCase]) -> None:
    assert len(cases) >= 150
    assert len({case.kind for case in cases}) >= 6


def test_no_sentence_is_in_both_sets() -> None:
    assert not {strip_codes(c.source)[0] for c in OPEN} & {strip_codes(c.source)[0] for c in HELD_OUT}


@pytest.mark.parametrize("case", CASES, ids=lambda case: strip_codes(case.source)[0])
def test_source_and_translation_carry_the_same_marks(case: MarkedCase) -> None:
    assert code_fault(case.source, case.target, case.codes) is None
    assert case.codes


def word_links(case: MarkedCase, pairs: Sequence[tuple[str, str]]) -> list[Link]:
    source, target = strip_codes(case.source)[0], strip_codes(case.target)[0]
    return [
        Link(source.index(a), source.index(a) + len(a), target.index(b), target.index(b) + len(b))
        for a, b in pairs
    ]


def test_a_perfect_alignment_scores_full_marks_and_a_wrong_one_none(tmp_path: Path) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text("x\t请<b>立即</b>付款<n/>。\tPlease pay <b>immediately</b>.<n/>\n", encoding="utf-8")
    case = load_cases(path)[0]
    right, wrong = PlacementScore("right"), PlacementScore("wrong")
    judge(
        case,
        AlignmentEvidence(word_links(case, [("请", "Please"), ("付款", "pay"), ("立即", "immediately")])),
        right,
    )
    judge(
        case,
        AlignmentEvidence(word_links(case, [("请", "immediately"), ("付款", "pay"), ("立即", "Please")])),
        wrong,
    )
    assert (right.n_exact, right.f1_sum, right.n_notes_right) == (1, 1.0, 1)
    assert (wrong.n_exact, wrong.f1_sum, wrong.n_sentences_right) == (0, 0.0, 0)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text("# head\nx\t甲\n", encoding="utf-8")
    with pytest.raises(BatchtxError, match=r"cases\.tsv, line 2"):
        load_cases(path)
