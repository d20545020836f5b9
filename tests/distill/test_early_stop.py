"""Dev BLEU while training: it stops a run that no longer gets better, and keeps the best weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sacrebleu
import torch

from batchtx.distill.data.held_out import read_held_out
from batchtx.distill.recipe import NetworkRecipe, Recipe
from batchtx.distill.release.curve import draw_curve
from batchtx.distill.release.release import Release, load_network
from batchtx.distill.train.checkpoint import BEST, LAST, Best, load_checkpoint, load_position, load_weights
from batchtx.distill.train.metrics import read_metrics
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.sampling import translate
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank
from batchtx.errors import ConfigError


@pytest.fixture
def watched(toy_recipe: Recipe) -> Recipe:
    """The toy recipe with an evaluation every ten updates; learning stands still from the start."""
    stage = replace(toy_recipe.mle, evaluate_steps=10, bleu_segments=12, patience=2)
    still = replace(toy_recipe.optimizer, muon_rate=0.0, adam_rate=0.0)
    return replace(toy_recipe, mle=stage, optimizer=still)


def learning(recipe: Recipe, watched: Recipe) -> Recipe:
    return replace(watched, optimizer=recipe.optimizer)


def test_training_ends_after_so_many_evaluations_without_a_better_bleu(
    toy_data: Path, watched: Recipe, tmp_path: Path
) -> None:
    run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, watched, "float32"))
    assert [line["step"] for line in read_metrics(tmp_path, "dev")] == [10, 20, 30]
    assert load_checkpoint(tmp_path / LAST).best.step == load_position(tmp_path / BEST).step == 10
    run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, watched, "float32"))
    assert load_position(tmp_path / LAST).step == 30, "a run that has ended stays as it is"
    patient = replace(watched, mle=replace(watched.mle, patience=3))
    run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, patient, "float32"))
    assert load_position(tmp_path / LAST).step == 40


@pytest.mark.slow
def test_two_ranks_agree_on_bleu_and_on_the_end(toy_data: Path, watched: Recipe, tmp_path: Path) -> None:
    for n_ranks in (1, 2):
        run_ranks(train_rank, n_ranks, TrainingRun(toy_data, tmp_path / str(n_ranks), watched, "float32"))
    one, two = (list(read_metrics(tmp_path / str(n), "dev")) for n in (1, 2))
    assert [line["bleu"] for line in one] == [line["bleu"] for line in two]
    assert len(one) == 3


def test_the_best_weights_are_kept_and_score_what_the_metrics_say(
    toy_data: Path, toy_recipe: Recipe, watched: Recipe, tmp_path: Path
) -> None:
    recipe = learning(toy_recipe, watched)
    recipe = replace(recipe, mle=replace(recipe.mle, evaluate_steps=60))
    run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, recipe, "float32"))
    lines = list(read_metrics(tmp_path, "dev"))
    best = max(lines, key=lambda line: line["bleu"])
    release = Release(toy_data, tmp_path, recipe, "0.0.1", "2026-01-01", weights="best")
    network, position = load_network(release)
    assert position.step == best["step"] == load_checkpoint(tmp_path / LAST).best.step
    rows = read_held_out(toy_data / "dev.tsv")
    given = translate(network, toy_data / "vocabulary.spm", [row[1] for row in rows], 40)
    score = sacrebleu.corpus_bleu(given, [[row[2] for row in rows]], force=True).score
    assert best["bleu"] == pytest.approx(score, abs=1e-5)
    assert score > 50
    again = TrainingRun(toy_data, tmp_path / "again", recipe, "float32", 1, start=tmp_path / BEST)
    run_ranks(train_rank, 1, again)
    (begun,) = read_metrics(again.folder, "start")
    assert (begun["stages"], begun["start"]) == (["mle", "mle"], "best")
    assert next(read_metrics(again.folder, "train"))["nll"] < 1
    draw_curve(tmp_path, tmp_path / "curve.svg")
    picture = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert picture.count("<polyline") == 3
    assert "dev BLEU" in picture


def test_pieces_give_the_figures_and_the_best_of_an_unbroken_run(
    toy_data: Path, toy_recipe: Recipe, watched: Recipe, tmp_path: Path
) -> None:
    recipe = learning(toy_recipe, watched)
    for folder, pieces in (("whole", (44,)), ("pieces", (17, 3, 15, 9))):
        for n_steps in pieces:
            run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path / folder, recipe, "float32", n_steps))
    whole, pieces_ = (load_checkpoint(tmp_path / name / LAST) for name in ("whole", "pieces"))
    assert whole.best == pieces_.best != Best()
    lines = (list(read_metrics(tmp_path / name, "dev")) for name in ("whole", "pieces"))
    measured = [{line["step"]: line["bleu"] for line in some if "bleu" in line} for some in lines]
    assert measured[0] == measured[1]
    assert list(measured[0]) == [10, 20, 30, 40], "a stop is no evaluation"
    for name, tensor in load_weights(tmp_path / "whole" / BEST).items():
        assert torch.equal(tensor, load_weights(tmp_path / "pieces" / BEST)[name]), name


def test_dropout_is_the_same_after_a_resume(toy_data: Path, toy_recipe: Recipe, tmp_path: Path) -> None:
    recipe = replace(toy_recipe, network=replace(toy_recipe.network, dropout=0.3))
    for folder, pieces in (("whole", (7,)), ("pieces", (3, 4))):
        for n_steps in pieces:
            run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path / folder, recipe, "float32", n_steps))
    whole, pieces_ = (load_checkpoint(tmp_path / name / LAST).weights for name in ("whole", "pieces"))
    for name, tensor in whole.items():
        assert torch.equal(tensor, pieces_[name]), name


@pytest.mark.parametrize("architecture", ["lstm", "csanmt"])
def test_other_networks_are_evaluated_too(
    toy_data: Path, toy_recipe: Recipe, tmp_path: Path, architecture: str
) -> None:
    shape = NetworkRecipe(32, 1, 1, 32, 4, architecture=architecture, attention="global")
    stage = replace(toy_recipe.mle, total_tokens=45_000, evaluate_steps=1000, bleu_segments=12)
    recipe = replace(toy_recipe, network=shape, mle=stage)
    run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, recipe, "float32"))
    (last,) = read_metrics(tmp_path, "dev")
    assert last["bleu"] > 1, "words of the language, in ids of the student"
    assert (tmp_path / BEST / "average.safetensors").is_file()


def test_a_checkpoint_of_an_earlier_version_is_taken_up(
    toy_data: Path, short_recipe: Recipe, tmp_path: Path
) -> None:
    run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, short_recipe, "float32", 3))
    (tmp_path / LAST / "best.json").unlink()
    path = tmp_path / LAST / "position.json"
    position = json.loads(path.read_text(encoding="utf-8"))
    del position["data"], position["passes"]
    path.write_text(json.dumps(position), encoding="utf-8")
    run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, short_recipe, "float32", 2))
    assert load_position(tmp_path / LAST).step == 5


def test_patience_without_bleu_is_refused(toy_data: Path, toy_recipe: Recipe, tmp_path: Path) -> None:
    recipe = replace(toy_recipe, mle=replace(toy_recipe.mle, patience=2))
    with pytest.raises(ConfigError, match="recipe toy: patience needs dev BLEU; set bleu_segments"):
        run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, recipe, "float32"))
