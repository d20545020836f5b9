"""Units are cut and joined without loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.language.zh_en import PAIR
from batchtx.pipeline.segments import MAX_SEGMENT_CHARS, cut_unit, join_targets
from batchtx.records import Code, Unit
from batchtx.text.inline_codes import code_char


def unit(text: str, *codes: Code) -> Unit:
    return Unit("line 1", "line 1", text, codes=codes)


@given(st.text("甲乙丙。！？，；“”（）《》 \u3000\nabc.1", max_size=200))
def test_gaps_and_sources_joined_give_the_text_back(text: str) -> None:
    plan = cut_unit("a.txt", unit(text), PAIR)
    pieces = [part for gap, s in zip(plan.gaps, plan.segments, strict=False) for part in (gap, s.source)]
    assert "".join(pieces) + plan.gaps[-1] == text
    assert join_targets(plan, [segment.source for segment in plan.segments]) == text


def test_sentences_that_touched_are_parted_by_a_space() -> None:
    plan = cut_unit("a.txt", unit("　　甲方付款。乙方交货。"), PAIR)
    assert join_targets(plan, ["Party A pays.", "Party B delivers."]) == "　　Party A pays. Party B delivers."


def test_line_breaks_inside_stay() -> None:
    plan = cut_unit("a.txt", unit("甲方\n乙方"), PAIR)
    assert join_targets(plan, ["Party A", "Party B"]) == "Party A\nParty B"


def test_a_language_without_spaces_gets_none() -> None:
    plan = cut_unit("a.txt", unit("甲。乙。"), PAIR)
    assert join_targets(plan, ["丙。", "丁。"], spaced=False) == "丙。丁。"


def test_a_very_long_sentence_is_cut_and_says_so() -> None:
    plan = cut_unit("a.txt", unit("很长的句子，" * 400), PAIR)
    assert len(plan.segments) > 5
    assert all(segment.forced and len(segment.source) <= MAX_SEGMENT_CHARS for segment in plan.segments)


def test_codes_that_a_target_lost_stand_at_its_edges() -> None:
    text = f"甲{code_char(0)}乙{code_char(1)}丙"
    plan = cut_unit("a.txt", unit(text, Code("open", "link", 1), Code("close", "link", 0)), PAIR)
    assert join_targets(plan, ["one two three"]) == f"one two three{code_char(0)}{code_char(1)}"


@pytest.mark.parametrize("gap", ["\t", " \t ", "\n\t", "\u2028", "\u2029", "\v"])
def test_tabs_and_separators_of_lines_stay_between_the_translations(gap: str) -> None:
    plan = cut_unit("d", Unit("a", "p", f"姓名{gap}年龄。"), PAIR)
    assert [segment.source for segment in plan.segments] == ["姓名", "年龄。"]
    assert join_targets(plan, ["Name", "Age."]) == f"Name{gap}Age."
