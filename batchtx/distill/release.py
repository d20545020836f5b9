"""Release: export a checkpoint as a bundle, score it, write its card."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from batchtx.distill import card, data, export, folders
from batchtx.distill.checkpoint import LAST, Checkpoint, load_checkpoint
from batchtx.distill.evaluate import BundleTranslator, EvaluationSet, Score, Speed, score
from batchtx.distill.recipe import Recipe
from batchtx.distill.stages.loop import build_network
from batchtx.student.bundle import Bundle, load_bundle

SCORES = "scores.json"


@dataclass(frozen=True, slots=True)
class Release:
    """What to release: a training folder, a run in it, the sets to score on, and the figures
    that the card cannot find out itself."""

    data_folder: Path
    run_folder: Path
    recipe: Recipe
    version: str
    date: str
    tests: tuple[EvaluationSet, ...] = ()
    beam_size: int = 4
    weights: str = "average"


def load_network(release: Release):  # type: ignore[no-untyped-def]
    """The trained network and its checkpoint."""
    checkpoint = load_checkpoint(release.run_folder / LAST)
    network = build_network(release.data_folder, release.recipe)
    network.load_state_dict(getattr(checkpoint, release.weights))
    return network.eval(), checkpoint


def release_bundle(release: Release, folder: Path) -> list[Score]:
    """Export, score and write the card; the bundle in `folder` is replaced at the end."""
    network, checkpoint = load_network(release)
    model = export.to_marian(network, release.recipe)
    spm = release.data_folder / "vocabulary.spm"
    candidate = folder.with_name(folder.name + ".candidate")
    abilities = export.Abilities(alignment=release.recipe.mle.alignment_weight > 0)
    export.save_bundle(model, spm, candidate, release.recipe, abilities, "")
    bundle = load_bundle(candidate)
    scores, speed = score_bundle(bundle, release.tests, release.beam_size)
    history = [*_history(folder), _entry(release, checkpoint, scores, speed)]
    folders.write_json(candidate / SCORES, {"format": 1, "versions": history})
    manifest = data.read_manifest(release.data_folder)
    text = card.write_card(release.recipe, manifest, history)
    (candidate / "MODEL_CARD.md").write_text(text, encoding="utf-8", newline="\n")
    export.refresh_manifest(candidate, version=release.version)
    folders.put_in_place(candidate, folder)
    return scores


def release_checkpoint(release: Release, folder: Path) -> None:
    """Write the same weights as a float16 transformers folder."""
    network, _ = load_network(release)
    model = export.to_marian(network, release.recipe)
    export.save_transformers(model, release.data_folder / "vocabulary.spm", folder, release.recipe)


def score_bundle(
    bundle: Bundle, tests: Sequence[EvaluationSet], beam_size: int, compute_type: str | None = None
) -> tuple[list[Score], Speed]:
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
    release: Release, checkpoint: Checkpoint, scores: Sequence[Score], speed: Speed
) -> dict[str, object]:
    return {
        "version": release.version,
        "date": release.date,
        "stage": "mle",
        "position": asdict(checkpoint.position),
        "weights": release.weights,
        "beam_size": release.beam_size,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "tokens_per_s_one_thread": round(speed.tokens_per_s, 1),
        "scores": [asdict(one) for one in scores],
    }


def _history(folder: Path) -> list[dict[str, object]]:
    path = folder / SCORES
    if not path.is_file():
        return []
    return list(json.loads(path.read_text(encoding="utf-8"))["versions"])
