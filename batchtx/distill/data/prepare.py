"""From pair files to a training folder: held-out sets, vocabulary, encoded pairs, manifest.

The folder holds manifest.json, vocabulary.spm, dev.tsv, test.tsv (domain, source, target) and
encoded/NAME.npz.
"""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice, pairwise
from pathlib import Path

import sentencepiece

from batchtx.distill import folders
from batchtx.distill.data import augment, vocabulary
from batchtx.distill.data import pairs as data
from batchtx.distill.data.cut_vocabulary import cut_vocabulary
from batchtx.distill.data.held_out import held_out_rows, write_held_out
from batchtx.distill.data.pairs import SentencePair
from batchtx.distill.nets import pretrained
from batchtx.distill.nets.encoders import load_encoder
from batchtx.distill.recipe import Recipe

DICTIONARY_SOURCE = "dictionary-entries"
ANNOTATED_SOURCE = "annotated-copies"
NUMBER_SOURCE = "number-copies"
JOINED_SOURCE = "joined-copies"
_MOST_TERMS = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SourceCount:
    """What became of one data source."""

    name: str
    domain: str
    licence: str
    repository: str
    n_pairs: int
    n_kept: int
    n_target_tokens: int
    rate: float


@dataclass(frozen=True, slots=True)
class EncodeTask:
    """All that a worker needs to encode one source."""

    path: Path
    folder: Path
    recipe: Recipe
    n_target: int


def take_vocabulary(folder: Path, checkpoint: Path) -> None:
    """Puts the vocabulary of a transformers folder into a training folder, before `prepare`."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = json.loads((checkpoint / "target_vocab.json").read_text(encoding="utf-8"))
    shutil.copyfile(checkpoint / "source.spm", folder / "vocabulary.spm")
    folders.write_json(folder / "vocabulary.json", {"n_target": len(pieces)})


def prepare(pairs_folder: Path, folder: Path, recipe: Recipe, workers: int = 1) -> None:
    """Builds the training folder; an existing vocabulary in it is kept."""
    (folder / "encoded").mkdir(parents=True, exist_ok=True)
    files = {data.source_name(path): path for path in data.pair_files(pairs_folder)}
    held_out = dict(recipe.data.held_out)
    write_held_out(files, folder, recipe.data)
    training = [
        path for name, path in files.items() if name not in held_out and name not in recipe.data.exclude
    ]
    spm, size_file = folder / "vocabulary.spm", folder / "vocabulary.json"
    if not size_file.exists():
        sources, targets = _sample(training, recipe)
        _log.info("making the vocabulary from %d pairs", len(sources))
        n_target = _make_vocabulary(sources, targets, recipe, spm)
        folders.write_json(size_file, {"n_target": n_target})
    n_target = json.loads(size_file.read_text(encoding="utf-8"))["n_target"]
    if recipe.data.term_dictionary:
        training.append(files[recipe.data.term_dictionary])
    training.sort(key=lambda path: -path.stat().st_size)
    tasks = [EncodeTask(path, folder, recipe, n_target) for path in training]
    with ProcessPoolExecutor(workers) as pool:
        counts = sorted(pool.map(encode_source, tasks), key=lambda count: count.name)
    if recipe.augment.annotated_pairs:
        counts.append(encode_annotated(tasks))
    if recipe.augment.number_pairs:
        counts.append(encode_numbers(tasks))
    if recipe.augment.joined_pairs:
        counts.append(encode_joined(tasks))
    table = read_source_table(pairs_folder / "SOURCES.md")
    entries = [asdict(count) | table.get(count.name, {}) for count in counts]
    n_source = sentencepiece.SentencePieceProcessor(model_file=str(spm)).get_piece_size()
    sizes = {"n_source": n_source, "n_target": n_target}
    folders.write_json(
        folder / "manifest.json", {"format": 1, **sizes, "recipe": asdict(recipe), "sources": entries}
    )


def _make_vocabulary(sources: list[str], targets: list[str], recipe: Recipe, spm: Path) -> int:
    """A vocabulary of the data's own, or cut out of the pretrained encoder, whose part is put beside it."""
    if not recipe.network.encoder:
        return vocabulary.train_vocabulary(sources, targets, recipe.vocabulary, spm)
    encoder = load_encoder(recipe.network.encoder)
    n_target = cut_vocabulary(encoder, sources, targets, recipe.vocabulary, spm)
    pretrained.save_part(encoder, vocabulary.pieces_of(spm), recipe.network.encoder_layers, spm.parent)
    return n_target


def reweigh(folder: Path, recipe: Recipe, name: str) -> None:
    """Gives the sources of a prepared folder the weights of another recipe, under its name.

    Used for the last part of a training: the cleanest text last.
    """
    manifest = data.read_manifest(folder)
    for entry in manifest["sources"]:
        entry["rate"] = recipe.data.weight(entry["name"])
    folders.write_json(folder / "manifest.json", manifest | {"weights": name})


def encode_source(task: EncodeTask) -> SourceCount:
    """Samples, augments and encodes one source; pairs that do not fit are left out and counted."""
    name = data.source_name(task.path)
    recipe = task.recipe
    is_dictionary = name == recipe.data.term_dictionary
    rng = data.source_random(recipe.data.seed, name)
    glosses = _load_glosses(task) if recipe.augment.terms or is_dictionary else {}
    if is_dictionary:
        name = DICTIONARY_SOURCE
        pairs = list(augment.dictionary_pairs(glosses, recipe.augment.dictionary_entries, rng))
    else:
        pairs = list(_training_pairs(task.path, recipe))
    changed = [augment.augment(pair, recipe.augment, glosses, rng) for pair in pairs]
    return _encode(task, name, changed)


def encode_annotated(tasks: list[EncodeTask]) -> SourceCount:
    """Returns extra copies of pairs with terms annotated, as the last source: they teach obedience."""
    task, recipe = tasks[0], tasks[0].recipe
    rng = data.source_random(recipe.data.seed, ANNOTATED_SOURCE)
    glosses, pool = _load_glosses(task), _good_pairs(tasks)
    copies: list[SentencePair] = []
    for pair in rng.sample(pool, len(pool)):
        swapped = recipe.augment.annotated_swapped
        new = augment.with_terms(pair, glosses, swapped, _MOST_TERMS, rng)
        if new.source == pair.source:
            continue
        if rng.random() < recipe.augment.annotated_placeholders:
            new = augment.with_placeholders(new, rng)
        copies.append(new)
        if len(copies) == recipe.augment.annotated_pairs:
            break
    return _encode(task, ANNOTATED_SOURCE, copies)


def encode_numbers(tasks: list[EncodeTask]) -> SourceCount:
    """Returns extra copies of pairs with other numbers in them: they teach copying digit by digit."""
    recipe = tasks[0].recipe
    rng = data.source_random(recipe.data.seed, NUMBER_SOURCE)
    pool = _good_pairs(tasks)
    changed = ((pair, augment.with_numbers(pair, rng)) for pair in rng.sample(pool, len(pool)))
    copies = (new for pair, new in changed if new != pair)
    return _encode(tasks[0], NUMBER_SOURCE, list(islice(copies, recipe.augment.number_pairs)))


def encode_joined(tasks: list[EncodeTask]) -> SourceCount:
    """Returns extra copies of pairs, each with the one behind it: they teach long segments."""
    recipe = tasks[0].recipe
    languages = (recipe.data.source_language, recipe.data.target_language)
    rng = data.source_random(recipe.data.seed, JOINED_SOURCE)
    neighbours = list(pairwise(_good_pairs(tasks)))
    long = (augment.joined(*two, languages) for two in rng.sample(neighbours, len(neighbours)))
    copies = (pair for pair in long if pair is not None)
    return _encode(tasks[0], JOINED_SOURCE, list(islice(copies, recipe.augment.joined_pairs)))


def _good_pairs(tasks: list[EncodeTask]) -> list[SentencePair]:
    """The pairs of all sources of weight 1 and more."""
    recipe = tasks[0].recipe
    names = sorted(one.path for one in tasks if data.source_name(one.path) != recipe.data.term_dictionary)
    good = [path for path in names if recipe.data.weight(data.source_name(path)) >= 1.0]
    return [pair for path in good for pair in _training_pairs(path, recipe)]


def _encode(task: EncodeTask, name: str, pairs: list[SentencePair]) -> SourceCount:
    """Write the pairs that fit as the source `name`."""
    recipe = task.recipe
    processor = sentencepiece.SentencePieceProcessor(model_file=str(task.folder / "vocabulary.spm"))
    encoded = zip(
        processor.encode([pair.source for pair in pairs], add_eos=True, num_threads=1),
        processor.encode([pair.target for pair in pairs], add_eos=True, num_threads=1),
        strict=True,
    )
    kept = [pair for pair in encoded if _fits(pair, recipe, task.n_target)]
    data.save_encoded(task.folder / "encoded" / f"{name}.npz", kept)
    n_tokens = sum(len(target) for _, target in kept)
    _log.info("%s: %d of %d pairs, %d target tokens", name, len(kept), len(pairs), n_tokens)
    return SourceCount(name, "", "", "", len(pairs), len(kept), n_tokens, recipe.data.weight(name))


def _training_pairs(path: Path, recipe: Recipe) -> Iterable[SentencePair]:
    left_out = held_out_rows(path, recipe.data)
    pairs = [pair for row, pair in enumerate(data.read_pairs(path)) if row not in left_out]
    cap = recipe.data.cap(data.source_name(path))
    if cap is None or cap >= len(pairs):
        return pairs
    return data.source_random(recipe.data.seed, f"{path.name}/cap").sample(pairs, cap)


def _fits(pair: tuple[list[int], list[int]], recipe: Recipe, n_target: int) -> bool:
    source, target = pair
    longest, shortest = max(len(source), len(target)), min(len(source), len(target))
    return (
        shortest > 1
        and longest <= recipe.data.max_tokens
        and longest <= recipe.data.max_ratio * shortest + 8
        and max(target) < n_target
        and vocabulary.UNKNOWN_ID not in source
    )


def _sample(files: list[Path], recipe: Recipe) -> tuple[list[str], list[str]]:
    """Pairs for the vocabulary, drawn by the weights of the sources."""
    rng = random.Random(recipe.data.seed)
    pool: list[SentencePair] = []
    for path in files:
        rate = recipe.data.weight(data.source_name(path))
        pool.extend(pair for pair in _training_pairs(path, recipe) if rng.random() < rate)
    chosen = rng.sample(pool, min(recipe.vocabulary.sample, len(pool)))
    return [pair.source for pair in chosen], [pair.target for pair in chosen]


def _load_glosses(task: EncodeTask) -> dict[str, tuple[str, ...]]:
    name = task.recipe.data.term_dictionary
    if name is None:
        return {}
    return augment.read_glosses(data.read_pairs(task.path.with_name(name + data.PAIR_SUFFIX)))


def read_source_table(path: Path) -> dict[str, dict[str, str]]:
    """Returns domain, licence and repository of each source, from the Markdown table beside the data."""
    if not path.is_file():
        return {}
    table = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 6:
            table[cells[0]] = {"domain": cells[2], "licence": cells[4], "repository": cells[5]}
    return table
