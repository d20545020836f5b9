"""A CSANMT teacher is trained from scratch in its three stages, and labels for a student."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from batchtx.distill.labels.label import LabelRecipe, label_corpus
from batchtx.distill.labels.soft_labels import load_labels
from batchtx.distill.recipe import Recipe
from batchtx.distill.release.release import Release, release_checkpoint
from batchtx.distill.teacher.losses import tangential_contrastive_loss
from batchtx.distill.teacher.port import Teacher
from batchtx.distill.teacher.search import SearchRecipe
from batchtx.distill.train.checkpoint import LAST, load_checkpoint
from batchtx.distill.train.metrics import read_metrics
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank

pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")


@pytest.fixture(scope="module")
def stages(
    toy_data: Path, toy_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Recipe]:
    """The run folders of the three stages, side by side."""
    shape = replace(toy_recipe.network, architecture="csanmt", width=48, feed_forward=96)
    recipe = replace(toy_recipe, network=shape, mle=replace(toy_recipe.mle, total_tokens=60_000))
    folder = tmp_path_factory.mktemp("stages")
    start = None
    for stage in ("mle", "semantic", "mgrc"):
        run_ranks(train_rank, 1, TrainingRun(toy_data, folder / stage, recipe, "float32", None, stage, start))
        start = folder / stage
    return folder, recipe


def test_each_stage_trains_its_own_part(stages: tuple[Path, Recipe]) -> None:
    folder, _ = stages
    saved = [load_checkpoint(folder / stage / LAST) for stage in ("mle", "semantic", "mgrc")]
    for name in saved[0].weights:
        first, second, third = (saved[0].average[name], saved[1].weights[name], saved[2].weights[name])
        semantic = name.startswith("model.encoder.semantic")
        assert torch.equal(first, second) != semantic, name
        assert torch.equal(saved[1].average[name], third) == semantic, name


def test_translations_come_near_in_the_second_stage(stages: tuple[Path, Recipe]) -> None:
    folder, _ = stages
    losses = [line["loss"] for line in read_metrics(folder / "semantic", "train")]
    assert losses[-1] < losses[0]


def test_the_teacher_labels_in_ids_of_the_student(
    stages: tuple[Path, Recipe], toy_data: Path, tmp_path: Path
) -> None:
    folder, recipe = stages
    release_checkpoint(Release(toy_data, folder / "mgrc", recipe, "0", "2026-01-01"), tmp_path / "t")
    teacher = Teacher(str(tmp_path / "t"), SearchRecipe(max_target_tokens=30))
    asked = LabelRecipe(own_targets=False, top_k=4, temperature=1.0, limit=60)
    label_corpus(toy_data, teacher, tmp_path / "labels", asked)
    corpus, soft = load_labels(tmp_path / "labels")
    assert soft is not None
    hits = [
        (soft.rows(int(start), int(end))[0][:, 0] == corpus.target_ids[start:end]).mean()
        for start, end in zip(corpus.target_offsets, corpus.target_offsets[1:], strict=False)
    ]
    assert sum(hits) / len(hits) > 0.7
    texts = teacher.translate(["我喜欢茶。", "老师每天吃鱼。"])
    assert sum(text is not None for text in texts) >= 1


def test_hard_negatives_make_unlike_translations_cost_more() -> None:
    generator = torch.Generator().manual_seed(0)
    vectors = torch.randn(16, 1, 8, generator=generator)
    near = tangential_contrastive_loss(vectors, vectors * 1.01, generator)
    far = tangential_contrastive_loss(vectors, torch.randn(16, 1, 8, generator=generator), generator)
    assert near < far
