"""When a piece of training ends: its plan, its limits, a signal."""

from __future__ import annotations

import signal
import time

from batchtx.distill.recipe import StageRecipe
from batchtx.distill.train.checkpoint import Position
from batchtx.distill.train.stages.run import TrainingRun


def share_left(stage: StageRecipe, tokens: int, elapsed_s: float) -> float:
    """Returns the share of the training that is still to come, by tokens or by time."""
    left = 1.0 - tokens / stage.total_tokens
    return min(left, 1.0 - elapsed_s / stage.planned_s) if stage.planned_s else left


class Clock:
    """Time that a run has taken in all its pieces, when to save, and when this piece is over."""

    def __init__(self, position: Position, run: TrainingRun) -> None:
        stage = run.stage_recipe
        self._run, self._first = run, position
        self._now = time.process_time if stage.processor_time else time.monotonic
        self._began = self._now() - position.elapsed_s
        self._saved, self._every_s = time.monotonic(), stage.checkpoint_s

    def elapsed_s(self) -> float:
        """Seconds in all pieces together."""
        return self._now() - self._began

    def is_over(self, position: Position, elapsed_s: float) -> bool:
        """Returns whether the plan or this piece of it ends there and then."""
        run, first = self._run, self._first
        limits = (
            (position.step - first.step, run.max_steps),
            (position.passes, run.max_epochs),
            (elapsed_s - first.elapsed_s, run.max_s),
        )
        left = share_left(run.stage_recipe, position.tokens, elapsed_s)
        return left <= 0 or any(limit is not None and count >= limit for count, limit in limits)

    def save_is_due(self) -> bool:
        """Returns whether a checkpoint has not been written for as long as the recipe says."""
        return time.monotonic() - self._saved > self._every_s

    def saved(self) -> None:
        """Hears of a checkpoint that has been written."""
        self._saved = time.monotonic()


class Interrupt:
    """Set by SIGTERM and SIGINT: the loop ends after its step, with a checkpoint."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._set)

    def _set(self, *_: object) -> None:
        self.wanted = True
