"""Checkpoints: everything that training needs to go on exactly where it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from batchtx.distill import folders
from batchtx.errors import ModelError

LAST = "last"


@dataclass(frozen=True, slots=True)
class Position:
    """Where training stands. step counts updates in all, next_step those of this epoch."""

    step: int = 0
    epoch: int = 0
    next_step: int = 0
    tokens: int = 0
    elapsed_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A saved state: weights, averaged weights, optimizer moments, position."""

    weights: Mapping[str, Tensor]
    average: Mapping[str, Tensor]
    moments: Mapping[str, Tensor]
    position: Position


def save_checkpoint(checkpoint: Checkpoint, folder: Path) -> None:
    """Write beside, then rename; the one before is kept as *.before until the new one stands."""
    new = folders.beside(folder)
    for name in ("weights", "average", "moments"):
        tensors = getattr(checkpoint, name)
        save_file(
            {key: t.detach().contiguous().clone() for key, t in tensors.items()}, new / f"{name}.safetensors"
        )
    folders.write_json(new / "position.json", asdict(checkpoint.position))
    folders.put_in_place(new, folder, keep_before=True)


def load_checkpoint(folder: Path) -> Checkpoint:
    """A saved checkpoint; falls back to *.before when a rename was cut short."""
    before = folders.before_of(folder)
    if not folder.exists() and before.exists():
        folder = before
    if not (folder / "position.json").is_file():
        raise ModelError(f"{folder}: no checkpoint here; run `batchtx distill train` first")
    position = json.loads((folder / "position.json").read_text(encoding="utf-8"))
    weights, average, moments = (
        load_file(folder / f"{name}.safetensors") for name in ("weights", "average", "moments")
    )
    return Checkpoint(weights, average, moments, Position(**position))


def has_checkpoint(folder: Path) -> bool:
    """True when training can go on from this folder."""
    return folder.exists() or folders.before_of(folder).exists()
