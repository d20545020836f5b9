"""The training loop: the same for all stages, run by every rank; the stage brings its objective."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import sentencepiece
import torch
from torch import Tensor

from batchtx.distill import data, losses, parallel
from batchtx.distill.checkpoint import LAST, Position, has_checkpoint, load_checkpoint
from batchtx.distill.data import Batch, Corpus
from batchtx.distill.export import load_marian
from batchtx.distill.held_out import DEV, read_held_out
from batchtx.distill.metrics import Metrics
from batchtx.distill.network import Network, shift_right
from batchtx.distill.networks import build_network
from batchtx.distill.recipe import Recipe, StageRecipe
from batchtx.distill.state import TrainingState
from batchtx.distill.vocabulary import PAD_ID

_LOG_EVERY = 20


@dataclass(frozen=True, slots=True)
class Run:
    """Where a training run reads and writes, and how it computes.

    start is the run folder of the stage before, whose averaged weights this stage begins with, or a
    transformers folder of the same network.
    """

    data_folder: Path
    folder: Path
    recipe: Recipe
    precision: str = "bfloat16"
    max_steps: int | None = None
    stage: str = "mle"
    start: Path | None = None
    device: str = "cpu"

    @property
    def stage_recipe(self) -> StageRecipe:
        """The recipe of the stage that runs."""
        recipe: StageRecipe = getattr(self.recipe, self.stage)
        return recipe


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over the target tokens of a micro-batch, in nats."""

    loss: float
    nll: float
    n_tokens: int


@dataclass(frozen=True, slots=True)
class Objective:
    """What a stage trains on and how: run_batch adds the gradient of the summed loss.

    prepare is called on the network before training: a stage may freeze parts of it.
    """

    corpus: Corpus
    run_batch: Callable[[Network, np.ndarray], Figures]
    prepare: Callable[[Network], None] = lambda network: None


def train(rank: int, n_ranks: int, run: Run, objective: Objective) -> None:
    """Train until the planned tokens are seen, a signal comes, or max_steps are done."""
    stage, corpus = run.stage_recipe, objective.corpus
    torch.manual_seed(stage.seed)
    network = _first_network(run)
    objective.prepare(network)
    state = TrainingState(network, run.recipe.optimizer, run.folder, rank, n_ranks)
    state.resume()
    metrics, dev = Metrics(run.folder, rank), dev_pairs(run)
    weights = {"weights": data.read_manifest(run.data_folder).get("weights", run.recipe.name)}
    metrics.write_start(state.position, asdict(run.recipe.optimizer) | asdict(stage) | weights)
    clock, interrupt = _Clock(state.position, stage), _Interrupt()
    first = state.position.step
    for epoch, next_step, step in _steps(corpus, stage, state.position):
        n_tokens = 0
        for micro in step:
            n_tokens += _n_tokens(corpus, micro)
            if len(mine := micro[rank::n_ranks]):
                figures = objective.run_batch(state.network, mine)
                metrics.add(figures.loss, figures.nll, figures.n_tokens)
        seen = state.position.tokens + n_tokens
        left = _share_left(stage, seen, clock.elapsed_s())
        over = left <= 0 or state.position.step + 1 - first == run.max_steps
        vote = parallel.Vote(over or interrupt.wanted, clock.save_is_due(), clock.elapsed_s())
        vote = parallel.sum_gradients(state.flat, vote, rank)
        extra = state.update(n_tokens, _share_left(stage, state.position.tokens, vote.elapsed_s))
        step_count = state.position.step + 1
        state.position = Position(step_count, epoch, next_step, seen, vote.elapsed_s)
        if step_count % _LOG_EVERY == 0 or vote.stop:
            metrics.write_train(state.position, extra)
        if step_count % stage.evaluate_steps == 0 or vote.stop:
            nll = dev_loss(state.network, dev[rank::n_ranks], run.precision)
            metrics.write("dev", state.position, {"nll": nll})
        if vote.save or vote.stop:
            state.save()
            clock.saved()
        if vote.stop:
            return


def batch_loss(
    network: Network, source: Tensor, target: Tensor, smoothing: float, precision: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Smoothed loss and negative log-likelihood of a micro-batch, summed over real tokens.

    source [batch, source_len], target [batch, target_len] with padding at the end only. Third, the
    scores of the alignment head [batch, target_len, source_len].
    """
    hidden, scores = hidden_states(network, source, target, precision)
    labels = target[target != PAD_ID]
    loss, nll = losses.output_loss(hidden, network.shared, network.n_target, labels, smoothing)
    return loss, nll, scores


def hidden_states(network: Network, source: Tensor, target: Tensor, precision: str) -> tuple[Tensor, Tensor]:
    """States that predict the real target tokens [n_tokens, width], and the alignment scores."""
    dtype = getattr(torch, precision)
    with torch.autocast(source.device.type, dtype, enabled=dtype != torch.float32):
        hidden, scores = network.decode_aligned(shift_right(target), network.encode(source))
    return hidden[target != PAD_ID].to(dtype), scores


@torch.no_grad()
def dev_loss(network: Network, pairs: list[tuple[Tensor, Tensor]], precision: str) -> float:
    """Negative log-likelihood in nats per target token over the pairs of all ranks."""
    network.eval()
    sums = torch.zeros(2, dtype=torch.float64)
    for source, target in pairs:
        _, nll, _ = batch_loss(network, source, target, 0.0, precision)
        sums += torch.tensor([float(nll), target.numel()])
    network.train()
    total, n_tokens = parallel.add_up(sums).tolist()
    return float(total / max(n_tokens, 1))


def dev_pairs(run: Run) -> list[tuple[Tensor, Tensor]]:
    """Every fifth held-out pair, encoded, as batches of one row; too long ones are cut."""
    spm = sentencepiece.SentencePieceProcessor(model_file=str(run.data_folder / "vocabulary.spm"))
    n_target = data.read_manifest(run.data_folder)["n_target"]
    longest = run.recipe.data.max_tokens
    encoded = (
        (spm.encode(source, add_eos=True)[:longest], spm.encode(target, add_eos=True)[:longest])
        for _, source, target in read_held_out(run.data_folder / DEV)[::5]
    )
    return [
        (torch.tensor([source], device=run.device), torch.tensor([target], device=run.device))
        for source, target in encoded
        if max(target) < n_target
    ]


def tensors(batch: Batch, run: Run) -> tuple[Tensor, Tensor]:
    """source [batch, source_len] and target [batch, target_len] where the network is."""
    return torch.from_numpy(batch.source).to(run.device), torch.from_numpy(batch.target).to(run.device)


def _first_network(run: Run) -> Network:
    network = build_network(run.data_folder, run.recipe).to(run.device)
    if run.start is not None and not has_checkpoint(run.folder / LAST):
        if (run.start / "model.safetensors").is_file():
            load_marian(network, run.start)
        else:
            network.load_state_dict(load_checkpoint(run.start / LAST).average)
    return network


def _steps(
    corpus: Corpus, stage: StageRecipe, position: Position
) -> Iterator[tuple[int, int, list[np.ndarray]]]:
    """(epoch, number of the step after it, micro-batches) from the position on, for ever."""
    epoch, first = position.epoch, position.next_step
    while True:
        steps = data.epoch_steps(corpus, stage.seed, epoch, stage.micro_tokens, stage.step_tokens)
        for at in range(first, len(steps)):
            yield epoch, at + 1, steps[at]
        epoch, first = epoch + 1, 0


def _share_left(stage: StageRecipe, tokens: int, elapsed_s: float) -> float:
    """The share of the training that is still to come, by tokens or by time."""
    left = 1.0 - tokens / stage.total_tokens
    return min(left, 1.0 - elapsed_s / stage.planned_s) if stage.planned_s else left


def _n_tokens(corpus: Corpus, micro: np.ndarray) -> int:
    return int((corpus.target_offsets[micro + 1] - corpus.target_offsets[micro]).sum())


class _Clock:
    """Time that a run has taken in all its pieces, and when to save."""

    def __init__(self, position: Position, stage: StageRecipe) -> None:
        self._now = time.process_time if stage.processor_time else time.monotonic
        self._began = self._now() - position.elapsed_s
        self._saved, self._every_s = time.monotonic(), stage.checkpoint_s

    def elapsed_s(self) -> float:
        return self._now() - self._began

    def save_is_due(self) -> bool:
        return time.monotonic() - self._saved > self._every_s

    def saved(self) -> None:
        self._saved = time.monotonic()


class _Interrupt:
    """Set by SIGTERM and SIGINT: the loop ends after its step, with a checkpoint."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._set)

    def _set(self, *_: object) -> None:
        self.wanted = True
