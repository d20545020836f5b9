"""Stage 3: the whole loss, alpha * MLE + beta * KD + gamma * reward (0.6, 0.3, 0.1)."""

from __future__ import annotations

import numpy as np
import sentencepiece
import torch
from torch import Tensor

from batchtx.distill.data import pairs as data
from batchtx.distill.data.vocabulary import END_ID, PAD_ID
from batchtx.distill.nets.network import Network
from batchtx.distill.train import losses
from batchtx.distill.train.rewards import Reward, reward_named
from batchtx.distill.train.sampling import write_targets
from batchtx.distill.train.stages.kd import load_labelled, mixed_loss
from batchtx.distill.train.stages.loop import (
    MicroBatchFigures,
    Objective,
    guided_loss,
    hidden_states,
    tensors,
)
from batchtx.distill.train.stages.run import TrainingRun


def objective(run: TrainingRun) -> Objective:
    """Returns the loss of stage kd, plus losses.policy_output_loss for one sample of each source."""
    labelled, stage = load_labelled(run), run.stage_recipe
    reward = reward_named(stage.reward, run.recipe.data.target_language)
    spm = sentencepiece.SentencePieceProcessor(model_file=str(run.data_folder / "vocabulary.spm"))
    # The batches come in a fixed order, so that sampling is the same after a resume.
    generator = torch.Generator(run.device)

    def run_batch(network: Network, indices: np.ndarray) -> MicroBatchFigures:
        generator.manual_seed(stage.seed * 1_000_003 + int(indices.sum()))
        batch = data.make_batch(labelled.corpus, indices, PAD_ID)
        source, target = tensors(batch, run)
        hidden, scores = hidden_states(network, source, target, run.precision)
        loss, nll = mixed_loss(network, hidden, target, labelled, indices, stage)
        if stage.reward_weight:
            network.eval()  # both as the student translates, without dropout
            sample = write_targets(network, source, target.shape[1] + 10, generator)
            greedy = write_targets(network, source, target.shape[1] + 10)
            network.train()
            gained = _rewards(reward, spm, sample, target) - _rewards(reward, spm, greedy, target)
            gained = gained.to(run.device)
            loss = loss + stage.reward_weight * _policy_loss(network, source, sample, gained, run)
        (loss + guided_loss(scores, batch, stage)).backward()
        return MicroBatchFigures(float(loss.detach()), float(nll.detach()), batch.n_target_tokens)

    return Objective(labelled.corpus, run_batch)


def _policy_loss(
    network: Network, source: Tensor, sample: Tensor, gained: Tensor, run: TrainingRun
) -> Tensor:
    """sample [batch, target_len], gained [batch]: how much better than the greedy target it is."""
    hidden, _ = hidden_states(network, source, sample, run.precision)
    mask = sample != PAD_ID
    advantage = gained[:, None].expand(sample.shape)[mask]
    return losses.policy_output_loss(hidden, network.shared, network.n_target, sample[mask], advantage)


def _rewards(
    reward: Reward, spm: sentencepiece.SentencePieceProcessor, written: Tensor, target: Tensor
) -> Tensor:
    """[batch]."""
    texts = [
        spm.decode([i for i in row if i not in (PAD_ID, END_ID)])
        for row in [*written.tolist(), *target.tolist()]
    ]
    return torch.tensor(reward(texts[: len(written)], texts[len(written) :]))
