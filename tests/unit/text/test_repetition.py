"""Loops and runaways are told from honest repetition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.text.repetition import collapse, longest_repeat, looping


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("the the the the cat", "猫"),
        ("We are good. We are good. We are good. We are good.", "我们很好。"),
        ("The shorerereren stelelelele", "短篇小说。"),
        (
            "the 3 of the 3, the 20 of the 3 of the 20, the 3 of the 3",
            "他在三月二十日到达北京，随后去了上海。",
        ),
        ("Hellooooooooooooooooooooooooooooooo", "你好"),
        ("word " * 3 + " ".join(f"w{n}" for n in range(60)), "短句"),
        (
            "of the law and of the rule " * 2
            + "of the law, of the rule, of the law, of the rule, of the law",
            "法律",
        ),
    ],
)
def test_loops_are_seen(target: str, source: str) -> None:
    assert looping(target, source)


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("Good, good, good.", "好，好，好。"),
        ("Ha ha ha ha ha ha", "哈哈哈哈哈哈"),
        ("--------------------------------", "――――"),
        ("Yes.", "是。"),
        ("Hahaha, hmmmm, in Mississippi at www.x.com", "哈哈哈，在密西西比"),
        ("aaaaaaaaaa", "输入aaaaaaaaaa"),
        ("The People's Republic of China", "中国"),
        ("1 2 3 4 5 6 7 8", "1 2 3 4 5 6 7 8"),
        ("", ""),
    ],
)
def test_honest_targets_pass(target: str, source: str) -> None:
    assert not looping(target, source)


@pytest.mark.parametrize(
    ("text", "collapsed"),
    [
        ("the the the the cat", "the cat"),
        ("The the the the cat.", "The cat."),
        ("Good. Good. Good. Good.", "Good."),
        ("a b a b a b a b c", "a b c"),
        ("the the the cat", "the the the cat"),
        ("1 1 1 1 1", "1 1 1 1 1"),
        ("- - - - -", "- - - - -"),
        ("stop stop stop stop!", "stop!"),
        ("", ""),
    ],
)
def test_phrases_said_four_times_are_said_once(text: str, collapsed: str) -> None:
    assert collapse(text) == collapsed


@given(st.text(alphabet="ab .", max_size=60))
def test_collapsing_twice_is_collapsing_once(text: str) -> None:
    assert collapse(collapse(text)) == collapse(text)


def test_the_longest_repeat_counts_phrases() -> None:
    assert longest_repeat(list("abababab")) == 4
    assert longest_repeat(list("abc")) == 1
    assert longest_repeat([]) == 0
