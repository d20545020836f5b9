"""Lines of figures that a training run leaves behind (metrics.jsonl)."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from batchtx.distill import parallel
from batchtx.distill.checkpoint import Position

METRICS = "metrics.jsonl"
_log = logging.getLogger(__name__)


class Metrics:
    """Sums losses between lines; only rank 0 writes, but every rank must call `write_train`."""

    def __init__(self, folder: Path, rank: int) -> None:
        self._path, self._rank = folder / METRICS, rank
        self._sums, self._began = [0.0, 0.0, 0.0], time.monotonic()

    def add(self, loss: float, nll: float, n_tokens: int) -> None:
        """Count a micro-batch: summed losses in nats."""
        for at, value in enumerate((loss, nll, n_tokens)):
            self._sums[at] += value

    def write_train(self, position: Position, figures: Mapping[str, float]) -> None:
        """Write the means since the last such line."""
        sums = parallel.add_up(torch.tensor(self._sums, dtype=torch.float64)).tolist()
        loss, nll, n_tokens = sums
        now = time.monotonic()
        means = {"loss": loss / n_tokens, "nll": nll / n_tokens}
        rate = {"tokens_per_s": n_tokens / (now - self._began)}
        self.write("train", position, means | rate | dict(figures))
        self._sums, self._began = [0.0, 0.0, 0.0], now

    def write_start(self, position: Position, settings: Mapping[str, Any]) -> None:
        """Write with which settings this piece of the run goes on: they may differ from before."""
        self.write("start", position, settings)

    def write(self, kind: str, position: Position, figures: Mapping[str, Any]) -> None:
        """Write one line of figures."""
        if self._rank:
            return
        line = {"kind": kind, **asdict(position), **figures}
        rounded = {k: round(v, 6) if isinstance(v, float) else v for k, v in line.items()}
        with self._path.open("a", encoding="utf-8", newline="\n") as lines:
            lines.write(json.dumps(rounded) + "\n")
        _log.info("%s", rounded)


def read_metrics(folder: Path, kind: str) -> Iterator[dict[str, float]]:
    """The lines of one kind, in order; what was redone from an earlier checkpoint counts once."""
    kept: list[dict[str, Any]] = []
    with (folder / METRICS).open(encoding="utf-8") as lines:
        for line in lines:
            figures = json.loads(line)
            if figures["kind"] == "start":
                kept = [one for one in kept if one["step"] <= figures["step"]]
            kept.append(figures)
    yield from (one for one in kept if one["kind"] == kind)
