"""The estimate where it is made: in a worker, with the shipped student."""

from __future__ import annotations

import pytest

from batchtx.engines.spec import EngineSpec
from batchtx.quality.estimate import estimator
from batchtx.records import Segment
from batchtx.worker.worker import Worker, WorkSpec

SOURCES = ("请保存文件。", "甲方应在收到发票后三十日内付款。", "蹇觉龘麤靐齉爨饕餮氍毹")


def translate(*, estimate: bool) -> list[tuple[float, set[str]]]:
    worker = Worker(WorkSpec(EngineSpec(), estimate=estimate))
    outcomes = worker([Segment("d", str(n), "", 0, source) for n, source in enumerate(SOURCES)])
    return [(outcome.score or 0.0, {flag.check for flag in outcome.flags}) for outcome in outcomes]


def test_scores_are_shares_and_the_nonsense_has_the_lowest() -> None:
    scores = translate(estimate=True)
    assert all(0.0 < score < 1.0 for score, _ in scores)
    assert scores[2][0] == min(score for score, _ in scores)
    low = estimator("zh", "en").low
    assert [("low_confidence" in checks) for _, checks in scores] == [score < low for score, _ in scores]
    assert scores[2][0] < low


def test_the_fit_gets_the_models_own_figures() -> None:
    assert all(score < 0.0 for score, _ in translate(estimate=False))
    assert not any("low_confidence" in checks for _, checks in translate(estimate=False))


@pytest.mark.parametrize("engine", ["echo", "pseudo"])
def test_without_confidence_there_is_no_score(engine: str) -> None:
    worker = Worker(WorkSpec(EngineSpec(engine, "")))
    assert worker([Segment("d", "1", "", 0, "请保存文件。")])[0].score is None
