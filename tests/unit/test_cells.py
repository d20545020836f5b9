"""Cells hold any text, run nothing, and are never too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.cells import cut, escape, guard, unescape, unguard

ANY = st.text(alphabet=st.characters(exclude_categories=[]))
NEAR_FORMULAS = st.text(alphabet="'=+-@\t\n ＝a␛{}0x1F_", max_size=12)


@given(ANY | NEAR_FORMULAS)
def test_what_is_escaped_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text
    escape(text).encode("utf-8")  # no half pairs


@given(ANY | NEAR_FORMULAS)
def test_a_guard_is_taken_off_and_nothing_else(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert guard(cell)[:1] not in tuple("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize("typed", ["'tis so", "''quoted''", "plain", "", "3 - 2"])
def test_what_a_person_types_stays(typed: str) -> None:
    assert unguard(typed) == typed


@given(ANY, st.integers(2, 9))
def test_pieces_are_short_and_make_the_text_again(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert "".join(pieces) == text
    assert all(len(piece.encode("utf-16-le", "surrogatepass")) // 2 <= limit for piece in pieces)


def test_line_ends_that_a_program_put_in_become_one() -> None:
    assert unescape("a\r\nb\rc") == "a\nb\nc"
