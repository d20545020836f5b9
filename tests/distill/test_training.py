"""The way from pairs to a trained network: it learns, resumes exactly, and any number of ranks agree."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from batchtx.distill.data import pairs as data
from batchtx.distill.data.prepare import prepare, take_vocabulary
from batchtx.distill.recipe import Recipe
from batchtx.distill.release.release import Release, release_checkpoint
from batchtx.distill.train.checkpoint import LAST, load_checkpoint
from batchtx.distill.train.metrics import read_metrics
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank


def test_learns_a_tiny_language(toy_run: Path) -> None:
    held_out = [line["nll"] for line in read_metrics(toy_run, "dev")]
    assert held_out[-1] < 0.5 < 2 < next(read_metrics(toy_run, "train"))["nll"]


def test_resumes_exactly_where_it_stopped(toy_data: Path, short_recipe: Recipe, tmp_path: Path) -> None:
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    run_ranks(train_rank, 1, TrainingRun(toy_data, whole, short_recipe, "float32", max_steps=14))
    for n_steps in (5, 6, 3):
        run_ranks(train_rank, 1, TrainingRun(toy_data, pieces, short_recipe, "float32", max_steps=n_steps))
    one, other = load_checkpoint(whole / LAST), load_checkpoint(pieces / LAST)
    assert one.position.tokens == other.position.tokens
    for part in ("weights", "average", "moments"):
        for name, tensor in getattr(one, part).items():
            assert torch.equal(tensor, getattr(other, part)[name]), (part, name)


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_a_released_checkpoint_can_be_trained_on(
    toy_data: Path, toy_run: Path, toy_recipe: Recipe, toy_pairs: Path, tmp_path: Path
) -> None:
    release = Release(toy_data, toy_run, toy_recipe, "0.0.1", "2026-01-01")
    release_checkpoint(release, tmp_path / "checkpoint")
    again = tmp_path / "data"
    take_vocabulary(again, tmp_path / "checkpoint")
    prepare(toy_pairs, again, toy_recipe)
    assert data.read_manifest(again)["n_target"] == data.read_manifest(toy_data)["n_target"]
    run = TrainingRun(again, tmp_path / "run", toy_recipe, "float32", 1, start=tmp_path / "checkpoint")
    run_ranks(train_rank, 1, run)
    assert next(read_metrics(tmp_path / "run", "train"))["nll"] < 0.5


@pytest.mark.slow
def test_two_ranks_take_the_same_steps_as_one(toy_data: Path, short_recipe: Recipe, tmp_path: Path) -> None:
    for n_ranks in (1, 2):
        folder = tmp_path / str(n_ranks)
        run_ranks(train_rank, n_ranks, TrainingRun(toy_data, folder, short_recipe, "float32", max_steps=3))
    one, two = (load_checkpoint(tmp_path / str(n) / LAST) for n in (1, 2))
    assert one.position.tokens == two.position.tokens
    for name, tensor in one.weights.items():
        torch.testing.assert_close(tensor, two.weights[name], atol=2e-3, rtol=0)
