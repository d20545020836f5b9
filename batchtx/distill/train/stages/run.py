"""A training run: where it reads and writes, and how it computes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from batchtx.distill.recipe import Recipe, StageRecipe


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """Where a training run reads and writes, and how it computes.

    start is the run folder of the stage before, whose averaged weights this stage begins with, one of its
    checkpoints (RUN/best), or a transformers folder of the same network. max_steps, max_s and max_epochs
    end this piece of the run early: after so many updates, seconds, or passes over the data since the
    run came to it.
    """

    data_folder: Path
    folder: Path
    recipe: Recipe
    precision: str = "bfloat16"
    max_steps: int | None = None
    stage: str = "mle"
    start: Path | None = None
    device: str = "cpu"
    max_s: float | None = None
    max_epochs: int | None = None

    @property
    def stage_recipe(self) -> StageRecipe:
        """The recipe of the stage that runs."""
        recipe: StageRecipe = getattr(self.recipe, self.stage)
        return recipe
