"""A sentence that is too long is cut at the best place; nothing is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.text.inline_codes import code_char
from batchtx.text.segmenter import Piece
from batchtx.text.split import split_long, split_pieces


@given(st.text(max_size=80), st.integers(1, 30))
def test_parts_joined_are_the_text_and_within_the_limit(text: str, limit: int) -> None:
    parts = split_long(text, limit, len)
    assert "".join(parts) == text
    assert all(0 < len(part) <= limit for part in parts)


@given(st.text(alphabet="甲乙，。 ab1", max_size=120), st.integers(3, 20))
def test_a_counter_with_overhead_is_obeyed(text: str, limit: int) -> None:
    def count(part: str) -> int:
        return 2 + len(part)

    assert all(count(part) <= limit for part in split_long(text, limit, count))


def test_cuts_after_a_clause_mark_in_the_second_half() -> None:
    assert split_long("甲乙丙丁，戊己庚辛壬癸", 7, len) == ["甲乙丙丁，", "戊己庚辛壬癸"]


def test_does_not_cut_a_latin_word_or_number() -> None:
    assert split_long("甲乙丙internationalization丁", 20, len) == ["甲乙丙", "internationalization", "丁"]


def test_leaves_no_scrap_at_the_end() -> None:
    assert split_long("甲" * 21, 20, len) == ["甲" * 14, "甲" * 7]


def test_does_not_part_a_mark() -> None:
    assert all(part.count("⟦") == part.count("⟧") for part in split_long("甲乙⟦1⟧丙丁⟦2⟧戊己" * 9, 5, len))


def test_a_word_longer_than_the_limit_is_cut_inside() -> None:
    assert split_long("a" * 10, 4, len) == ["aaaa", "aaaa", "aa"]


def test_codes_survive() -> None:
    text = f"甲{code_char(3)}乙" * 20
    assert "".join(split_long(text, 7, len)) == text


def test_a_character_that_is_longer_than_the_limit_stands_alone() -> None:
    assert split_long("甲乙", 1, lambda part: 3 * len(part)) == ["甲", "乙"]


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        split_long("甲", 0, len)


@pytest.mark.parametrize("text", ["的" * 300_000, "abc" * 100_000, "甲，" * 150_000, "a b " * 75_000])
def test_300_000_characters_take_linear_time(text: str) -> None:
    start = time.perf_counter()
    parts = split_long(text, 200, len)
    assert time.perf_counter() - start < 5
    assert max(map(len, parts)) <= 200


def test_pieces_that_were_cut_are_marked_forced() -> None:
    pieces = [Piece(" ", "甲乙丙丁"), Piece("", "戊")]
    assert split_pieces(pieces, 2, len) == [
        Piece(" ", "甲乙", forced=True),
        Piece("", "丙丁", forced=True),
        Piece("", "戊"),
    ]
