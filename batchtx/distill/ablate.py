"""Ablation: what each part of distillation gives at equal cost, from one start, on the same pairs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from batchtx.distill import folders
from batchtx.distill.data import pairs as data
from batchtx.distill.data.held_out import DEV, TEST, read_held_out
from batchtx.distill.labels.label import LabelRecipe, label_corpus
from batchtx.distill.nets.networks import build_network
from batchtx.distill.recipe import DataRecipe, Recipe
from batchtx.distill.release.evaluate import EvaluationSet, SetScore, score
from batchtx.distill.teacher.port import Teacher
from batchtx.distill.train.checkpoint import LAST, has_checkpoint, load_checkpoint
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.sampling import translate
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank

_NO_LIMIT = 10**12
_WARMUP_STEPS = 10  # of the variants: their weights are trained, only the optimizer is new
_RATE_SHARE = 0.3  # of the recipe's rates: at full rate the variants forgot what the start had learnt
_COPIED = ("vocabulary.spm", "vocabulary.json", DEV, TEST)


@dataclass(frozen=True, slots=True)
class TrainingVariant:
    """A stage and the weights of its losses; names and weights are StageRecipe's."""

    name: str
    stage: str
    mle_weight: float = 0.6
    kd_weight: float = 0.3
    dynamic: bool = False
    reward_weight: float = 0.0


VARIANTS = (
    TrainingVariant("MLE only", "mle", mle_weight=1.0, kd_weight=0.0),
    TrainingVariant("sequence KD", "kd", mle_weight=1.0, kd_weight=0.0),
    TrainingVariant("+ soft labels", "kd"),
    TrainingVariant("+ dynamic", "kd", dynamic=True),
    TrainingVariant("+ reward", "rl", dynamic=True, reward_weight=0.1),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compared: n_pairs are labelled by the teacher; every variant trains for variant_s.

    Seconds are processor time, so that a busy machine changes nothing. start_s is the length of the
    MLE run on all of the data that each recipe's variants begin with. n_segments of the held-out dev
    set are scored.
    """

    data_folder: Path
    folder: Path
    recipes: tuple[Recipe, ...]
    n_pairs: int
    start_s: float
    variant_s: float
    n_segments: int
    precision: str = "bfloat16"


@dataclass(frozen=True, slots=True)
class Result:
    """A trained variant: target tokens seen in all, and its scores by greedy search.

    The teacher stands before them, by its own search, with no tokens.
    """

    recipe: str
    variant: str
    n_tokens: int
    score: SetScore


def ablate(plan: Plan, teacher: Teacher, label: LabelRecipe, workers: int) -> list[Result]:
    """Labels, trains and scores everything in plan.folder, in `workers` processes of one thread."""
    sample, labels = plan.folder / "sample", plan.folder / "labels"
    if not (sample / "manifest.json").is_file():
        sample_folder(plan.data_folder, sample, plan.n_pairs, plan.recipes[0].data)
    label_corpus(sample, teacher, labels, label)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        starts = list(pool.map(_start, [plan] * len(plan.recipes), plan.recipes))
        jobs = [(recipe, variant) for recipe in plan.recipes for variant in VARIANTS]
        results = list(pool.map(_continue, [plan] * len(jobs), *zip(*jobs, strict=True)))
    n_variants = len(VARIANTS)
    return [_teacher_result(plan, teacher)] + [
        result
        for at, start in enumerate(starts)
        for result in (start, *results[at * n_variants : (at + 1) * n_variants])
    ]


def table(results: Sequence[Result]) -> str:
    """Returns the results in Markdown, with the signatures of the scores."""
    lines = [
        "| student | variant | target tokens | BLEU | chrF |",
        "|---|---|--:|--:|--:|",
    ]
    for result in results:
        one = result.score
        lines.append(
            f"| {result.recipe} | {result.variant} | {result.n_tokens:,} "
            f"| {one.bleu:.2f} ± {one.bleu_interval:.2f} | {one.chrf:.2f} ± {one.chrf_interval:.2f} |"
        )
    one = results[0].score
    lines += ["", f"{one.n_segments} segments, greedy; {one.bleu_signature}; {one.chrf_signature}"]
    return "\n".join(lines)


def sample_folder(data_folder: Path, folder: Path, n_pairs: int, recipe: DataRecipe) -> None:
    """Writes a training folder of pairs drawn by their rates, shortest first; too long ones are left out."""
    corpus, manifest = data.load_corpus(data_folder), data.read_manifest(data_folder)
    source_len, target_len = np.diff(corpus.source_offsets), np.diff(corpus.target_offsets)
    fits = (source_len <= recipe.max_tokens) & (target_len <= recipe.max_tokens)
    chance = np.where(fits, corpus.rate, 0.0).astype(np.float64)
    size = min(n_pairs, int(np.count_nonzero(chance)))
    generator = np.random.default_rng(recipe.seed)
    chosen = generator.choice(len(corpus), size, replace=False, p=chance / chance.sum())
    chosen = chosen[np.argsort(source_len[chosen], kind="stable")]
    (folder / "encoded").mkdir(parents=True)
    for name in _COPIED:
        shutil.copyfile(data_folder / name, folder / name)
    rows = [
        (
            corpus.source_ids[corpus.source_offsets[pair] : corpus.source_offsets[pair + 1]].tolist(),
            corpus.target_ids[corpus.target_offsets[pair] : corpus.target_offsets[pair + 1]].tolist(),
        )
        for pair in chosen
    ]
    data.save_encoded(folder / "encoded" / "sample.npz", rows)
    sources = [{"name": "sample", "rate": 1.0}]
    folders.write_json(folder / "manifest.json", manifest | {"sources": sources})


def _start(plan: Plan, recipe: Recipe) -> Result:
    """Train the start of a recipe's variants on all of the data."""
    stage = replace(recipe.mle, total_tokens=_NO_LIMIT, planned_s=plan.start_s, processor_time=True)
    run = TrainingRun(
        plan.data_folder, _start_folder(plan, recipe), replace(recipe, mle=stage), plan.precision
    )
    return _train(plan, run, "the start")


def _continue(plan: Plan, recipe: Recipe, variant: TrainingVariant) -> Result:
    """Train one variant from the start of its recipe, with the settings of stage kd but for its losses.

    The rates of its optimizer are a share of the start's.
    """
    stage = replace(
        recipe.kd,
        total_tokens=_NO_LIMIT,
        planned_s=plan.variant_s,
        processor_time=True,
        mle_weight=variant.mle_weight,
        kd_weight=variant.kd_weight,
        dynamic=variant.dynamic,
        reward_weight=variant.reward_weight,
    )
    full = recipe.optimizer
    optimizer = replace(
        full,
        warmup_steps=_WARMUP_STEPS,
        muon_rate=_RATE_SHARE * full.muon_rate,
        adam_rate=_RATE_SHARE * full.adam_rate,
    )
    changed = replace(recipe, optimizer=optimizer, mle=stage, kd=stage, rl=stage)
    pairs = plan.folder / ("sample" if variant.stage == "mle" else "labels")
    folder = plan.folder / recipe.name / variant.name.strip("+ ").replace(" ", "-")
    start = _start_folder(plan, recipe)
    run = TrainingRun(pairs, folder, changed, plan.precision, stage=variant.stage, start=start)
    return _train(plan, run, variant.name)


def _start_folder(plan: Plan, recipe: Recipe) -> Path:
    return plan.folder / recipe.name / "start"


def _train(plan: Plan, run: TrainingRun, variant: str) -> Result:
    """Train what is left of a run, and score it on evenly spread segments of the dev set."""
    last = run.folder / LAST
    if not has_checkpoint(last) or load_checkpoint(last).position.elapsed_s < run.stage_recipe.planned_s:
        run_ranks(train_rank, 1, run)
    torch.set_num_threads(1)
    checkpoint = load_checkpoint(last)
    network = build_network(run.data_folder, run.recipe).eval()
    # The rate has fallen to almost nothing; the average may hold a single one of so few updates.
    network.load_state_dict(checkpoint.weights)
    test = _test_set(plan)
    spm_file, limits = plan.data_folder / "vocabulary.spm", run.recipe.data
    hypotheses = translate(network, spm_file, test.sources, limits.max_tokens)
    one = score(test, hypotheses, limits.target_language)
    return Result(run.recipe.name, variant, checkpoint.position.tokens, one)


def _teacher_result(plan: Plan, teacher: Teacher) -> Result:
    test, language = _test_set(plan), plan.recipes[0].data.target_language
    hypotheses = [text or "" for text in teacher.translate(test.sources)]
    return Result("the teacher", teacher.name, 0, score(test, hypotheses, language))


def _test_set(plan: Plan) -> EvaluationSet:
    rows = read_held_out(plan.data_folder / DEV)
    rows = rows[:: max(1, len(rows) // plan.n_segments)][: plan.n_segments]
    return EvaluationSet(DEV, tuple(row[1] for row in rows), tuple(row[2] for row in rows))
