"""The quality estimate: a number from 0 to 1 that falls where a reviewer should look."""

from __future__ import annotations

import json
import math
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.quality.estimate import Estimator, estimator, from_json
from batchtx.quality.features import FEATURES, features
from batchtx.records import Flag, Segment

SOURCE = "甲方应在收到发票后三十日内付款。"
GOOD = "Party A shall make payment within thirty days after receipt of the invoice."


def segment(source: str) -> Segment:
    return Segment("d", "a", "p", 0, source)


def test_doubts_a_cut_a_repeated_and_an_unsure_translation_more_than_a_good_one() -> None:
    estimate = estimator("zh", "en").estimate
    good = estimate(segment(SOURCE), GOOD, -0.2, ())
    assert estimate(segment(SOURCE), "Party A shall.", -0.2, ()) < good
    assert estimate(segment(SOURCE), "the the the the the the the the the the the the", -0.2, ()) < good
    assert estimate(segment(SOURCE), GOOD, -1.5, ()) < good
    assert estimate(segment(SOURCE), GOOD, -0.2, [Flag("numbers", "x", "major")]) < good


@given(source=st.text(max_size=40), target=st.text(max_size=40), confidence=st.floats(-50, 0))
def test_is_a_probability_whatever_the_texts(source: str, target: str, confidence: float) -> None:
    score = estimator("zh", "en").estimate(segment(source), target, confidence, ())
    assert 0.0 <= score <= 1.0
    assert len(features(source, target, confidence, ())) == len(FEATURES)


def test_without_a_fit_the_score_is_the_models_mean_token_probability() -> None:
    other = estimator("zh", "fr")
    assert other.estimate(segment(SOURCE), "Bonjour.", math.log(0.25), ()) == pytest.approx(0.25)
    assert other.low == 0.0


def test_the_sum_is_worked_out_as_the_file_says() -> None:
    weights = dict.fromkeys(FEATURES, 0.0) | {"confidence": -2.0}
    made = from_json(json.dumps({"bias": 1.0, "low": 0.3, "weights": weights}))
    # risk = 1 + 2 · 0.5 = 2; the score is 1 / (1 + e²)
    assert made.estimate(segment("好"), "Good", -0.5, ()) == pytest.approx(1 / (1 + math.e**2))


def test_refuses_coefficients_for_other_features() -> None:
    with pytest.raises(ValueError, match="fit them again"):
        from_json('{"bias": 0, "low": 0, "weights": {"length": 1}}')


def test_the_shipped_file_says_what_it_was_made_from() -> None:
    facts = json.loads(resources.files("batchtx.quality").joinpath("zh-en.json").read_text(encoding="utf-8"))
    assert "batchtx bench review" in facts["about"]
    assert sum(facts["data"].values()) >= 1000
    assert isinstance(estimator("zh", "en"), Estimator)
