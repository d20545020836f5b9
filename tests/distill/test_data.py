"""The training set: nothing held out is trained on, batches are of one length, the order repeats."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sentencepiece

from batchtx.distill.data import pairs as data
from batchtx.distill.data.augment import with_capitals
from batchtx.distill.data.held_out import read_held_out
from batchtx.distill.data.prepare import prepare
from batchtx.distill.data.vocabulary import END_ID, PAD_ID
from batchtx.distill.recipe import Recipe
from batchtx.errors import ConfigError


@pytest.fixture
def corpus(toy_data: Path) -> data.Corpus:
    return data.load_corpus(toy_data)


def test_what_is_held_out_is_not_trained_on(toy_data: Path, corpus: data.Corpus) -> None:
    spm = sentencepiece.SentencePieceProcessor(model_file=str(toy_data / "vocabulary.spm"))
    trained = {
        spm.decode(corpus.source_ids[start:end].tolist())
        for start, end in zip(corpus.source_offsets, corpus.source_offsets[1:], strict=False)
    }
    held_out = [*read_held_out(toy_data / "dev.tsv"), *read_held_out(toy_data / "test.tsv")]
    assert len(held_out) == 24
    assert not trained & {source for _, source, _ in held_out}


def test_dev_and_test_share_no_row(toy_data: Path) -> None:
    dev, test = (set(read_held_out(toy_data / name)) for name in ("dev.tsv", "test.tsv"))
    assert not dev & test


def test_a_pair_of_weight_one_is_seen_once_in_an_epoch(corpus: data.Corpus) -> None:
    steps = data.epoch_steps(corpus, seed=1, epoch=0, micro=100, per_step=10**9)
    seen = np.concatenate([micro for step in steps for micro in step])
    assert sorted(seen) == list(range(len(corpus)))


def test_a_pair_of_weight_two_and_a_half_is_seen_twice_or_three_times(corpus: data.Corpus) -> None:
    heavier = replace(corpus, rate=np.full(len(corpus), 2.5, np.float32))
    steps = data.epoch_steps(heavier, seed=1, epoch=0, micro=100, per_step=10**9)
    counts = np.bincount(np.concatenate([micro for step in steps for micro in step]))
    assert set(counts) == {2, 3}
    assert 2.3 < counts.mean() < 2.7


def test_a_micro_batch_has_one_source_length_and_its_size(corpus: data.Corpus) -> None:
    lengths, targets = np.diff(corpus.source_offsets), np.diff(corpus.target_offsets)
    for step in data.epoch_steps(corpus, seed=1, epoch=0, micro=100, per_step=300):
        for micro in step:
            assert len(set(lengths[micro])) == 1
            assert len(micro) * targets[micro].max() <= 100


def test_the_order_depends_on_seed_and_epoch_only(corpus: data.Corpus) -> None:
    def order(seed: int, epoch: int) -> list[int]:
        steps = data.epoch_steps(corpus, seed, epoch, micro=100, per_step=300)
        return [int(pair) for step in steps for micro in step for pair in micro]

    assert order(1, 0) == order(1, 0)
    assert order(1, 0) != order(2, 0)
    assert order(1, 0) != order(1, 1)


def test_targets_end_and_are_padded_behind_the_end(corpus: data.Corpus) -> None:
    lengths = np.diff(corpus.source_offsets)
    indices = np.flatnonzero(lengths == np.bincount(lengths).argmax())[:20]
    batch = data.make_batch(corpus, indices, PAD_ID)
    assert batch.source.shape == (len(indices), lengths[indices[0]])
    assert (batch.source[:, -1] == END_ID).all()
    for row, pair in zip(batch.target, indices, strict=True):
        length = corpus.target_offsets[pair + 1] - corpus.target_offsets[pair]
        assert row[length - 1] == END_ID
        assert (row[length:] == PAD_ID).all()
    assert batch.n_target_tokens == (batch.target != PAD_ID).sum()


def test_links_of_another_corpus_are_refused(toy_data: Path, tmp_path: Path) -> None:
    for name in ("manifest.json", "encoded"):
        (tmp_path / name).symlink_to(toy_data / name)
    np.save(tmp_path / data.LINKS, np.zeros(3, np.int16))
    with pytest.raises(ConfigError, match=r"links.npy: 3 links for \d+ target tokens; align the data anew"):
        data.load_corpus(tmp_path)


def test_the_manifest_counts_what_was_kept(toy_data: Path, corpus: data.Corpus) -> None:
    (entry,) = data.read_manifest(toy_data)["sources"]
    assert entry["n_kept"] == len(corpus)
    assert entry["n_target_tokens"] == len(corpus.target_ids)


def test_the_last_step_of_an_epoch_takes_what_is_left(corpus: data.Corpus) -> None:
    steps = data.epoch_steps(corpus, seed=1, epoch=0, micro=100, per_step=300)
    seen = np.concatenate([micro for step in steps for micro in step])
    assert sorted(seen) == list(range(len(corpus)))
    lengths = np.diff(corpus.target_offsets)
    assert min(sum(int(lengths[micro].sum()) for micro in step) for step in steps) >= 300


def test_extra_copies_are_sources_of_their_own(toy_pairs: Path, toy_recipe: Recipe, tmp_path: Path) -> None:
    more = replace(toy_recipe.augment, joined_pairs=20, number_pairs=20)
    prepare(toy_pairs, tmp_path, replace(toy_recipe, augment=more))
    kept = {entry["name"]: entry["n_kept"] for entry in data.read_manifest(tmp_path)["sources"]}
    assert kept["joined-copies"] == 20
    assert kept["number-copies"] == 0, "there is no number in these sentences"
    spm = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "vocabulary.spm"))
    corpus = data.load_corpus(tmp_path)
    joined = spm.decode(corpus.target_ids[corpus.target_offsets[-21] : corpus.target_offsets[-20]].tolist())
    assert joined.count(".") == 2


def test_capitals_and_title_case_stand_on_both_sides() -> None:
    pair = data.SentencePair("安装docker desktop的方法", "How to install docker desktop")
    changed = {with_capitals(pair, random.Random(seed)) for seed in range(20)}
    assert changed == {
        pair,
        data.SentencePair("安装DOCKER DESKTOP的方法", "HOW TO INSTALL DOCKER DESKTOP"),
        data.SentencePair("安装Docker Desktop的方法", "How to Install Docker Desktop"),
    }
    without_latin = data.SentencePair("安装方法", "how to install")
    assert {with_capitals(without_latin, random.Random(seed)) for seed in range(9)} == {without_latin}
