"""Stage 2: distillation from teacher labels, mixed with cross-entropy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from batchtx.distill.data import pairs as data
from batchtx.distill.data.pairs import Corpus
from batchtx.distill.data.vocabulary import PAD_ID
from batchtx.distill.labels import soft_labels
from batchtx.distill.nets.network import Network
from batchtx.distill.recipe import StageRecipe
from batchtx.distill.train import kd_losses, losses
from batchtx.distill.train.stages.loop import (
    MicroBatchFigures,
    Objective,
    guided_loss,
    hidden_states,
    tensors,
)
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Labelled:
    """The pairs of a run and, where the teacher gave them, its soft labels."""

    corpus: Corpus
    soft: soft_labels.SoftLabels | None


def objective(run: TrainingRun) -> Objective:
    """Returns mle_weight * cross-entropy of the teacher's targets + kd_weight * kd_losses.word_kd_loss, and
    losses.alignment_loss where the labels are aligned."""
    labelled, stage = load_labelled(run), run.stage_recipe

    def run_batch(network: Network, indices: np.ndarray) -> MicroBatchFigures:
        batch = data.make_batch(labelled.corpus, indices, PAD_ID)
        source, target = tensors(batch, run)
        hidden, scores = hidden_states(network, source, target, run.precision)
        loss, nll = mixed_loss(network, hidden, target, labelled, indices, stage)
        (loss + guided_loss(scores, batch, stage)).backward()
        return MicroBatchFigures(float(loss.detach()), float(nll.detach()), batch.n_target_tokens)

    return Objective(labelled.corpus, run_batch)


def mixed_loss(
    network: Network,
    hidden: Tensor,
    target: Tensor,
    labelled: Labelled,
    indices: np.ndarray,
    stage: StageRecipe,
) -> tuple[Tensor, Tensor]:
    """Returns cross-entropy and distillation of a micro-batch, and its negative log-likelihood, summed.

    hidden [n_tokens, width] predicts the real tokens of target [batch, target_len].
    """
    labels = target[target != PAD_ID]
    if labelled.soft is None or not stage.kd_weight:
        loss, nll = losses.output_loss(
            hidden, network.shared, network.n_target, labels, stage.label_smoothing
        )
        return stage.mle_weight * loss, nll
    soft = _soft_targets(labelled, labelled.soft, indices, stage, target.device)
    return losses.distilled_output_loss(
        hidden, network.shared, network.n_target, labels, stage.label_smoothing, stage.mle_weight, soft
    )


def load_labelled(run: TrainingRun) -> Labelled:
    """Returns the label folder or plain training folder of a run."""
    if soft_labels.has_labels(run.data_folder):
        corpus, soft = soft_labels.load_labels(run.data_folder)
        return Labelled(corpus, soft)
    if run.stage == "kd":
        raise ConfigError(f"{run.data_folder}: stage kd needs labels; run `batchtx distill label`")
    return Labelled(data.load_corpus(run.data_folder), None)


def _soft_targets(
    labelled: Labelled,
    soft: soft_labels.SoftLabels,
    indices: np.ndarray,
    stage: StageRecipe,
    device: torch.device,
) -> losses.SoftTargets:
    """Soft labels of the pairs' tokens, in order, and how strongly they count."""
    strength, softness = 1.0, 1.0
    if stage.dynamic:
        source_len = int(np.diff(labelled.corpus.source_offsets[indices[0] : indices[0] + 2])[0])
        strength, softness = kd_losses.dynamic_strength(source_len, stage.steady_length)
    temperature = max(1.0, soft.temperature * softness)
    offsets = labelled.corpus.target_offsets
    rows = [soft.rows(int(offsets[pair]), int(offsets[pair + 1])) for pair in indices]
    ids = torch.from_numpy(np.concatenate([ids for ids, _ in rows]).astype(np.int64))
    kept = torch.from_numpy(np.concatenate([kept for _, kept in rows]).astype(np.float32))
    kept = kd_losses.retemper(kept, soft.temperature / temperature)
    return losses.SoftTargets(ids.to(device), kept.to(device), temperature, stage.kd_weight * strength)
