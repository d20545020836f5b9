"""Does the review sheet show the bad segments first? Fits the quality estimate, and measures it.

Quality is measured as segment-level chrF against a reference: blunt, but blind to what the estimate
sees. Bad is the worst fifth; for the fit that of each group of texts, so that the estimate learns what
a bad sentence looks like, and not which texts are hard.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from batchtx.bench.qe_fit import Booleans, auc, calibration_error, fit_logistic, found_in_top, worst
from batchtx.bench.tables import markdown
from batchtx.bench.term_sets import read_columns, read_pairs
from batchtx.engines.spec import EngineSpec
from batchtx.errors import ConfigError
from batchtx.quality.estimate import Estimator, from_json
from batchtx.quality.features import FEATURES, features
from batchtx.records import Flag, Outcome, Segment, Translation
from batchtx.review.sheet import risk
from batchtx.worker.worker import Worker, WorkSpec

_BATCH = 256
_BAD_SHARE = 0.2
_LEAST_SENTENCES = 50
_FLAGGED_SHARE = 0.75
"""Share of the bad sentences of the fit whose score is low enough for a flag."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with a person's translation; `group` is what kind of text it is from."""

    source: str
    reference: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One set: the worker's outcomes (score: the model's mean log-probability) with measured quality."""

    name: str
    groups: tuple[str, ...]
    segments: tuple[Segment, ...]
    outcomes: tuple[Outcome, ...]
    quality: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well the bad segments of a set were found; `sheet` is in the order of the review sheet."""

    name: str
    n_segments: int
    chrf: float
    auc_confidence: float
    auc: float
    found_confidence: float
    found: float
    sheet: float
    calibration_error: float
    estimate_us: float


def read_set(path: Path) -> list[Example]:
    """Returns a TSV of source and reference, before them the group if any; or X for the files X.zh and
    X.en.
    """
    if path.is_file():
        return [Example(row[-2], row[-1], row[-3] if len(row) > 2 else "") for row in read_columns(path)]
    source, reference = (path.with_name(f"{path.name}.{end}") for end in ("zh", "en"))
    if not source.is_file():
        raise ConfigError(f"{path}: neither a TSV nor a pair of files with .zh and .en")
    return [Example(pair.source, pair.reference) for pair in read_pairs(source, reference)]


def judge(path: Path, spec: EngineSpec) -> Judged:
    """Translates a set and measures each segment's quality."""
    from sacrebleu import sentence_chrf

    examples = read_set(path)
    segments = [Segment(path.name, f"{n}", "", 0, example.source) for n, example in enumerate(examples)]
    worker = Worker(WorkSpec(spec, estimate=False))
    outcomes: list[Outcome] = []
    for start in range(0, len(segments), _BATCH):
        outcomes += worker(segments[start : start + _BATCH])
    scored = [n for n, outcome in enumerate(outcomes) if outcome.score is not None]
    if len(scored) < _LEAST_SENTENCES:
        raise ConfigError(f"{path}: {len(scored)} sentences with a score are too few; give more")
    quality = [sentence_chrf(outcomes[n].target, [examples[n].reference]).score for n in scored]
    return Judged(
        path.name,
        tuple(examples[n].group for n in scored),
        tuple(segments[n] for n in scored),
        tuple(outcomes[n] for n in scored),
        tuple(quality),
    )


def fit(sets: Sequence[Judged], about: str) -> str:
    """Returns the coefficients file for these sets, as JSON text."""
    values = np.array([_values(judged, n) for judged in sets for n in range(len(judged.outcomes))])
    bad = np.concatenate([_bad_in_group(judged) for judged in sets])
    bias, weights = fit_logistic(values, bad)
    scores = 1.0 / (1.0 + np.exp(bias + values @ weights))
    facts: dict[str, Any] = {
        "about": about,
        "data": {judged.name: len(judged.outcomes) for judged in sets},
        "bias": round(bias, 6),
        "low": round(float(np.quantile(scores[bad], _FLAGGED_SHARE)), 3),
        "weights": {name: round(float(w), 6) for name, w in zip(FEATURES, weights, strict=True)},
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def rank(judged: Judged, coefficients: str) -> Ranking:
    """Returns how well an estimate with these coefficients finds the worst fifth of a set."""
    estimator = from_json(coefficients)
    started = time.perf_counter()
    scores = [_estimate(estimator, judged, n) for n in range(len(judged.outcomes))]
    elapsed_s = time.perf_counter() - started
    bad = worst(judged.quality, _BAD_SHARE)
    risks = [1.0 - score for score in scores]
    confidence = [-(outcome.score or 0.0) for outcome in judged.outcomes]
    low = Flag("low_confidence", "")
    rows = [
        risk(
            Translation(
                segment, outcome.target, "mt", score, outcome.flags + (low,) * (score < estimator.low)
            )
        )
        for segment, outcome, score in zip(judged.segments, judged.outcomes, scores, strict=True)
    ]
    return Ranking(
        name=judged.name,
        n_segments=len(scores),
        chrf=float(np.mean(judged.quality)),
        auc_confidence=auc(confidence, bad),
        auc=auc(risks, bad),
        found_confidence=found_in_top(confidence, bad, _BAD_SHARE),
        found=found_in_top(risks, bad, _BAD_SHARE),
        sheet=found_in_top(rows, bad, _BAD_SHARE),
        calibration_error=calibration_error(risks, bad),
        estimate_us=elapsed_s / len(scores) * 1e6,
    )


def table(rankings: Sequence[Ranking]) -> str:
    """Returns the rankings as a table; shares in percent."""
    columns = (
        "set", "segments", "chrF", "AUC confidence", "AUC estimate", "worst 20 % in the top 20 %: confidence",
        "estimate", "sheet", "calibration error", "µs",
    )  # fmt: skip
    rows = []
    for r in rankings:
        shares = [f"{value * 100:.1f}" for value in (r.found_confidence, r.found, r.sheet)]
        cells = [r.name, f"{r.n_segments:,}", f"{r.chrf:.1f}", f"{r.auc_confidence:.3f}", f"{r.auc:.3f}"]
        rows.append([*cells, *shares, f"{r.calibration_error:.3f}", f"{r.estimate_us:.0f}"])
    return "\n".join(markdown(columns, rows))


def _bad_in_group(judged: Judged) -> Booleans:
    """Which segments are among the worst fifth of their group."""
    groups, quality = np.asarray(judged.groups), np.asarray(judged.quality)
    bad = np.zeros(len(groups), dtype=np.bool_)
    for group in set(judged.groups):
        bad[groups == group] = worst(quality[groups == group], _BAD_SHARE)
    return bad


def _values(judged: Judged, number: int) -> tuple[float, ...]:
    segment, outcome = judged.segments[number], judged.outcomes[number]
    return features(segment.source, outcome.target, outcome.score or 0.0, outcome.flags)


def _estimate(estimator: Estimator, judged: Judged, number: int) -> float:
    segment, outcome = judged.segments[number], judged.outcomes[number]
    return estimator.estimate(segment, outcome.target, outcome.score or 0.0, outcome.flags)
