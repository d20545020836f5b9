"""A deep pre-norm student learns, becomes a bundle and a transformers folder, and can be trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from batchtx.distill.nets.marian import to_transformers
from batchtx.distill.recipe import Recipe, load_recipe
from batchtx.distill.release.evaluate import BundleTranslator
from batchtx.distill.release.export import Abilities, save_bundle
from batchtx.distill.release.release import Release, load_network, release_bundle, release_checkpoint
from batchtx.distill.train.metrics import read_metrics
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank
from batchtx.engines.torch import TorchEngine
from batchtx.student.bundle import load_bundle


@pytest.fixture(scope="module")
def deep_recipe(toy_recipe: Recipe) -> Recipe:
    """The toy recipe with the layers of `cpu-deep`."""
    deep = load_recipe("cpu-deep").network
    assert (deep.encoder_layers, deep.decoder_layers, deep.pre_norm) == (12, 1, True)
    shape = replace(deep, width=64, feed_forward=128, heads=4)
    return replace(toy_recipe, network=shape, mle=replace(toy_recipe.mle, total_tokens=40_000))


@pytest.fixture(scope="module")
def deep_run(toy_data: Path, deep_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deep")
    run_ranks(train_rank, 1, TrainingRun(toy_data, folder, deep_recipe, "float32"))
    return folder


@pytest.fixture(scope="module")
def release(toy_data: Path, deep_run: Path, deep_recipe: Recipe) -> Release:
    return Release(toy_data, deep_run, deep_recipe, "0.0.1", "2026-01-01", weights="weights")


def test_it_learns(deep_run: Path) -> None:
    assert [line["nll"] for line in read_metrics(deep_run, "dev")][-1] < 0.5


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_its_bundle_and_its_transformers_folder_write_the_same(
    release: Release, tmp_path: Path, pairs: list[tuple[str, str]]
) -> None:
    some = pairs[::37]
    model = to_transformers(load_network(release)[0], release.recipe)
    spm = release.data_folder / "vocabulary.spm"
    save_bundle(model, spm, tmp_path / "float32", release.recipe, Abilities(), "", "float32")
    exact, _ = BundleTranslator(load_bundle(tmp_path / "float32"), 1).translate([s for s, _ in some])
    release_checkpoint(release, tmp_path / "folder")
    engine = TorchEngine(str(tmp_path / "folder"))
    assert [one.text for one in engine.translate([source for source, _ in some])] == exact
    assert len(set(exact)) > len(some) // 3, "what is written depends on the source"
    release_bundle(release, tmp_path / "int8")
    card = (tmp_path / "int8" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "4 heads, pre-norm" in card


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_its_transformers_folder_can_be_trained_on(
    release: Release, deep_recipe: Recipe, toy_data: Path, tmp_path: Path
) -> None:
    release_checkpoint(release, tmp_path / "folder")
    run = TrainingRun(toy_data, tmp_path / "run", deep_recipe, "float32", 1, start=tmp_path / "folder")
    run_ranks(train_rank, 1, run)
    assert next(read_metrics(tmp_path / "run", "train"))["nll"] < 0.5
