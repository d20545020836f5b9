"""Entries that are found only where Chinese words begin and end."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from batchtx.errors import GlossaryError
from batchtx.glossary.matcher import Matcher
from batchtx.glossary.table import Entry, from_entries
from batchtx.text.inline_codes import code_char


def found(text: str, *entries: Entry) -> list[int]:
    return [term.start for term in Matcher(from_entries(entries)).find_terms(text)]


SHANGHAI = Entry("上海", ("Shanghai",), boundary=True)


@pytest.mark.skipif(find_spec("jieba") is None, reason="jieba is not installed")
@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("他住在上海。", [3]),
        ("上海海鲜很贵。", [0]),
        ("海上海鲜很贵。", []),
        ("海上海鲜和上海", [5]),
        (f"他住在上{code_char(0)}海。", [3]),
    ],
)
def test_a_bounded_entry_is_not_found_across_words(text: str, starts: list[int]) -> None:
    assert found(text, SHANGHAI) == starts


@pytest.mark.skipif(find_spec("jieba") is None, reason="jieba is not installed")
def test_where_a_bounded_entry_does_not_count_a_shorter_one_may() -> None:
    assert found("海上海鲜", SHANGHAI, Entry("上", ("on",))) == [1]


def test_without_the_column_nothing_is_asked_of_word_boundaries() -> None:
    assert found("海上海鲜", Entry("上海", ("Shanghai",))) == [1]


def test_without_jieba_a_bounded_entry_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batchtx.glossary.words.find_spec", lambda name: None)
    with pytest.raises(GlossaryError, match=r"上海 asks for a word boundary; .*batchtx\[glossary\]"):
        found("上海", SHANGHAI)
