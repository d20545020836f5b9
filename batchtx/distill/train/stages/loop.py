"""The training loop: the same for all stages, run by every rank; the stage brings its objective."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
from torch import Tensor

from batchtx.distill.data import pairs as data
from batchtx.distill.data.pairs import Batch, Corpus
from batchtx.distill.data.vocabulary import PAD_ID
from batchtx.distill.nets.marian import load_transformers
from batchtx.distill.nets.network import Network, shift_right
from batchtx.distill.nets.networks import build_network, graft
from batchtx.distill.recipe import StageRecipe
from batchtx.distill.train import losses, parallel
from batchtx.distill.train.checkpoint import BEST, LAST, Position, has_checkpoint, load_weights
from batchtx.distill.train.dev import dev_batches, dev_sample
from batchtx.distill.train.metrics import TrainingMetrics, lineage
from batchtx.distill.train.progress import Progress
from batchtx.distill.train.stages.clock import Clock, Interrupt, share_left
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.state import TrainingState
from batchtx.errors import ConfigError

_log = logging.getLogger(__name__)
_LOG_EVERY = 20


@dataclass(frozen=True, slots=True)
class MicroBatchFigures:
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
    run_batch: Callable[[Network, np.ndarray], MicroBatchFigures]
    prepare: Callable[[Network], None] = lambda network: None


def train(rank: int, n_ranks: int, run: TrainingRun, objective: Objective) -> None:
    """Trains until the plan is done, dev BLEU stands still, a signal comes or a limit of the piece."""
    stage = run.stage_recipe
    state = _first_state(run, objective, rank, n_ranks)
    progress = Progress(run.stage, stage, state.position, shown=rank == 0)
    metrics, evaluation = TrainingMetrics(run.folder, rank, progress), _Evaluation(run, rank, n_ranks)
    clock, interrupt = Clock(state.position, run), Interrupt()
    stop = clock.is_over(state.position, state.position.elapsed_s) or evaluation.stands_still(state)
    if stop:
        _log.info("%s: nothing is left to do after step %d", run.folder, state.position.step)
    elif rank == 0:
        metrics.write("start", state.position, _settings(run, objective))
    steps, first_step = _steps(objective.corpus, stage, state.position), state.position.step
    while not stop:
        (epoch, passes, next_step), step = next(steps)
        _seed_dropout(run, state.position.step, rank)
        for mine in (micro[rank::n_ranks] for micro in step):
            if len(mine):
                figures = objective.run_batch(state.network, mine)
                metrics.add(figures.loss, figures.nll, figures.n_tokens)
        n_tokens = sum(_n_tokens(objective.corpus, micro) for micro in step)
        tokens, n_steps = state.position.tokens + n_tokens, state.position.step + 1
        ahead = Position(n_steps, epoch, next_step, tokens, 0.0, state.position.data, passes)
        over = clock.is_over(ahead, clock.elapsed_s()) or interrupt.wanted
        vote = parallel.Vote(over, clock.save_is_due(), clock.elapsed_s())
        vote = parallel.sum_gradients(state.flat, vote, rank)
        extra = state.update(n_tokens, share_left(stage, tokens, vote.elapsed_s))
        state.position = replace(ahead, elapsed_s=vote.elapsed_s)
        is_warm_up = run.device != "cpu" and n_steps == first_step + 1  # its speed and memory are news there
        if n_steps % _LOG_EVERY == 0 or is_warm_up or vote.stop:
            metrics.write_train(state.position, extra | _memory(run))
        if n_steps % stage.evaluate_steps == 0 or vote.stop:
            metrics.write("dev", state.position, evaluation.figures(state))
        progress.advance(state.position)
        stop = vote.stop or evaluation.stands_still(state)
        if vote.save or stop:
            state.save()
            clock.saved()
    progress.close()


def batch_loss(
    network: Network, source: Tensor, target: Tensor, smoothing: float, precision: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Returns smoothed loss and negative log-likelihood of a micro-batch, summed over real tokens.

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


def guided_loss(scores: Tensor, batch: Batch, stage: StageRecipe) -> Tensor | float:
    """Returns alignment_weight * losses.alignment_loss of the scores [batch, target_len, source_len]."""
    if batch.links is None or not stage.alignment_weight:
        return 0.0
    links = torch.from_numpy(batch.links).to(scores.device)
    return stage.alignment_weight * losses.alignment_loss(scores, links)


def tensors(batch: Batch, run: TrainingRun) -> tuple[Tensor, Tensor]:
    """Maps source [batch, source_len] and target [batch, target_len] where the network is."""
    return torch.from_numpy(batch.source).to(run.device), torch.from_numpy(batch.target).to(run.device)


class _Evaluation:
    """The held-out figures of a run; every rank must ask for them."""

    def __init__(self, run: TrainingRun, rank: int, n_ranks: int) -> None:
        self._run, self._stage = run, run.stage_recipe
        limit = run.recipe.data.max_tokens
        batches = dev_batches(run.data_folder, limit, self._stage.micro_tokens)
        self._batches = [tensors(batch, run) for batch in batches[rank::n_ranks]]
        n_segments = self._stage.bleu_segments
        self._sample = dev_sample(run.data_folder, run.recipe.data, n_segments, rank, n_ranks)

    def figures(self, state: TrainingState) -> dict[str, float]:
        """Loss, and where it counts dev BLEU: at the planned steps, so that a resume changes nothing."""
        position, stage = state.position, self._stage
        is_over = share_left(stage, position.tokens, position.elapsed_s) <= 0
        with torch.compiler.set_stance("force_eager") if _is_compiled(self._run) else nullcontext():
            figures = {"nll": self._nll(state.network)}
            if stage.bleu_segments and (is_over or position.step % stage.evaluate_steps == 0):
                with state.averaged():
                    figures["bleu"] = self._sample.bleu(state.network)
                state.note_bleu(figures["bleu"])
        return figures

    def stands_still(self, state: TrainingState) -> bool:
        """True when dev BLEU has been no better for as many evaluations as the recipe allows."""
        return 0 < self._stage.patience <= state.best.n_worse

    @torch.no_grad()
    def _nll(self, network: Network) -> float:
        """Negative log-likelihood in nats per target token over the pairs of all ranks."""
        network.eval()
        sums = torch.zeros(2, dtype=torch.float64)
        for source, target in self._batches:
            _, nll, _ = batch_loss(network, source, target, 0.0, self._run.precision)
            sums += torch.tensor([float(nll), float((target != PAD_ID).sum())])
        network.train()
        total, n_tokens = parallel.add_up(sums).tolist()
        return float(total / max(n_tokens, 1))


def _first_state(run: TrainingRun, objective: Objective, rank: int, n_ranks: int) -> TrainingState:
    """Where this piece of the run begins."""
    stage, name = run.stage_recipe, data.slice_name(run.data_folder)
    if not stage.total_tokens:
        raise ConfigError(f"recipe {run.recipe.name}: set total_tokens in [{run.stage}]")
    if stage.patience and not stage.bleu_segments:
        raise ConfigError(f"recipe {run.recipe.name}: patience needs dev BLEU; set bleu_segments, e.g. 200")
    if run.device != "cpu" and stage.repeatable:
        _repeatable()
    torch.manual_seed(stage.seed)
    network = _first_network(run)
    objective.prepare(network)
    state = TrainingState(network, run.recipe.optimizer, run.folder, rank, n_ranks)
    state.resume()
    if _is_compiled(run):
        network.compile_layers()
    if state.position.data != name:
        if state.position.next_step:
            raise ConfigError(
                f"{run.folder} is in the middle of {state.position.data or 'the whole data'}: finish that "
                f"with --max-epochs 1 before {name or run.data_folder}, or begin a new folder with --start"
            )
        state.position = replace(state.position, data=name, passes=0)
    return state


def _is_compiled(run: TrainingRun) -> bool:
    is_transformer = run.recipe.network.architecture == "transformer"
    return is_transformer and run.stage_recipe.compile and run.device != "cpu"


def _repeatable() -> None:
    """Let an accelerator add up in the same order each time."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


def _memory(run: TrainingRun) -> dict[str, float]:
    """The most megabytes that an accelerator has held."""
    if not run.device.startswith("cuda"):
        return {}
    return {"memory_mb": torch.cuda.max_memory_allocated() / 1e6}


def _settings(run: TrainingRun, objective: Objective) -> dict[str, object]:
    """What a "start" line tells: settings may differ from those of the piece before."""
    weights = {"weights": data.read_manifest(run.data_folder).get("weights", run.recipe.name)}
    aligned = {"aligned": objective.corpus.links is not None}
    settings = asdict(run.recipe.optimizer) | asdict(run.stage_recipe) | weights | aligned
    return settings | lineage(run.folder, run.stage, run.start)


def _first_network(run: TrainingRun) -> Network:
    network = build_network(run.data_folder, run.recipe)
    is_first = not has_checkpoint(run.folder / LAST)
    if run.recipe.network.encoder and run.start is None and is_first:
        graft(network, run.data_folder)
    network = network.to(run.device)
    if run.start is not None and is_first:
        if (run.start / "model.safetensors").is_file():
            load_transformers(network, run.start)
        else:
            is_checkpoint = run.start.name in (LAST, BEST)
            network.load_state_dict(load_weights(run.start if is_checkpoint else run.start / LAST))
    return network


def _steps(
    corpus: Corpus, stage: StageRecipe, position: Position
) -> Iterator[tuple[tuple[int, int, int], list[np.ndarray]]]:
    """((epoch, passes, next_step) after it, micro-batches) of each step from the position on, for ever."""
    epoch, passes, first = position.epoch, position.passes, position.next_step
    while True:
        steps = data.epoch_steps(corpus, stage.seed, epoch, stage.micro_tokens, stage.step_tokens)
        for at in range(first, len(steps) - 1):
            yield (epoch, passes, at + 1), steps[at]
        epoch, passes = epoch + 1, passes + 1
        if first < len(steps):
            yield (epoch, passes, 0), steps[-1]
        first = 0


def _seed_dropout(run: TrainingRun, step: int, rank: int) -> None:
    """Each step draws the same, whether training was stopped before it or not."""
    seed = (run.stage_recipe.seed * 1_000_003 + step) * 1_009 + rank
    torch.default_generator.manual_seed(seed)
    if run.device != "cpu":
        torch.cuda.manual_seed(seed)


def _n_tokens(corpus: Corpus, micro: np.ndarray) -> int:
    return int((corpus.target_offsets[micro + 1] - corpus.target_offsets[micro]).sum())
