"""Release: export a checkpoint as a bundle, score it, write its card."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sentencepiece import SentencePieceProcessor
from transformers import PreTrainedModel

from batchtx.distill import folders
from batchtx.distill.data import pairs as data
from batchtx.distill.data.held_out import DEV
from batchtx.distill.nets import marian
from batchtx.distill.nets.network import Network
from batchtx.distill.nets.networks import build_network
from batchtx.distill.recipe import Recipe
from batchtx.distill.release import card, curve, export
from batchtx.distill.release.alignment_score import score_alignment
from batchtx.distill.release.capability_probes import Ability, measure_abilities, read_dictionary
from batchtx.distill.release.evaluate import BundleTranslator, EvaluationSet, SetScore, Speed, score
from batchtx.distill.teacher.network import save_teacher
from batchtx.distill.train.checkpoint import BEST, LAST, Position, load_position, load_weights
from batchtx.distill.train.metrics import lineage, read_metrics
from batchtx.errors import ConfigError
from batchtx.student.bundle import Bundle, load_bundle

SCORES = "scores.json"
_N_ABILITY_SEGMENTS = 300


@dataclass(frozen=True, slots=True)
class Release:
    """What to release: a run, the data it was trained on, and the sets to score on.

    With a dictionary (a pair file of glosses), abilities are measured on the held-out dev set too;
    with an alignment set (alignment_score.py), the alignment head is. weights: "average" or "weights" of
    the last checkpoint, or "best", the averaged weights with the best dev BLEU.
    """

    data_folder: Path
    run_folder: Path
    recipe: Recipe
    version: str
    date: str
    tests: tuple[EvaluationSet, ...] = ()
    beam_size: int = 4
    weights: str = "average"
    dictionary: Path | None = None
    alignment_set: Path | None = None
    compare_float32: bool = False


def load_network(release: Release):  # type: ignore[no-untyped-def]
    """Returns the trained network, and the position its weights are of."""
    best = release.weights == BEST
    folder = release.run_folder / (BEST if best else LAST)
    network = build_network(release.data_folder, release.recipe)
    network.load_state_dict(load_weights(folder, "average" if best else release.weights))
    return network.eval(), load_position(folder)


def release_bundle(release: Release, folder: Path) -> list[SetScore]:
    """Exports, scores and writes the card; the bundle in `folder` is replaced at the end."""
    if (architecture := release.recipe.network.architecture) != "transformer":
        raise ConfigError(f"CTranslate2 runs no {architecture}: write a transformers folder instead")
    network, position = load_network(release)
    model = marian.to_transformers(network, release.recipe)
    spm = release.data_folder / "vocabulary.spm"
    candidate = folder.with_name(folder.name + ".candidate")
    abilities = export.Abilities(alignment=_is_aligned(release))
    export.save_bundle(model, spm, candidate, release.recipe, abilities, "")
    bundle = load_bundle(candidate)
    scores, speed = score_bundle(bundle, release.tests, release.beam_size)
    measured = _measure_abilities(release, bundle, network)
    entry = _entry(release, position, scores, speed, measured)
    if release.compare_float32:
        entry["float32"] = [asdict(one) for one in _float32_scores(release, model, folder)]
    history = [*_history(folder), entry]
    folders.write_json(candidate / SCORES, {"format": 1, "versions": history})
    manifest = data.read_manifest(release.data_folder)
    text = card.write_card(release.recipe, manifest, history)
    (candidate / "MODEL_CARD.md").write_text(text, encoding="utf-8", newline="\n")
    curve.draw_curve(release.run_folder, candidate / "curve.svg")
    export.refresh_manifest(candidate, version=release.version)
    folders.put_in_place(candidate, folder)
    return scores


def release_checkpoint(release: Release, folder: Path) -> None:
    """Writes the same weights as a float16 transformers folder."""
    network, _ = load_network(release)
    if release.recipe.network.architecture == "csanmt":
        save_teacher(network, release.data_folder / "vocabulary.spm", folder, release.recipe)
        return
    if release.recipe.network.architecture == "lstm":
        model: PreTrainedModel = network
    else:
        model = marian.to_transformers(network, release.recipe)
    marian.save_transformers(model, release.data_folder / "vocabulary.spm", folder, release.recipe)


def score_bundle(
    bundle: Bundle, tests: Sequence[EvaluationSet], beam_size: int, compute_type: str | None = None
) -> tuple[list[SetScore], Speed]:
    """Scores of all sets. Segments that stand in several sets are translated once."""
    translator = BundleTranslator(bundle, beam_size, compute_type)
    sources = list(dict.fromkeys(source for test in tests for source in test.sources))
    hypotheses, speed = translator.translate(sources)
    known = dict(zip(sources, hypotheses, strict=True))
    scores = [
        score(test, [known[source] for source in test.sources], bundle.target_language) for test in tests
    ]
    return scores, speed


def _entry(
    release: Release,
    position: Position,
    scores: Sequence[SetScore],
    speed: Speed,
    abilities: Sequence[Ability],
) -> dict[str, object]:
    return {
        "version": release.version,
        "date": release.date,
        **lineage(release.run_folder),
        "position": asdict(position),
        "weights": release.weights,
        "aligned": _is_aligned(release),
        "beam_size": release.beam_size,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "tokens_per_s_one_thread": round(speed.tokens_per_s, 1),
        "pieces": list(read_metrics(release.run_folder, "start")),
        "abilities": [asdict(one) for one in abilities],
        "scores": [asdict(one) for one in scores],
    }


def _is_aligned(release: Release) -> bool:
    """True when a stage that the weights went through trained the alignment head, or the one before them."""
    pieces = read_metrics(release.run_folder, "start")
    past = lineage(release.run_folder)
    if not past["start"] and not any(piece.get("aligned", True) for piece in pieces):
        return False  # the pairs had no links, whatever the recipe asks for
    names = [*past["stages"], "mle"] if past["start"] else past["stages"]
    return any(getattr(release.recipe, name).alignment_weight > 0 for name in names)


def _measure_abilities(release: Release, bundle: Bundle, network: Network) -> list[Ability]:
    abilities = []
    if release.dictionary is not None:
        translator = BundleTranslator(bundle, release.beam_size)
        glosses, dev = read_dictionary(release.dictionary), release.data_folder / DEV
        abilities += measure_abilities(translator, dev, glosses, _N_ABILITY_SEGMENTS)
    if release.alignment_set is not None:
        spm = SentencePieceProcessor(model_file=str(release.data_folder / "vocabulary.spm"))
        found = score_alignment(network, spm, release.alignment_set)
        abilities.append(Ability("words aligned (hand-checked links)", found.n_links, found.n_right))
    return abilities


def _float32_scores(release: Release, model: PreTrainedModel, folder: Path) -> list[SetScore]:
    """Scores of the same weights without quantisation, on the sets that are not of one domain."""
    whole = [test for test in release.tests if "/" not in test.name]
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        exact = Path(beside) / "float32"
        spm = release.data_folder / "vocabulary.spm"
        export.save_bundle(model, spm, exact, release.recipe, export.Abilities(), "", "float32")
        return score_bundle(load_bundle(exact), whole, release.beam_size)[0]


def _history(folder: Path) -> list[dict[str, object]]:
    path = folder / SCORES
    if not path.is_file():
        return []
    return list(json.loads(path.read_text(encoding="utf-8"))["versions"])
