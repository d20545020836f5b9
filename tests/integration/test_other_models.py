"""Models that batchtx did not make: a Marian folder as OPUS-MT publishes them, tiny and random."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.engines import build_engine
from batchtx.engines.spec import EngineSpec
from tests.helpers.command import run
from tests.helpers.opus import make_opus
from tests.helpers.texts import sentences

pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def opus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_opus(tmp_path_factory.mktemp("opus") / "opus-mt-zh-en")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_an_opus_model_runs_in_both_engines_and_says_the_same(opus: Path, tmp_path: Path) -> None:
    run("models", "convert", opus, tmp_path / "converted", "--compute-type", "float32", cwd=tmp_path)
    converted = build_engine(EngineSpec("ctranslate2", str(tmp_path / "converted"), compute_type="float32"))
    original = build_engine(EngineSpec("torch", str(opus)))
    sources = list(sentences(8))
    # random weights find no end: the engines stop one piece apart, at their length limits
    ours = [hypothesis.text[:40] for hypothesis in converted.translate(sources)]
    theirs = [hypothesis.text[:40] for hypothesis in original.translate(sources)]
    assert ours == theirs
    assert len(set(ours)) > 3


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_document_goes_through_an_opus_model(opus: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("".join(sentences(3)) + "\n见 https://a.cn/x 。\n", encoding="utf-8")
    run("models", "convert", opus, tmp_path / "converted", cwd=tmp_path)
    run("translate", "a.txt", "--model", "converted", cwd=tmp_path)
    first = (tmp_path / "a.en.txt").read_text(encoding="utf-8")
    assert "https://a.cn/x" in first
    run("translate", "a.txt", "--engine", "torch", "--model", opus, "-o", "b.txt", cwd=tmp_path)
    assert "https://a.cn/x" in (tmp_path / "b.txt").read_text(encoding="utf-8")


def test_a_transformers_folder_given_to_the_wrong_engine_is_told(opus: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    done = run("translate", "a.txt", "--model", opus, cwd=tmp_path, code=3)
    assert "batchtx models convert" in done.stderr.decode()
