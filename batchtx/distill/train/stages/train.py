"""The stages by name, for the processes that train."""

from __future__ import annotations

from batchtx.distill.train.stages import kd, loop, mle, rl, teacher
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.errors import ConfigError

STAGES = {"mle": mle.objective, "kd": kd.objective, "rl": rl.objective}
TEACHER_STAGES = {
    "mle": teacher.mle_objective,
    "semantic": teacher.semantic_objective,
    "mgrc": teacher.mgrc_objective,
}


def train_rank(rank: int, n_ranks: int, run: TrainingRun) -> None:
    """Runs the stage that is named in `run`."""
    stages = TEACHER_STAGES if run.recipe.network.architecture == "csanmt" else STAGES
    if run.stage not in stages:
        raise ConfigError(f"stage {run.stage!r}: this network has {', '.join(stages)}")
    loop.train(rank, n_ranks, run, stages[run.stage](run))
