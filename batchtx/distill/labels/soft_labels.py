"""Teacher labels on disk: sequences and, where wanted, the likeliest words of each step.

A label folder is a training folder whose pairs lie in shards; each shard is one safetensors file
that is read memory-mapped. Shards are written one after the other, so labelling can be resumed.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from batchtx.distill import folders
from batchtx.distill.data.pairs import Corpus, load_links
from batchtx.errors import ModelError
from batchtx.student.bundle import file_hash

INDEX = "labels.json"
_PAIR_ARRAYS = ("source_ids", "source_lengths", "target_ids", "target_lengths", "rate")
_BYTES_PER_TOKEN, _BYTES_PER_PAIR, _BYTES_PER_KEPT_WORD = 2, 8, 4


@dataclass(frozen=True, slots=True)
class LabelShard:
    """A file of labels."""

    file: str
    sha256: str
    n_pairs: int
    n_tokens: int
    n_dropped: int


@dataclass(frozen=True, slots=True)
class LabelIndex:
    """What a label folder holds. next_pair is the first pair of the corpus that is not labelled.

    search tells how the targets were found; it is empty in folders of earlier versions.
    """

    teacher: str
    vocabulary: str
    top_k: int
    temperature: float
    shards: tuple[LabelShard, ...] = ()
    next_pair: int = 0
    search: str = ""


class SoftLabels:
    """The likeliest words of each target token, by its place in the corpus of the folder."""

    def __init__(self, paths: list[Path], n_tokens: list[int], temperature: float) -> None:
        self.temperature = temperature
        self._starts = np.concatenate([[0], np.cumsum(n_tokens)])
        self._files = [safe_open(path, framework="np") for path in paths]

    def rows(self, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
        """Returns ids and probabilities [end - start, top_k] of the tokens from start to end of one pair."""
        shard = bisect_right(self._starts, start) - 1
        first, last = start - self._starts[shard], end - self._starts[shard]
        file = self._files[shard]
        return tuple(file.get_slice(name)[first:last] for name in ("ids", "probabilities"))


def estimate_bytes(n_pairs: int, n_source_tokens: int, n_target_tokens: int, top_k: int) -> int:
    """Returns the size of the labels of so many pairs: sequences, and soft labels of every target token."""
    sequences = (n_source_tokens + n_target_tokens) * _BYTES_PER_TOKEN + n_pairs * _BYTES_PER_PAIR
    return sequences + n_target_tokens * top_k * _BYTES_PER_KEPT_WORD


def write_shard(
    folder: Path, index: LabelIndex, arrays: dict[str, np.ndarray], n_dropped: int, next_pair: int
) -> LabelIndex:
    """Adds a shard and the new index; what was written before stays readable at every moment."""
    name = f"labels-{len(index.shards):05d}.safetensors"
    beside = folder / f"{name}.new"
    save_file(arrays, beside)
    beside.rename(folder / name)
    n_pairs, n_tokens = len(arrays["rate"]), len(arrays["target_ids"])
    shard = LabelShard(name, file_hash(folder / name), n_pairs, n_tokens, n_dropped)
    index = replace(index, shards=(*index.shards, shard), next_pair=next_pair)
    write_index(folder, index)
    return index


def write_index(folder: Path, index: LabelIndex) -> None:
    """Replaces the index of a folder."""
    beside = folder / f"{INDEX}.new"
    folders.write_json(beside, {"format": 1, **asdict(index)})
    beside.rename(folder / INDEX)


def read_index(folder: Path) -> LabelIndex:
    """Returns the index of a label folder."""
    path = folder / INDEX
    if not path.is_file():
        raise ModelError(f"{folder}: no labels here; run `batchtx distill label` first")
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    del fields["format"]
    shards = tuple(LabelShard(**shard) for shard in fields.pop("shards"))
    return LabelIndex(**fields, shards=shards)


def has_labels(folder: Path) -> bool:
    """Returns whether for a label folder, False for one that prepare.py wrote."""
    return (folder / INDEX).is_file()


def load_labels(folder: Path, *, verify: bool = True) -> tuple[Corpus, SoftLabels | None]:
    """Returns the labelled pairs, and their soft labels if there are any.

    Raises:
        ModelError: a shard is missing or its hash differs.
    """
    index = read_index(folder)
    paths = [folder / shard.file for shard in index.shards]
    for path, shard in zip(paths, index.shards, strict=True):
        if not path.is_file() or (verify and file_hash(path) != shard.sha256):
            raise ModelError(f"{path}: missing or damaged; delete it and {INDEX}, label again")
    parts: dict[str, list[np.ndarray]] = {name: [] for name in _PAIR_ARRAYS}
    for path in paths:
        with safe_open(path, framework="np") as file:
            for name in _PAIR_ARRAYS:
                parts[name].append(file.get_tensor(name))
    joined = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    corpus = Corpus(
        joined["source_ids"],
        _offsets(joined["source_lengths"]),
        joined["target_ids"],
        _offsets(joined["target_lengths"]),
        joined["rate"],
        load_links(folder, len(joined["target_ids"])),
    )
    if not index.top_k:
        return corpus, None
    return corpus, SoftLabels(paths, [shard.n_tokens for shard in index.shards], index.temperature)


def _offsets(lengths: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(lengths.astype(np.int64))])
