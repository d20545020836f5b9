"""What every post-processing step must do, whatever the text."""

from __future__ import annotations

import importlib
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from batchtx.postprocess import STEPS
from batchtx.protocols import Step
from batchtx.records import Segment, UnitKind
from batchtx.text.inline_codes import code_char, codes_of

CODES = "".join(map(code_char, range(4)))
MARKS = "，。、；：？！（）《》【】“”‘’「」—…～％　 .,;:!?()[]\"'-/\\⟦⟧1=3/t"
TEXT = st.text(alphabet="aBcs甲乙" + MARKS + CODES, max_size=40) | st.text(max_size=30)
KINDS = st.sampled_from(("text", "heading", "cell", "item", "title", "caption", "label"))


def load(name: str) -> Step:
    module, _, function = STEPS[name].partition(":")
    step: Step = getattr(importlib.import_module(module), function)
    return step


def segment(source: str, kind: UnitKind = "text", *, forced: bool = False) -> Segment:
    return Segment("d", "a", "p", 0, source, kind, forced=forced)


@pytest.fixture(params=STEPS)
def step(request: pytest.FixtureRequest) -> Step:
    return load(request.param)


relaxed = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@relaxed
@given(target=TEXT, source=TEXT, kind=KINDS, forced=st.booleans())
@example(target="\U00100000 a", source="b", kind="text", forced=False)
@example(target="a,b , c", source="a,b。", kind="text", forced=False)
def test_twice_is_once_and_codes_are_kept(
    step: Step, target: str, source: str, kind: UnitKind, forced: bool
) -> None:
    where = segment(source, kind, forced=forced)
    once = step(target, where)
    assert step(once, where) == once
    assert codes_of(once) == codes_of(target)


@pytest.mark.parametrize(
    "literal",
    [
        "https://a.b/c?d=e,f;g",
        "a.b@c-d.com",
        "C:\\Users\\x.txt",
        "/usr/local/bin",
        "`a , b`",
        "{name}",
        "%s",
        "<b>",
        "foo.Bar",
        "pid,user,rss",
        "v1.2.3",
        "{{ x }}",
    ],
)
def test_literals_of_the_source_are_kept(step: Step, literal: str) -> None:
    where = segment(f"请看{literal}。")
    for target in (f"See {literal}.", f"{literal} is seen .", f"See （{literal}）， please"):
        assert literal in step(target, where)


def test_good_english_is_left_alone(step: Step) -> None:
    where = segment("在美国，圆周率是3.14，10:30开会（见a/b），共1,000项。")
    good = "In the U.S., pi is 3.14; meet at 10:30 (see a/b), 1,000 items—e.g., “this” or 'that' at $5."
    assert step(good, where) == good


def test_an_empty_target_stays_empty(step: Step) -> None:
    assert step("", segment("甲。")) == ""


def test_a_long_target_loses_no_word(step: Step) -> None:
    """A step that took quadratic time would not come back from it either."""
    words = [f"word{number}" for number in range(4000)]
    result = step("".join(f"{word}, 。(a） " for word in words), segment("甲，" * 4000 + "。"))
    assert [word.strip("(a)") for word in re.findall(r"word\d+", result)] == words
