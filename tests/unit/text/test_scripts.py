"""Whether there is anything to translate, and how much."""

from __future__ import annotations

import pytest

from batchtx.text.inline_codes import code_char, codes_of, without_codes
from batchtx.text.scripts import count_han, count_words, has_han, has_letters


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("你好", True),
        ("Hello 世界", True),
        ("〇", True),
        ("𠮷", True),
        ("Hello", False),
        ("123 。，！", False),
        ("ひらがな", False),
        (code_char(0), False),
        ("", False),
    ],
)
def test_chinese_is_what_gets_translated(text: str, answer: bool) -> None:
    assert has_han(text) is answer


def test_other_source_languages_ask_for_any_letter() -> None:
    assert has_letters("Hello")
    assert not has_letters(f"12 {code_char(0)}!")


def test_words_are_counted_for_statistics() -> None:
    assert count_words("你好世界") == 3  # 4 / 1.6 = 2.5
    assert count_words("调用 the API 接口") == 5  # 4 Han characters and 2 Latin words
    assert count_words("") == 0


def test_han_characters_are_counted_without_marks() -> None:
    assert count_han("你好，A世界。") == 4


def test_codes_are_found_and_taken_out() -> None:
    text = f"甲{code_char(0)}乙{code_char(5)}"
    assert codes_of(text) == [code_char(0), code_char(5)]
    assert without_codes(text) == "甲乙"
