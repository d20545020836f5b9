"""Labels, distillation and reward: a teacher's knowledge reaches a student, and stages resume."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from batchtx.distill.data import pairs as data
from batchtx.distill.data.vocabulary import END_ID, PAD_ID
from batchtx.distill.labels import soft_labels
from batchtx.distill.labels.label import LabelRecipe, label_corpus
from batchtx.distill.nets.network import Network, shift_right
from batchtx.distill.nets.networks import build_network
from batchtx.distill.recipe import Recipe
from batchtx.distill.release.release import Release, release_bundle, release_checkpoint
from batchtx.distill.teacher.bundle_writer import BundleWriter
from batchtx.distill.teacher.port import Teacher
from batchtx.distill.teacher.search import SearchRecipe
from batchtx.distill.train import kd_losses
from batchtx.distill.train.checkpoint import LAST, load_checkpoint, load_weights
from batchtx.distill.train.metrics import read_metrics
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.rewards import reward_named
from batchtx.distill.train.sampling import write_targets
from batchtx.distill.train.stages import rl
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank
from batchtx.errors import ConfigError, ModelError

pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
N_PAIRS = 90
LABELS = LabelRecipe(top_k=4, temperature=2.0, limit=N_PAIRS, batch_pairs=16, shard_pairs=40)


@pytest.fixture(scope="module")
def teacher(
    toy_data: Path, toy_run: Path, toy_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> Teacher:
    """The trained toy student, exported: its vocabulary is the student's."""
    folder = tmp_path_factory.mktemp("teacher")
    release_checkpoint(Release(toy_data, toy_run, toy_recipe, "0.0.1", "2026-01-01"), folder)
    return Teacher(str(folder), SearchRecipe(beam_size=2, max_target_tokens=30))


@pytest.fixture(scope="module")
def labels(toy_data: Path, teacher: Teacher, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labels")
    label_corpus(toy_data, teacher, folder, LABELS)
    return folder


def test_labels_come_in_shards_with_a_row_for_each_target_token(labels: Path) -> None:
    corpus, soft = soft_labels.load_labels(labels)
    index = soft_labels.read_index(labels)
    assert [shard.n_pairs + shard.n_dropped for shard in index.shards] == [40, 40, 10]
    assert soft is not None
    for pair in range(len(corpus)):
        start, end = corpus.target_offsets[pair : pair + 2]
        ids, probabilities = soft.rows(int(start), int(end))
        assert ids.shape == probabilities.shape == (end - start, 4)
        # The teacher mostly finds its own words likeliest.
        assert (ids[:, 0] == corpus.target_ids[start:end]).mean() > 0.5
        assert (probabilities.astype(np.float32).sum(-1) <= 1.001).all()


def test_labelling_goes_on_where_it_was_stopped(
    toy_data: Path, teacher: Teacher, labels: Path, tmp_path: Path
) -> None:
    label_corpus(toy_data, teacher, tmp_path, replace(LABELS, limit=40))
    label_corpus(toy_data, teacher, tmp_path, LABELS)
    assert soft_labels.read_index(tmp_path).shards == soft_labels.read_index(labels).shards


def test_samples_are_the_same_after_a_stop(toy_data: Path, teacher: Teacher, tmp_path: Path) -> None:
    drawn = Teacher(teacher.name, SearchRecipe(max_target_tokens=30, sample_temperature=1.0))
    for folder, limits in (("whole", (80,)), ("pieces", (40, 80))):
        for limit in limits:
            label_corpus(toy_data, drawn, tmp_path / folder, replace(LABELS, limit=limit))
    whole, pieces_ = (soft_labels.read_index(tmp_path / name).shards for name in ("whole", "pieces"))
    assert whole == pieces_


def test_labels_of_another_kind_are_not_added(toy_data: Path, labels: Path, teacher: Teacher) -> None:
    with pytest.raises(ConfigError, match="begun with top_k 4, not 8; go on with that, or name a new folder"):
        label_corpus(toy_data, teacher, labels, replace(LABELS, top_k=8))
    with pytest.raises(ConfigError, match=r"begun with search SearchRecipe\(beam_size=2.*, not references"):
        label_corpus(toy_data, teacher, labels, replace(LABELS, own_targets=False))


def test_the_n_best_of_a_source_share_its_rate(toy_data: Path, teacher: Teacher, tmp_path: Path) -> None:
    several = Teacher(teacher.name, SearchRecipe(beam_size=3, max_target_tokens=30, n_best=3))
    sources = ["我们每天喜欢茶。", "老师吃鱼。"]
    best, texts = teacher.translate(sources), several.n_best(sources)
    assert [len(set(one)) for one in texts] == [3, 3]
    assert [one[0] for one in texts] == best
    label_corpus(toy_data, several, tmp_path, replace(LABELS, limit=20))
    corpus, soft = soft_labels.load_labels(tmp_path)
    assert 40 < len(corpus) <= 60
    assert corpus.rate.sum() == pytest.approx(20)
    assert soft is not None
    (shard,) = soft_labels.read_index(tmp_path).shards
    assert shard.n_pairs + shard.n_dropped == 60
    with pytest.raises(ConfigError, match="a beam of 2 has no 3 best; raise --beam-size"):
        SearchRecipe(beam_size=2, n_best=3)


def test_samples_differ_and_those_without_an_end_are_dropped(toy_data: Path, teacher: Teacher) -> None:
    torch.manual_seed(1)
    warm = SearchRecipe(beam_size=1, max_target_tokens=30, sample_temperature=1.0, n_best=30)
    (samples,) = Teacher(teacher.name, warm).n_best(["我们每天喜欢茶。"])
    assert len(set(samples) - {None}) >= 3
    (cut_short,) = Teacher(teacher.name, replace(warm, max_target_tokens=2)).n_best(["我们每天喜欢茶。"])
    assert cut_short.count(None) == 30


def test_an_end_that_is_forced_is_none(teacher: Teacher, tmp_path: Path) -> None:
    folder = shutil.copytree(teacher.name, tmp_path / "teacher")
    for name in ("config.json", "generation_config.json"):
        settings = json.loads((folder / name).read_text(encoding="utf-8"))
        (folder / name).write_text(json.dumps(settings | {"forced_eos_token_id": END_ID}), encoding="utf-8")
    cut_short = Teacher(str(folder), SearchRecipe(beam_size=1, max_target_tokens=3))
    assert cut_short.translate(["我们每天喜欢茶。"]) == [None]


def test_the_size_of_labels_is_known_before(labels: Path) -> None:
    corpus, _ = soft_labels.load_labels(labels)
    size = sum(path.stat().st_size for path in labels.glob("*.safetensors"))
    estimate = soft_labels.estimate_bytes(len(corpus), len(corpus.source_ids), len(corpus.target_ids), 4)
    assert size == pytest.approx(estimate, rel=0.15)


def test_aligned_labels_guide_the_head_of_the_student(
    labels: Path, toy_recipe: Recipe, tmp_path: Path
) -> None:
    aligned = shutil.copytree(labels, tmp_path / "labels")
    corpus, _ = soft_labels.load_labels(aligned)
    np.save(aligned / data.LINKS, np.zeros(len(corpus.target_ids), np.int16))  # all to the first word
    recipe = replace(toy_recipe, kd=replace(toy_recipe.kd, alignment_weight=1.0))
    shares = []
    for name, folder in (("free", labels), ("guided", aligned)):
        run_ranks(train_rank, 1, TrainingRun(folder, tmp_path / name, recipe, "float32", 20, "kd"))
        network = build_network(folder, recipe).eval()
        network.load_state_dict(load_weights(tmp_path / name / LAST, "weights"))
        batch = data.make_batch(corpus, np.array([0]), PAD_ID)
        source, target = torch.from_numpy(batch.source), torch.from_numpy(batch.target)
        with torch.no_grad():
            _, scores = network.decode_aligned(shift_right(target), network.encode(source))
        shares.append(float(scores.softmax(-1)[..., 0].mean()))
    assert shares[1] > 0.9 > 2 * shares[0]


def test_a_bundle_writes_the_targets_of_its_transformers_folder(
    toy_data: Path,
    toy_run: Path,
    toy_recipe: Recipe,
    teacher: Teacher,
    pairs: list[tuple[str, str]],
    tmp_path: Path,
) -> None:
    release_bundle(Release(toy_data, toy_run, toy_recipe, "0.0.1", "2026-01-01"), tmp_path / "bundle")
    sources = [source for source, _ in pairs[::11]]
    search = SearchRecipe(beam_size=2, max_target_tokens=30)
    given = [targets[0] for targets in BundleWriter(tmp_path / "bundle", search).translate(sources)]
    expected = teacher.translate(sources)
    same = sum(one == other for one, other in zip(given, expected, strict=True))
    assert same >= 0.85 * len(sources)  # int8 against float32, in a student that is unsure of many words
    cut_short = replace(search, max_target_tokens=2)
    assert BundleWriter(tmp_path / "bundle", cut_short).translate(sources[:1]) == [[None]]
    sampling = replace(search, sample_temperature=1.0)
    with pytest.raises(ConfigError, match="a bundle writes by beam search"):
        BundleWriter(tmp_path / "bundle", sampling)


def test_a_damaged_shard_is_refused_by_name(labels: Path, tmp_path: Path) -> None:
    for path in labels.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    shard = tmp_path / "labels-00001.safetensors"
    shard.write_bytes(shard.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match=r"labels-00001.safetensors: missing or damaged"):
        soft_labels.load_labels(tmp_path)


def test_a_teacher_of_another_vocabulary_gives_no_soft_labels(teacher: Teacher) -> None:
    with pytest.raises(ConfigError, match="its vocabulary is not the student's"):
        teacher.share_vocabulary(["<pad>", "</s>", "<unk>"], ["<pad>", "</s>", "<unk>", "other"])


@pytest.mark.parametrize("dynamic", [False, True])
def test_distillation_brings_the_student_near_the_teacher(
    labels: Path, toy_recipe: Recipe, tmp_path: Path, dynamic: bool
) -> None:
    recipe = replace(toy_recipe, kd=replace(toy_recipe.kd, dynamic=dynamic))
    run_ranks(train_rank, 1, TrainingRun(labels, tmp_path, recipe, "float32", stage="kd"))
    losses = [line["loss"] for line in read_metrics(tmp_path, "train")]
    assert losses[-1] < 0.5 * losses[0]


def test_stage_kd_without_labels_says_what_to_do(toy_data: Path, toy_recipe: Recipe, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="run `batchtx distill label`"):
        run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path, toy_recipe, "float32", stage="kd"))


def test_the_reward_stage_starts_from_the_stage_before_and_resumes_exactly(
    labels: Path, toy_run: Path, toy_recipe: Recipe, tmp_path: Path
) -> None:
    for folder, pieces in (("whole", (4,)), ("pieces", (3, 1))):
        for n_steps in pieces:
            run = TrainingRun(labels, tmp_path / folder, toy_recipe, "float32", n_steps, "rl", toy_run)
            run_ranks(train_rank, 1, run)
    first = next(read_metrics(tmp_path / "whole", "train"))
    assert first["nll"] < 0.5
    whole, pieces_ = (load_checkpoint(tmp_path / name / LAST) for name in ("whole", "pieces"))
    for name, tensor in whole.weights.items():
        assert torch.equal(tensor, pieces_.weights[name]), name


def test_the_student_is_rewarded_for_what_it_writes_without_dropout(
    labels: Path, toy_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []

    def watched(network: Network, *arguments: object) -> torch.Tensor:
        modes.append(network.training)
        return write_targets(network, *arguments)

    monkeypatch.setattr(rl, "write_targets", watched)
    recipe = replace(toy_recipe, network=replace(toy_recipe.network, dropout=0.3))
    for folder, pieces in (("whole", (2,)), ("pieces", (1, 1))):
        for n_steps in pieces:
            run_ranks(train_rank, 1, TrainingRun(labels, tmp_path / folder, recipe, "float32", n_steps, "rl"))
    assert set(modes) == {False}
    whole, pieces_ = (load_checkpoint(tmp_path / name / LAST).weights for name in ("whole", "pieces"))
    assert all(torch.equal(tensor, pieces_[name]) for name, tensor in whole.items())


def test_kept_words_and_the_rest_give_the_divergence_worked_out_by_hand() -> None:
    # Student even over 4 words; teacher 0.5 and 0.25 on two of them, 0.25 on the other two.
    # KL = 0.5 ln 2 + 0.25 ln 1 + 0.25 ln 0.5 = 0.25 ln 2 = 0.173287.
    divergence = kd_losses.word_kd_loss(
        torch.zeros(1, 4), torch.tensor([[0, 1]]), torch.tensor([[0.5, 0.25]]), torch.ones(1)
    )
    assert divergence.item() == pytest.approx(0.173287, abs=1e-6)


def test_a_teacher_equal_to_the_student_costs_nothing() -> None:
    logits = torch.randn(5, 9)
    temperature = torch.full((5,), 3.0)
    kept = (logits / 3.0).softmax(-1).topk(4, dim=-1)
    divergence = kd_losses.word_kd_loss(logits, kept.indices, kept.values, temperature)
    torch.testing.assert_close(divergence, torch.zeros(5), atol=1e-5, rtol=0)


def test_retempering_to_the_same_temperature_changes_nothing() -> None:
    kept = torch.tensor([[0.5, 0.2]])
    torch.testing.assert_close(kd_losses.retemper(kept, 1.0), kept)
    # Exponent 2: 0.25, 0.04 and 0.09 for the rest, which sum to 0.38.
    expected = torch.tensor([[0.25 / 0.38, 0.04 / 0.38]])
    torch.testing.assert_close(kd_losses.retemper(kept, 2.0), expected)


def test_the_policy_gradient_pushes_towards_the_better_sample() -> None:
    log_p = torch.tensor([[-1.0, -2.0], [-1.0, 0.0]], requires_grad=True)
    kd_losses.policy_gradient_loss(log_p, torch.tensor([0.5, -0.25])).backward()
    assert torch.equal(log_p.grad, torch.tensor([[-0.5, -0.5], [0.25, 0.25]]))


def test_rewards_are_one_for_the_reference_and_named_metrics_are_checked() -> None:
    for name in ("bleu", "chrf"):
        same, other = reward_named(name, "en")(["a b c d", "x"], ["a b c d", "a b c d"])
        assert same == pytest.approx(1.0)
        assert other < 0.2
    with pytest.raises(ConfigError, match="known are bleu and chrf"):
        reward_named("meteor", "en")
