"""What every check must do, whatever the texts."""

from __future__ import annotations

import importlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batchtx.checks import CHECKS
from batchtx.protocols import Check
from batchtx.records import SEVERITIES, Code, Segment, Term
from batchtx.text.inline_codes import code_char

TEXT = st.text(
    alphabet="甲乙三十百万分之年月日点第不未，。（）“”⟦⟧1250.,%/: ()\"'abcnotIV" + code_char(0), max_size=40
)


@pytest.fixture(params=CHECKS)
def name(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


def load(name: str) -> Check:
    module, _, function = CHECKS[name].partition(":")
    check: Check = getattr(importlib.import_module(module), function)
    return check


def segment(source: str) -> Segment:
    terms = (Term(0, 1, "甲", ("Party A", "A"), forbidden=("first party",)),) if source[:1] == "甲" else ()
    return Segment("d", "a", "p", 0, source, codes=(Code("point", "footnote"),), terms=terms)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=TEXT | st.text(max_size=20), target=TEXT | st.text(max_size=20))
def test_never_raises_and_flags_under_its_own_name(name: str, source: str, target: str) -> None:
    flag = load(name)(segment(source), target)
    if flag is not None:
        assert flag.check == name
        assert flag.severity in SEVERITIES
        assert flag.message
        assert all(0 <= start < end <= len(source) for start, end in flag.source_spans)
        assert all(0 <= start < end <= len(target) for start, end in flag.target_spans)


GOOD = [
    (
        "甲方应于2023年5月1日前支付三千万元（占百分之五）。",
        "Party A shall pay 30 million yuan (5%) before May 1, 2023.",
    ),
    ("第二十二条　不得转让。", "Article 22 Not transferable."),
    ("请访问https://a.b/c，查看{name}。", "Please visit https://a.b/c and view {name}."),
    ("总则", "General Provisions"),
    ("他说：“你好吗？”", 'He said: "How are you?"'),
    (f"世界{code_char(0)}。", f"World{code_char(0)}."),
    ("1) 苹果", "1) Apples"),
    ("哈哈哈哈哈", "Ha ha ha ha ha"),
    ("", ""),
]


@pytest.mark.parametrize(("source", "target"), GOOD)
def test_good_translations_are_not_flagged(name: str, source: str, target: str) -> None:
    assert load(name)(segment(source), target) is None


def test_the_first_docstring_line_says_what_is_right(name: str) -> None:
    lines = (load(name).__doc__ or "").splitlines()
    assert lines[0].endswith(".")
