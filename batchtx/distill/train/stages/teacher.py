"""The three stages of a CSANMT teacher that is trained from scratch (Wei et al. 2022, section 3)."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from torch import Tensor

from batchtx.distill.data import pairs as data
from batchtx.distill.data.vocabulary import PAD_ID
from batchtx.distill.nets.network import Network, shift_right
from batchtx.distill.teacher.losses import (
    draw,
    mgrc_samples,
    smoothed_loss,
    tangential_contrastive_loss,
)
from batchtx.distill.teacher.modeling import CsanmtEncoderOutput
from batchtx.distill.teacher.network import TeacherNetwork, freeze, teacher_ids
from batchtx.distill.train.stages.loop import MicroBatchFigures, Objective, tensors
from batchtx.distill.train.stages.run import TrainingRun

_N_SAMPLES = 4


def mle_objective(run: TrainingRun) -> Objective:
    """Returns the loss of stage 1: cross-entropy, with the semantic vector of the source."""
    corpus, smoothing = data.load_corpus(run.data_folder), run.stage_recipe.label_smoothing

    def run_batch(network: Network, indices: np.ndarray) -> MicroBatchFigures:
        teacher = cast(TeacherNetwork, network)
        source, target, n_tokens = _tensors(corpus, indices, run)
        hidden, _ = teacher.decode_aligned(shift_right(target), teacher.encode(source))
        return _finish(teacher, hidden, target, smoothing, n_tokens)

    return Objective(corpus, run_batch)


def semantic_objective(run: TrainingRun) -> Objective:
    """Returns the loss of stage 2: the semantic vectors of translations near, hard negatives far."""
    corpus, seed = data.load_corpus(run.data_folder), run.stage_recipe.seed
    generator = torch.Generator()

    def run_batch(network: Network, indices: np.ndarray) -> MicroBatchFigures:
        teacher = cast(TeacherNetwork, network)
        source, target, n_tokens = _tensors(corpus, indices, run)
        if len(indices) < 2:  # no other sentence to tell it from
            return MicroBatchFigures(0.0, 0.0, n_tokens)
        generator.manual_seed(seed * 1_000_003 + int(indices.sum()))
        model = teacher.model
        vectors = [
            model.encoder.semantic(teacher_ids(source), model.encoder.semantic_embedding),
            model.target_semantic(teacher_ids(target)),
        ]
        loss = tangential_contrastive_loss(vectors[0], vectors[1], generator) * n_tokens
        loss.backward()
        return MicroBatchFigures(float(loss.detach()), float(loss.detach()), n_tokens)

    return Objective(corpus, run_batch, lambda network: freeze(cast(TeacherNetwork, network), semantic=False))


def mgrc_objective(run: TrainingRun) -> Objective:
    """Returns the loss of stage 3: cross-entropy over sampled semantic vectors."""
    corpus, stage = data.load_corpus(run.data_folder), run.stage_recipe
    generator = torch.Generator()

    def run_batch(network: Network, indices: np.ndarray) -> MicroBatchFigures:
        teacher = cast(TeacherNetwork, network)
        generator.manual_seed(stage.seed * 1_000_003 + int(indices.sum()))
        source, target, n_tokens = _tensors(corpus, indices, run)
        encoded = teacher.encode(source)
        assert encoded.last_hidden_state is not None
        assert encoded.semantic is not None
        with torch.no_grad():
            end = teacher.model.target_semantic(teacher_ids(target))
            draws = draw(encoded.semantic, end, _N_SAMPLES, generator)
            samples = mgrc_samples(encoded.semantic, end, draws)
        tiled = CsanmtEncoderOutput(encoded.last_hidden_state.repeat(_N_SAMPLES, 1, 1), semantic=samples)
        targets = target.repeat(_N_SAMPLES, 1)
        hidden, _ = teacher.decode_aligned(shift_right(targets), tiled)
        return _finish(teacher, hidden, targets, stage.label_smoothing, n_tokens)

    return Objective(corpus, run_batch, lambda network: freeze(cast(TeacherNetwork, network), semantic=True))


def _tensors(corpus: data.Corpus, indices: np.ndarray, run: TrainingRun) -> tuple[Tensor, Tensor, int]:
    batch = data.make_batch(corpus, indices, PAD_ID)
    return (*tensors(batch, run), batch.n_target_tokens)


def _finish(
    teacher: TeacherNetwork, hidden: Tensor, target: Tensor, smoothing: float, n_tokens: int
) -> MicroBatchFigures:
    """Backward through the mean loss, times the tokens of the pairs."""
    mask, logits = target != PAD_ID, teacher.logits(hidden)
    loss = smoothed_loss(logits, target, mask, 1.0 - smoothing) * n_tokens
    loss.backward()
    with torch.no_grad():
        nll = smoothed_loss(logits, target, mask, 1.0) * n_tokens
    return MicroBatchFigures(float(loss.detach()), float(nll), n_tokens)
