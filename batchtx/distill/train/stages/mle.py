"""Stage 1: maximum likelihood with smoothed labels and guided alignment."""

from __future__ import annotations

import numpy as np

from batchtx.distill.data import pairs as data
from batchtx.distill.data.vocabulary import PAD_ID
from batchtx.distill.nets.network import Network
from batchtx.distill.train.stages.loop import MicroBatchFigures, Objective, batch_loss, guided_loss, tensors
from batchtx.distill.train.stages.run import TrainingRun


def objective(run: TrainingRun) -> Objective:
    """Returns cross-entropy of the references (losses.output_loss), plus losses.alignment_loss."""
    corpus, stage = data.load_corpus(run.data_folder), run.stage_recipe

    def run_batch(network: Network, indices: np.ndarray) -> MicroBatchFigures:
        batch = data.make_batch(corpus, indices, PAD_ID)
        source, target = tensors(batch, run)
        loss, nll, scores = batch_loss(network, source, target, stage.label_smoothing, run.precision)
        (loss + guided_loss(scores, batch, stage)).backward()
        return MicroBatchFigures(float(loss.detach()), float(nll), batch.n_target_tokens)

    return Objective(corpus, run_batch)
