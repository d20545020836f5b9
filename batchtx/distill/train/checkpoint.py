"""Checkpoints: everything that training needs to go on exactly where it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from batchtx.distill import folders
from batchtx.errors import ModelError

LAST = "last"
BEST = "best"
"""The averaged weights of the evaluation with the best dev BLEU, beside LAST: no moments."""

_POSITION, _BEST = "position.json", "best.json"


@dataclass(frozen=True, slots=True)
class Position:
    """Where training stands. step counts updates in all, next_step those of this epoch.

    epoch counts passes over whatever data; passes those over `data`, the slice that is trained on
    (data.slice_name), since the run came to it.
    """

    step: int = 0
    epoch: int = 0
    next_step: int = 0
    tokens: int = 0
    elapsed_s: float = 0.0
    data: str = ""
    passes: int = 0


@dataclass(frozen=True, slots=True)
class Best:
    """The best dev BLEU so far, at which step, and how many evaluations were no better since."""

    bleu: float = -1.0
    step: int = 0
    n_worse: int = 0

    def after(self, bleu: float, step: int) -> Best:
        """Returns the state of the best after one more evaluation."""
        return Best(bleu, step) if bleu > self.bleu else Best(self.bleu, self.step, self.n_worse + 1)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A saved state: weights, averaged weights, optimizer moments, position."""

    weights: Mapping[str, Tensor]
    average: Mapping[str, Tensor]
    moments: Mapping[str, Tensor]
    position: Position
    best: Best = field(default_factory=Best)


def save_checkpoint(checkpoint: Checkpoint, folder: Path) -> None:
    """Writes beside, then renames; the one before is kept as *.before until the new one stands."""
    new = folders.beside(folder)
    for name in ("weights", "average", "moments"):
        _save(getattr(checkpoint, name), new / f"{name}.safetensors")
    folders.write_json(new / _POSITION, asdict(checkpoint.position))
    folders.write_json(new / _BEST, asdict(checkpoint.best))
    folders.put_in_place(new, folder, keep_before=True)


def save_average(average: Mapping[str, Tensor], position: Position, folder: Path) -> None:
    """Writes the averaged weights alone: enough to export and to start from, not to go on."""
    new = folders.beside(folder)
    _save(average, new / "average.safetensors")
    folders.write_json(new / _POSITION, asdict(position))
    folders.put_in_place(new, folder)


def load_checkpoint(folder: Path) -> Checkpoint:
    """Returns a saved checkpoint; falls back to *.before when a rename was cut short."""
    weights, average, moments = (load_weights(folder, name) for name in ("weights", "average", "moments"))
    best, path = Best(), _standing(folder) / _BEST
    if path.is_file():
        best = Best(**json.loads(path.read_text(encoding="utf-8")))
    return Checkpoint(weights, average, moments, load_position(folder), best)


def load_weights(folder: Path, name: str = "average") -> dict[str, Tensor]:
    """Returns one part of a checkpoint: weights, average or moments."""
    path = _standing(folder) / f"{name}.safetensors"
    if not path.is_file():
        raise ModelError(f"{path}: not in this checkpoint, which can only be exported or started from")
    return load_file(path)


def load_position(folder: Path) -> Position:
    """Returns where training stood."""
    return Position(**json.loads((_standing(folder) / _POSITION).read_text(encoding="utf-8")))


def has_checkpoint(folder: Path) -> bool:
    """Returns whether training can go on from this folder."""
    return folder.exists() or folders.before_of(folder).exists()


def _standing(folder: Path) -> Path:
    """The folder, or *.before when a rename was cut short."""
    before = folders.before_of(folder)
    if not folder.exists() and before.exists():
        folder = before
    if not (folder / _POSITION).is_file():
        raise ModelError(f"{folder}: no checkpoint here; run `batchtx distill train` first")
    return folder


def _save(tensors: Mapping[str, Tensor], path: Path) -> None:
    save_file({name: t.detach().contiguous().clone() for name, t in tensors.items()}, path)
