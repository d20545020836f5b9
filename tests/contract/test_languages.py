"""What every pair of languages promises, with a record of its own or without."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batchtx.language.pair import PAIRS, LanguagePair, find_pair
from batchtx.records import Segment
from batchtx.text.spans import overlaps

NAMES = [*PAIRS, "en-zh", "ja-en", "de-fr"]
SOURCES = {
    "zh": "第一条　本合同自2024年12月31日起生效，金额为三十万元。",
    "en": "1. This contract takes effect on 31 December 2024.",
    "ja": "第一条　この契約は2024年12月31日に発効する。",
    "de": "1. Dieser Vertrag gilt ab dem 31. Dezember 2024.",
}
TEXT = st.text(alphabet="第一条二三十百万元年月日、。（）图表1250. -Aäßかな\t　", max_size=30)
relaxed = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=NAMES)
def pair(request: pytest.FixtureRequest) -> LanguagePair:
    return find_pair(*request.param.split("-"))


def test_is_known_by_its_languages(pair: LanguagePair) -> None:
    assert find_pair(pair.source, pair.target) is pair
    assert pair.locale.partition("-")[0] == pair.target


def test_tells_what_there_is_to_translate(pair: LanguagePair) -> None:
    assert pair.has_source(SOURCES[pair.source])
    assert pair.count_source(SOURCES[pair.source]) > 0
    for text in ("", "12.5 %", "—"):
        assert not pair.has_source(text)
        assert pair.count_source(text) == 0


@relaxed
@given(text=TEXT)
def test_rules_never_raise_and_stay_inside_the_text(pair: LanguagePair, text: str) -> None:
    rules = pair.rules
    assert 0 <= rules.label_length(text, "heading") <= len(text)
    for doubtful in (False, True):
        found = rules.quantities(text, doubtful=doubtful)
        taken: list[tuple[int, int]] = []
        for one in found:
            assert 0 <= one.start < one.end <= len(text)
            assert not overlaps(one.start, one.end, taken)
            taken.append((one.start, one.end))
    rules.blank_dates(text, text)
    rules.whole_segment(Segment("d", "a", "p", 0, text))


@relaxed
@given(text=TEXT)
def test_a_label_in_the_target_language_is_final(pair: LanguagePair, text: str) -> None:
    """Put through the rule again it stays, so that a second run changes nothing."""
    target = pair.rules.translate_label(text)
    if target is not None:
        assert pair.rules.translate_label(target) in (None, target)


def test_has_steps_and_checks(pair: LanguagePair) -> None:
    assert {"marks_removed", "loops_collapsed"} <= set(pair.steps)
    assert {"blank", "placeholders", "codes", "term_missed"} <= set(pair.checks)


def test_only_a_target_in_han_or_kana_has_a_face_for_them(pair: LanguagePair) -> None:
    assert bool(pair.east_asian_face) == (pair.target in ("zh", "ja"))
    assert not (pair.east_asian_face and pair.english_layout)
