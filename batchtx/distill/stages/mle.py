"""Maximum-likelihood training: one visible loop, run by every rank."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import sentencepiece
import torch
from torch import Tensor

from batchtx.distill import data, losses, parallel
from batchtx.distill.checkpoint import Position
from batchtx.distill.data import Corpus
from batchtx.distill.held_out import DEV, read_held_out
from batchtx.distill.metrics import Metrics
from batchtx.distill.network import Network, shift_right
from batchtx.distill.recipe import Recipe
from batchtx.distill.state import TrainingState
from batchtx.distill.vocabulary import PAD_ID

_LOG_EVERY = 20


@dataclass(frozen=True, slots=True)
class Run:
    """Where a training run reads and writes, and how it computes."""

    data_folder: Path
    folder: Path
    recipe: Recipe
    precision: str = "bfloat16"
    max_steps: int | None = None


def train_rank(rank: int, n_ranks: int, run: Run) -> None:
    """Train until the planned tokens are seen, a signal comes, or max_steps are done."""
    stage = run.recipe.mle
    torch.manual_seed(stage.seed)
    network = build_network(run.data_folder, run.recipe)
    state = TrainingState(network, run.recipe.optimizer, run.folder, rank, n_ranks)
    state.resume()
    metrics, dev = Metrics(run.folder, rank), dev_pairs(run)
    metrics.write_start(state.position, asdict(run.recipe.optimizer) | asdict(stage))
    clock, interrupt = _Clock(state.position, stage.checkpoint_s), _Interrupt()
    corpus, first = data.load_corpus(run.data_folder), state.position.step
    for epoch, next_step, step in _steps(corpus, run.recipe, state.position):
        n_tokens = 0
        for micro in step:
            n_tokens += _n_tokens(corpus, micro)
            if len(mine := micro[rank::n_ranks]):
                metrics.add(*_forward_backward(network, corpus, mine, run))
        seen = state.position.tokens + n_tokens
        over = seen >= stage.total_tokens or state.position.step + 1 - first == run.max_steps
        ending, saving = parallel.sum_gradients(
            state.flat, stop=over or interrupt.wanted, save=rank == 0 and clock.save_is_due()
        )
        figures = state.update(n_tokens, stage.total_tokens)
        step_count = state.position.step + 1
        state.position = Position(step_count, epoch, next_step, seen, clock.elapsed_s())
        if step_count % _LOG_EVERY == 0 or ending:
            metrics.write_train(state.position, figures)
        if step_count % stage.evaluate_steps == 0 or ending:
            nll = dev_loss(network, dev[rank::n_ranks], run)
            metrics.write("dev", state.position, {"nll": nll})
        if saving or ending:
            state.save()
            clock.saved()
        if ending:
            return


def build_network(data_folder: Path, recipe: Recipe) -> Network:
    """An untrained network with the vocabulary sizes of a training folder."""
    manifest = data.read_manifest(data_folder)
    return Network(recipe.network, manifest["n_source"], manifest["n_target"])


def batch_loss(
    network: Network, source: Tensor, target: Tensor, smoothing: float, precision: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Smoothed loss and negative log-likelihood of a micro-batch, summed over real tokens.

    source [batch, source_len], target [batch, target_len] with padding at the end only. Third, the
    scores of the alignment head [batch, target_len, source_len].
    """
    dtype = getattr(torch, precision)
    mask = target != PAD_ID
    with torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
        hidden, scores = network.decode_aligned(shift_right(target), network.encode(source))
        hidden = hidden[mask].to(dtype)  # [n_tokens, width]
    loss, nll = losses.output_loss(hidden, network.shared, network.n_target, target[mask], smoothing)
    return loss, nll, scores


@torch.no_grad()
def dev_loss(network: Network, pairs: list[tuple[Tensor, Tensor]], run: Run) -> float:
    """Negative log-likelihood in nats per target token over the pairs of all ranks."""
    network.eval()
    sums = torch.zeros(2, dtype=torch.float64)
    for source, target in pairs:
        _, nll, _ = batch_loss(network, source, target, 0.0, run.precision)
        sums += torch.tensor([float(nll), target.numel()])
    network.train()
    total, n_tokens = parallel.add_up(sums).tolist()
    return total / max(n_tokens, 1)


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
        (torch.tensor([source]), torch.tensor([target]))
        for source, target in encoded
        if max(target) < n_target
    ]


def _forward_backward(
    network: Network, corpus: Corpus, indices: np.ndarray, run: Run
) -> tuple[float, float, int]:
    batch = data.make_batch(corpus, indices, PAD_ID)
    source, target = torch.from_numpy(batch.source), torch.from_numpy(batch.target)
    smoothing = run.recipe.mle.label_smoothing
    loss, nll, scores = batch_loss(network, source, target, smoothing, run.precision)
    if batch.links is not None and run.recipe.mle.alignment_weight:
        guided = losses.alignment_loss(scores, torch.from_numpy(batch.links))
        (loss + run.recipe.mle.alignment_weight * guided).backward()
    else:
        loss.backward()
    return float(loss.detach()), float(nll), batch.n_target_tokens


def _steps(corpus: Corpus, recipe: Recipe, position: Position) -> Iterator[tuple[int, int, list[np.ndarray]]]:
    """(epoch, number of the step after it, micro-batches) from the position on, for ever."""
    stage = recipe.mle
    epoch, first = position.epoch, position.next_step
    while True:
        steps = data.epoch_steps(corpus, stage.seed, epoch, stage.micro_tokens, stage.step_tokens)
        for at in range(first, len(steps)):
            yield epoch, at + 1, steps[at]
        epoch, first = epoch + 1, 0


def _n_tokens(corpus: Corpus, micro: np.ndarray) -> int:
    return int((corpus.target_offsets[micro + 1] - corpus.target_offsets[micro]).sum())


class _Clock:
    """Time that a run has taken in all its pieces, and when to save."""

    def __init__(self, position: Position, every_s: float) -> None:
        self._began = time.monotonic() - position.elapsed_s
        self._saved, self._every_s = time.monotonic(), every_s

    def elapsed_s(self) -> float:
        return time.monotonic() - self._began

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
