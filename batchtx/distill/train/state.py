"""The state of a training run: network, optimizer, averaged weights and position."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torch import Tensor

from batchtx.distill.nets.network import Network
from batchtx.distill.recipe import OptimizerRecipe
from batchtx.distill.train import parallel
from batchtx.distill.train.checkpoint import (
    BEST,
    LAST,
    Best,
    Checkpoint,
    Position,
    has_checkpoint,
    load_checkpoint,
    save_average,
    save_checkpoint,
)
from batchtx.distill.train.optimizer import Optimizer, rate_scale

AVERAGE_EVERY = 10


class TrainingState:
    """Everything that changes while training; each rank has one, and they stay equal."""

    def __init__(
        self, network: Network, recipe: OptimizerRecipe, folder: Path, rank: int, n_ranks: int
    ) -> None:
        self.network, self.position, self.best = network, Position(), Best()
        self._recipe, self._folder, self._rank = recipe, folder, rank
        self.flat = parallel.flatten(network, n_ranks)
        self._optimizer = Optimizer(self.flat, recipe, rank)
        self._average = self.flat.parameters.clone()

    def resume(self) -> None:
        """Takes up the last checkpoint of the folder, if there is one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if not has_checkpoint(self._folder / LAST):
            return
        checkpoint = load_checkpoint(self._folder / LAST)
        self.network.load_state_dict(checkpoint.average)
        self._average.copy_(self.flat.parameters)
        self.network.load_state_dict(checkpoint.weights)
        self._optimizer.load(checkpoint.moments)
        self.position, self.best = checkpoint.position, checkpoint.best

    def update(self, n_tokens: int, left: float) -> dict[str, float]:
        """Takes one step on the summed gradients of n_tokens; returns figures for the metrics.

        left is the share of the training that is still to come.
        """
        position = self.position
        scale = rate_scale(self._recipe, position.step, left)
        norm = self._optimizer.step(scale, n_tokens)
        if (position.step + 1) % AVERAGE_EVERY == 0:
            self._update_average(position.step + 1)
        return {"scale": scale, "norm": norm}

    def save(self) -> None:
        """Writes the checkpoint; every rank must call it."""
        moments = self._optimizer.state()
        if self._rank:
            return
        weights = self._named()
        with self.averaged():
            average = self._named()
        checkpoint = Checkpoint(weights, average, moments, self.position, self.best)
        save_checkpoint(checkpoint, self._folder / LAST)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Yields the network with its averaged weights, for a while."""
        now = self.flat.parameters.clone()
        self.flat.parameters.copy_(self._average)
        try:
            yield
        finally:
            self.flat.parameters.copy_(now)

    def note_bleu(self, bleu: float) -> None:
        """Counts an evaluation of the averaged weights; the best ones are kept beside the checkpoint."""
        self.best = self.best.after(bleu, self.position.step)
        if self.best.step == self.position.step and not self._rank:
            with self.averaged():
                save_average(self._named(), self.position, self._folder / BEST)

    def _update_average(self, step: int) -> None:
        """Exponential moving average, with a shorter memory at the start."""
        decay = min(self._recipe.average_decay, (step + 1) / (step + 100)) ** AVERAGE_EVERY
        self._average.lerp_(self.flat.parameters, 1 - decay)

    def _named(self) -> dict[str, Tensor]:
        return {name: p.detach().clone() for name, p in self.network.named_parameters()}
