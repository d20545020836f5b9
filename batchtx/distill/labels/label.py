"""Labelling: the teacher translates the training pairs, in shards that can be resumed."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece
import torch

from batchtx.distill.data import pairs as data
from batchtx.distill.data.pairs import Corpus
from batchtx.distill.data.vocabulary import END_ID, PAD_ID
from batchtx.distill.labels import soft_labels
from batchtx.distill.labels.soft_labels import INDEX, LabelIndex
from batchtx.distill.teacher.port import Teacher
from batchtx.errors import ConfigError
from batchtx.student.bundle import file_hash

_log = logging.getLogger(__name__)
_COPIED = ("manifest.json", "vocabulary.spm", "vocabulary.json", "dev.tsv", "test.tsv")


@dataclass(frozen=True, slots=True)
class LabelRecipe:
    """What the teacher gives.

    own_targets: it translates the sources; otherwise it judges the references. top_k is how many
    words of each step are kept at the temperature, 0 for none. limit is the number of pairs.
    """

    own_targets: bool = True
    top_k: int = 8
    temperature: float = 4.0
    limit: int | None = None
    batch_pairs: int = 32
    shard_pairs: int = 4096


def label_corpus(data_folder: Path, teacher: Teacher, folder: Path, recipe: LabelRecipe) -> LabelIndex:
    """Labels the pairs of a training folder into `folder`; goes on where it was stopped."""
    spm = sentencepiece.SentencePieceProcessor(model_file=str(data_folder / "vocabulary.spm"))
    corpus, manifest = data.load_corpus(data_folder), data.read_manifest(data_folder)
    n_target = manifest["n_target"]
    if recipe.top_k:
        pieces = [spm.id_to_piece(index) for index in range(spm.get_piece_size())]
        teacher.share_vocabulary(pieces, pieces[:n_target])
    index = _open(data_folder, teacher, folder, recipe)
    n_pairs = min(len(corpus), recipe.limit or len(corpus))
    n_each = teacher.search.n_best if recipe.own_targets else 1
    counts = (n_pairs, int(corpus.source_offsets[n_pairs]), int(corpus.target_offsets[n_pairs]))
    size = n_each * soft_labels.estimate_bytes(*counts, recipe.top_k)
    _log.info("%d pairs, labels of about %.1f MB", n_pairs, size / 1e6)
    while index.next_pair < n_pairs:
        end = min(index.next_pair + recipe.shard_pairs, n_pairs)
        labelled: list[_Pair] = []
        for first in range(index.next_pair, end, recipe.batch_pairs):
            batch = range(first, min(first + recipe.batch_pairs, end))
            torch.manual_seed(first)  # samples are the same after a stop
            labelled.extend(_label(corpus, batch, spm, teacher, recipe, n_target))
        arrays = _arrays(labelled, recipe.top_k)
        n_dropped = n_each * (end - index.next_pair) - len(labelled)
        index = soft_labels.write_shard(folder, index, arrays, n_dropped, end)
        _log.info("%d of %d pairs, %d targets of this shard dropped", end, n_pairs, n_dropped)
    return index


@dataclass(frozen=True, slots=True)
class _Pair:
    source: list[int]
    target: list[int]
    rate: float
    ids: np.ndarray | None
    probabilities: np.ndarray | None


def _label(
    corpus: Corpus,
    pairs: range,
    spm: sentencepiece.SentencePieceProcessor,
    teacher: Teacher,
    recipe: LabelRecipe,
    n_target: int,
) -> Iterator[_Pair]:
    """The usable pairs of a batch. The n best of a source share its rate: an epoch stays as long."""
    sources = [_row(corpus.source_ids, corpus.source_offsets, pair) for pair in pairs]
    targets = [[_row(corpus.target_ids, corpus.target_offsets, pair)] for pair in pairs]
    if recipe.own_targets:
        found = teacher.n_best([spm.decode(source) for source in sources])
        targets = [_usable(spm, texts, n_target) for texts in found]
    rows = [
        (source, target, float(corpus.rate[pair]) / len(several))
        for pair, source, several in zip(pairs, sources, targets, strict=True)
        for target in several
    ]
    if not recipe.top_k:
        yield from (_Pair(source, target, rate, None, None) for source, target, rate in rows)
        return
    for first in range(0, len(rows), recipe.batch_pairs):
        yield from _judge(rows[first : first + recipe.batch_pairs], teacher, recipe)


def _judge(
    rows: list[tuple[list[int], list[int], float]], teacher: Teacher, recipe: LabelRecipe
) -> Iterator[_Pair]:
    """(source, target, rate) of some pairs, with the teacher's likeliest words."""
    ids, probabilities = teacher.step_probabilities(
        _padded([source for source, _, _ in rows]),
        _padded([target for _, target, _ in rows]),
        recipe.top_k,
        recipe.temperature,
    )
    for at, (source, target, rate) in enumerate(rows):
        kept = slice(0, len(target))
        yield _Pair(
            source,
            target,
            rate,
            ids[at, kept].numpy().astype(np.uint16),
            probabilities[at, kept].numpy().astype(np.float16),
        )


def _open(data_folder: Path, teacher: Teacher, folder: Path, recipe: LabelRecipe) -> LabelIndex:
    """The index of the folder, begun or as it stands; other labels may not be added to it."""
    vocabulary = file_hash(data_folder / "vocabulary.spm")
    search = str(teacher.search) if recipe.own_targets else "references"
    index = LabelIndex(teacher.name, vocabulary, recipe.top_k, recipe.temperature, search=search)
    if (folder / INDEX).is_file():
        standing = soft_labels.read_index(folder)
        for name in ("teacher", "vocabulary", "top_k", "temperature", "search"):
            before, now = getattr(standing, name), getattr(index, name)
            if before not in (now, ""):
                raise ConfigError(
                    f"{folder}: begun with {name} {before}, not {now}; go on with that, or name a new folder"
                )
        return standing
    folder.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        shutil.copyfile(data_folder / name, folder / name)
    soft_labels.write_index(folder, index)
    return index


def _arrays(pairs: list[_Pair], top_k: int) -> dict[str, np.ndarray]:
    arrays = {"rate": np.array([pair.rate for pair in pairs], np.float32)}
    for side in ("source", "target"):
        rows = [getattr(pair, side) for pair in pairs]
        arrays[f"{side}_ids"] = np.array([i for row in rows for i in row], np.uint16)
        arrays[f"{side}_lengths"] = np.array([len(row) for row in rows], np.uint16)
    if top_k:
        empty_ids, empty = np.zeros((0, top_k), np.uint16), np.zeros((0, top_k), np.float16)
        ids = [pair.ids for pair in pairs if pair.ids is not None]
        kept = [pair.probabilities for pair in pairs if pair.probabilities is not None]
        arrays["ids"] = np.concatenate([empty_ids, *ids])
        arrays["probabilities"] = np.concatenate([empty, *kept])
    return arrays


def _usable(
    spm: sentencepiece.SentencePieceProcessor, texts: Sequence[str | None], n_target: int
) -> list[list[int]]:
    """Different targets that the student can write, as ids."""
    encoded = (list(spm.encode(text, add_eos=True)) for text in dict.fromkeys(texts) if text)
    return [ids for ids in encoded if len(ids) > 1 and max(ids) < n_target]


def _row(ids: np.ndarray, offsets: np.ndarray, pair: int) -> list[int]:
    row: list[int] = ids[offsets[pair] : offsets[pair + 1]].tolist()
    return row


def _padded(rows: list[list[int]]) -> torch.Tensor:
    assert all(row[-1] == END_ID for row in rows)
    width = max(len(row) for row in rows)
    return torch.tensor([row + [PAD_ID] * (width - len(row)) for row in rows])
