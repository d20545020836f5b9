"""Parallel text: compressed pair files in, token ids on disk, batches of one source length out."""

from __future__ import annotations

import json
import lzma
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from batchtx.errors import ConfigError

PAIR_SUFFIX = ".tsv.xz"
LINKS = "links.npy"
"""Word alignment of a training folder: int16, one number for each target token."""
ARRAYS = ("source_ids", "source_lengths", "target_ids", "target_lengths")
"""What an encoded source holds; in a slice its links too."""


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A source sentence and its translation."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Encoded pairs of all sources, laid end to end.

    ids are [total tokens] in order of pairs; offsets are [n_pairs + 1]; rate is [n_pairs], how
    often a pair is expected to be seen in one epoch; links, if there are any, are like target_ids:
    the source position of each target token, -1 where unknown (align.py).
    """

    source_ids: np.ndarray
    source_offsets: np.ndarray
    target_ids: np.ndarray
    target_offsets: np.ndarray
    rate: np.ndarray
    links: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.rate)


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs of one source length: source [batch, source_len], target [batch, target_len].

    Targets end with the end token and are padded behind it.
    """

    source: np.ndarray
    target: np.ndarray
    n_target_tokens: int
    links: np.ndarray | None = None


def pair_files(folder: Path) -> list[Path]:
    """Returns all pair files of a folder, in order of name."""
    return sorted(folder.glob(f"*{PAIR_SUFFIX}"))


def source_name(path: Path) -> str:
    """Returns the name of a data source: its file name without the suffix."""
    return path.name.removesuffix(PAIR_SUFFIX)


def read_pairs(path: Path) -> Iterator[SentencePair]:
    """Pairs of a file with one tab-separated pair a line; further columns are ignored."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            source, target, *_ = line.rstrip("\n").split("\t")
            yield SentencePair(source.strip(), target.strip())


def source_random(seed: int, name: str) -> random.Random:
    """Returns a generator that depends on the seed and the name of the source only."""
    return random.Random(f"{seed}/{zlib.crc32(name.encode())}")


def save_encoded(path: Path, pairs: Sequence[tuple[list[int], list[int]]]) -> None:
    """Writes the token ids of one source as a NumPy archive."""
    arrays: dict[str, Any] = dict(zip(ARRAYS, _arrays(pairs), strict=True))
    np.savez(path, **arrays)


def corpus_of(pairs: Sequence[tuple[list[int], list[int]]]) -> Corpus:
    """Pairs laid end to end in memory, each seen once in an epoch."""
    source_ids, source_lengths, target_ids, target_lengths = _arrays(pairs)
    rate = np.ones(len(pairs), np.float32)
    return Corpus(source_ids, _offsets(source_lengths), target_ids, _offsets(target_lengths), rate)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Returns what prepare.py wrote about a training folder: sizes, recipe, sources."""
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def slice_name(folder: Path) -> str:
    """Returns which slice of which data a training folder is (slices.py); empty for a whole one."""
    return str(read_manifest(folder).get("slice", ""))


def load_corpus(folder: Path) -> Corpus:
    """Returns the prepared training set of a folder (prepare.py), with the rates of its manifest."""
    manifest = read_manifest(folder)
    sides: dict[str, list[np.ndarray]] = {key: [] for key in ARRAYS}
    rates, links = [], []
    for entry in manifest["sources"]:
        with np.load(folder / "encoded" / f"{entry['name']}.npz") as archive:
            for key, parts in sides.items():
                parts.append(archive[key])
            rates.append(np.full(len(archive["source_lengths"]), entry["rate"], np.float32))
            if "links" in archive:
                links.append(archive["links"])
    target_ids = np.concatenate(sides["target_ids"])
    return Corpus(
        np.concatenate(sides["source_ids"]),
        _offsets(np.concatenate(sides["source_lengths"])),
        target_ids,
        _offsets(np.concatenate(sides["target_lengths"])),
        np.concatenate(rates),
        np.concatenate(links) if links else load_links(folder, len(target_ids)),
    )


def epoch_steps(corpus: Corpus, seed: int, epoch: int, micro: int, per_step: int) -> list[list[np.ndarray]]:
    """Returns the order of one epoch: steps of micro-batches of pair indices.

    A micro-batch holds pairs of one source length with about `micro` target tokens, padding
    included; a step holds as many micro-batches, of different lengths, as make up `per_step`
    target tokens, and the last one what is left too. The order depends on seed and epoch only.
    """
    generator = np.random.default_rng([seed, epoch])
    chosen = _sample_by_rate(corpus.rate, generator)
    source_len = np.diff(corpus.source_offsets)[chosen]
    target_len = np.diff(corpus.target_offsets)[chosen]
    # Inside a source length, rows of similar target length stand together: little padding.
    jitter = generator.normal(0.0, 0.5, len(chosen))
    order = np.lexsort((target_len + jitter, source_len))
    batches = _cut(chosen[order], source_len[order], target_len[order], micro)
    shuffled = [batches[i] for i in generator.permutation(len(batches))]
    steps: list[list[np.ndarray]] = [[]]
    tokens = 0
    lengths = np.diff(corpus.target_offsets)
    for batch in shuffled:
        steps[-1].append(batch)
        tokens += int(lengths[batch].sum())
        if tokens >= per_step:
            steps.append([])
            tokens = 0
    left = steps.pop()
    if not steps:
        return [left]
    steps[-1] += left
    return steps


def length_batches(corpus: Corpus, micro: int) -> list[np.ndarray]:
    """Returns all pairs in micro-batches of one source length, in order of lengths."""
    source_len, target_len = np.diff(corpus.source_offsets), np.diff(corpus.target_offsets)
    order = np.lexsort((target_len, source_len))
    return _cut(order, source_len[order], target_len[order], micro)


def make_batch(corpus: Corpus, indices: np.ndarray, pad: int) -> Batch:
    """Returns the tensors of one micro-batch as int64 arrays."""
    first = indices[0]
    source_len = int(corpus.source_offsets[first + 1] - corpus.source_offsets[first])
    starts = corpus.source_offsets[indices]
    source = corpus.source_ids[starts[:, None] + np.arange(source_len)].astype(np.int64)
    begin, end = corpus.target_offsets[indices], corpus.target_offsets[indices + 1]
    lengths = end - begin
    columns = np.arange(int(lengths.max()))
    inside = columns < lengths[:, None]
    where = np.where(inside, begin[:, None] + columns, 0)
    target = np.where(inside, corpus.target_ids[where], pad).astype(np.int64)
    links = None
    if corpus.links is not None:
        links = np.where(inside, corpus.links[where], -1).astype(np.int64)
    return Batch(source, target, int(lengths.sum()), links)


def _arrays(pairs: Sequence[tuple[list[int], list[int]]]) -> list[np.ndarray]:
    sides = ([source for source, _ in pairs], [target for _, target in pairs])
    return [array for side in sides for array in _flat(side)]


def _flat(sequences: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.array([len(ids) for ids in sequences], dtype=np.uint16)
    return np.fromiter((i for ids in sequences for i in ids), dtype=np.uint16), lengths


def load_links(folder: Path, n_tokens: int) -> np.ndarray | None:
    """Returns the word alignment beside a corpus; None where there is none."""
    path = folder / LINKS
    if not path.is_file():
        return None
    links: np.ndarray = np.load(path, mmap_mode="r")
    if len(links) != n_tokens:
        raise ConfigError(f"{path}: {len(links)} links for {n_tokens} target tokens; align the data anew")
    return links


def _offsets(lengths: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(lengths.astype(np.int64))])


def _sample_by_rate(rate: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    copies = np.floor(rate + generator.random(len(rate))).astype(np.int64)
    return np.repeat(np.arange(len(rate)), copies)


def _cut(indices: np.ndarray, source_len: np.ndarray, target_len: np.ndarray, micro: int) -> list[np.ndarray]:
    batches = []
    start = 0
    widest = 0
    for at in range(len(indices)):
        new_length = source_len[at] != source_len[start]
        widest = max(widest, int(target_len[at]))
        if new_length or (at - start + 1) * widest > micro:
            if at > start:
                batches.append(indices[start:at])
            start, widest = at, int(target_len[at])
    if start < len(indices):
        batches.append(indices[start:])
    return batches
