"""Lines of figures that a training run leaves behind (metrics.jsonl)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from batchtx.distill.train import parallel
from batchtx.distill.train.checkpoint import Position
from batchtx.distill.train.progress import Progress

METRICS = "metrics.jsonl"
_FIRST_STAGE = "mle"


class TrainingMetrics:
    """Sums losses between lines; only rank 0 writes, but every rank must call `write_train`."""

    def __init__(self, folder: Path, rank: int, progress: Progress) -> None:
        self._path, self._rank, self._progress = folder / METRICS, rank, progress
        self._sums, self._began = [0.0, 0.0, 0.0], time.monotonic()

    def add(self, loss: float, nll: float, n_tokens: int) -> None:
        """Counts a micro-batch: summed losses in nats."""
        for at, value in enumerate((loss, nll, n_tokens)):
            self._sums[at] += value

    def write_train(self, position: Position, figures: Mapping[str, float]) -> None:
        """Writes the means since the last such line."""
        sums = parallel.add_up(torch.tensor(self._sums, dtype=torch.float64)).tolist()
        loss, nll, n_tokens = sums
        now = time.monotonic()
        means = {"loss": loss / n_tokens, "nll": nll / n_tokens}
        rate = {"tokens_per_s": n_tokens / (now - self._began)}
        self.write("train", position, means | rate | dict(figures))
        self._sums, self._began = [0.0, 0.0, 0.0], now

    def write(self, kind: str, position: Position, figures: Mapping[str, Any]) -> None:
        """Writes one line of figures; one of kind "start" tells with which settings a piece goes on."""
        if self._rank:
            return
        line = {"kind": kind, **asdict(position), **figures}
        rounded = {k: round(v, 6) if isinstance(v, float) else v for k, v in line.items()}
        with self._path.open("a", encoding="utf-8", newline="\n") as lines:
            lines.write(json.dumps(rounded) + "\n")
        self._progress.tell(kind, position, rounded)


def read_metrics(folder: Path, kind: str) -> Iterator[dict[str, Any]]:
    """Yields the lines of one kind, in order; what was redone from an earlier checkpoint counts once."""
    kept: list[dict[str, Any]] = []
    with (folder / METRICS).open(encoding="utf-8") as lines:
        for line in lines:
            figures = json.loads(line)
            if figures["kind"] == "start":
                kept = [one for one in kept if one["step"] <= figures["step"]]
            kept.append(figures)
    yield from (one for one in kept if one["kind"] == kind)


def lineage(folder: Path, stage: str = "", start: Path | None = None) -> dict[str, Any]:
    """Returns the stages that the weights of a run went through, the last one, and what it began with.

    With a stage, those of a run that goes on in `folder` with it, or that begins there with `start`.
    """
    if (folder / METRICS).is_file():
        *_, last = read_metrics(folder, "start")
        stages, begun = last.get("stages", [_FIRST_STAGE]), last.get("start", "")
        if stage and stages[-1] != stage:
            stages = [*stages, stage]
    else:
        runs = () if start is None else (start, start.parent)  # a run, or a checkpoint in it
        before = [lineage(one)["stages"] for one in runs if (one / METRICS).is_file()]
        stages, begun = [*(before[0] if before else []), stage], "" if start is None else start.name
    return {"stage": stages[-1], "stages": stages, "start": begun}
