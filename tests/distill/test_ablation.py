"""The ablation compares its variants from one start, on the same pairs, and goes on after a stop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from batchtx.distill.ablate import VARIANTS, Plan, ablate, sample_folder, table, translate
from batchtx.distill.data import pairs as data
from batchtx.distill.labels import soft_labels
from batchtx.distill.labels.label import LabelRecipe
from batchtx.distill.recipe import Recipe, load_recipe
from batchtx.distill.release.release import Release, load_network, release_checkpoint
from batchtx.distill.teacher.port import Teacher
from batchtx.distill.teacher.search import SearchRecipe

pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")


@pytest.mark.slow
def test_every_variant_of_every_student_is_trained_and_scored(
    toy_data: Path, toy_run: Path, toy_recipe: Recipe, tmp_path: Path
) -> None:
    release_checkpoint(Release(toy_data, toy_run, toy_recipe, "0.0.1", "2026-01-01"), tmp_path / "teacher")
    teacher = Teacher(str(tmp_path / "teacher"), SearchRecipe(beam_size=1, max_target_tokens=30))
    shape = replace(toy_recipe.network, architecture="lstm", width=32, feed_forward=32, attention="global")
    recipes = (toy_recipe, replace(toy_recipe, name="lstm", network=shape))
    folder = tmp_path / "ablation"
    plan = Plan(toy_data, folder, recipes, 60, start_s=1.0, variant_s=0.5, n_segments=12, precision="float32")
    results = ablate(plan, teacher, LabelRecipe(top_k=4, batch_pairs=16), workers=1)
    names = ["the start", *(variant.name for variant in VARIANTS)]
    taught, *results = results
    assert (taught.recipe, taught.n_tokens, taught.score.n_segments) == ("the teacher", 0, 12)
    assert [(one.recipe, one.variant) for one in results] == [
        (recipe.name, name) for recipe in recipes for name in names
    ]
    assert all(one.n_tokens > 0 and one.score.n_segments == 12 for one in results)
    index = soft_labels.read_index(folder / "labels")
    assert sum(shard.n_pairs + shard.n_dropped for shard in index.shards) == 60
    assert table(results).count("| toy |") == table(results).count("| lstm |") == len(names)
    # What is finished is not trained again.
    _, *again = ablate(plan, teacher, LabelRecipe(top_k=4, batch_pairs=16), workers=1)
    assert [one.n_tokens for one in again] == [one.n_tokens for one in results]


def test_a_sample_holds_different_pairs_of_the_corpus_shortest_first(
    toy_data: Path, toy_recipe: Recipe, tmp_path: Path
) -> None:
    sample_folder(toy_data, tmp_path / "sample", 40, toy_recipe.data)
    corpus, sample = data.load_corpus(toy_data), data.load_corpus(tmp_path / "sample")
    assert len(sample) == 40
    assert (np.diff(np.diff(sample.source_offsets)) >= 0).all()
    assert len(_pairs(sample)) == 40
    assert _pairs(sample) <= _pairs(corpus)


def test_greedy_search_gives_hypotheses_in_the_order_of_the_sources(
    toy_data: Path, toy_run: Path, toy_recipe: Recipe, pairs: list[tuple[str, str]]
) -> None:
    network, _ = load_network(Release(toy_data, toy_run, toy_recipe, "0.0.1", "2026-01-01"))
    some = pairs[::17]
    given = translate(network, toy_data / "vocabulary.spm", [source for source, _ in some], 40)
    right = sum(one == target for one, (_, target) in zip(given, some, strict=True))
    assert right >= 0.8 * len(some)


def test_the_shipped_recipes_differ_in_the_network_only() -> None:
    transformer, lstm = load_recipe("ablation"), load_recipe("ablation-lstm")
    assert lstm.network.architecture == "lstm"
    assert replace(lstm, name=transformer.name, network=transformer.network) == transformer


def _pairs(corpus: data.Corpus) -> set[tuple[bytes, bytes]]:
    sides = (
        (corpus.source_ids, corpus.source_offsets),
        (corpus.target_ids, corpus.target_offsets),
    )
    return {
        tuple(ids[offsets[pair] : offsets[pair + 1]].tobytes() for ids, offsets in sides)  # type: ignore[misc]
        for pair in range(len(corpus))
    }
