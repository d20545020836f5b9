"""What every engine promises."""

from __future__ import annotations

import pytest

from batchtx.engines import build_engine
from batchtx.engines.spec import EngineSpec
from batchtx.protocols import Engine
from tests.helpers.command import ROOT

SPECS = {
    "echo": EngineSpec("echo"),
    "pseudo": EngineSpec("pseudo"),
    "ctranslate2": EngineSpec("ctranslate2", "zh-en"),
    "torch": EngineSpec("torch", str(ROOT / "checkpoints" / "zh-en")),
}
SLOW = {"torch"}
PARAMS = [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in SPECS]
SOURCES = [
    "请保存文件。",
    "系统",
    "",
    "管理员应当在30天内检查所有配置文件，并通知相关部门。",
    "ABC 123",
    "文件",
]


@pytest.fixture(scope="module", params=PARAMS)
def engine(request: pytest.FixtureRequest) -> Engine:
    return build_engine(SPECS[request.param])


def test_gives_one_hypothesis_per_source_in_order(engine: Engine) -> None:
    alone = [engine.translate([source])[0] for source in SOURCES]
    together = engine.translate(SOURCES)
    assert together == alone
    backwards = engine.translate(SOURCES[::-1])[::-1]
    assert backwards == alone


def test_an_empty_source_gives_an_empty_hypothesis(engine: Engine) -> None:
    assert engine.translate([""])[0].text == ""
    assert engine.translate([]) == []


def test_alignment_stays_inside_source_and_target(engine: Engine) -> None:
    for source, hypothesis in zip(SOURCES, engine.translate(SOURCES, align=True), strict=True):
        for link in hypothesis.alignment or ():
            assert 0 <= link.source_start <= link.source_end <= len(source)
            assert 0 <= link.target_start <= link.target_end <= len(hypothesis.text)


def test_asking_for_alignment_does_not_change_the_text(engine: Engine) -> None:
    plain = [hypothesis.text for hypothesis in engine.translate(SOURCES)]
    assert [hypothesis.text for hypothesis in engine.translate(SOURCES, align=True)] == plain


def test_counts_tokens_of_longer_texts_as_more(engine: Engine) -> None:
    assert 0 < engine.count_tokens("系统") < engine.count_tokens("系统必须检查所有配置文件") <= 13
    assert engine.max_source_tokens >= 64


def test_a_beam_gives_one_hypothesis_per_source_too(engine: Engine) -> None:
    assert len(engine.translate(SOURCES, beam_size=4)) == len(SOURCES)


def test_a_source_that_makes_it_run_on_for_ever_ends(engine: Engine) -> None:
    (hypothesis,) = engine.translate(["贸仲、" * 120], beam_size=2)
    assert hypothesis.text
