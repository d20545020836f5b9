"""The estimate: a logistic model over `features`, its coefficients in a small file per language pair."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from batchtx.quality.features import FEATURES, features
from batchtx.records import Flag, Segment
from batchtx.text.inline_codes import without_codes

_STEEPEST = 30.0  # beyond, exp() has no more to say


@dataclass(frozen=True, slots=True)
class Estimator:
    """Turns a translation into the probability that it is fine.

    "Fine" is what the data of the fit called so: not among its worst fifth. A score under `low` is
    worth a flag. Without weights (no fit for the language pair) the score is the model's own mean
    probability per target token, and none is low.
    """

    bias: float = 0.0
    weights: tuple[float, ...] = ()
    low: float = 0.0

    def estimate(self, segment: Segment, target: str, confidence: float, flags: Sequence[Flag]) -> float:
        """Returns the risk, 0 to 1; `confidence` is the mean log-probability per target token in nats."""
        if not self.weights:
            return math.exp(min(0.0, confidence))
        values = features(without_codes(segment.source), without_codes(target), confidence, flags)
        risk = self.bias + sum(w * value for w, value in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(max(-_STEEPEST, min(_STEEPEST, risk))))


@cache
def estimator(source_language: str, target_language: str) -> Estimator:
    """Returns the estimator of a language pair."""
    file = resources.files("batchtx.quality") / f"{source_language}-{target_language}.json"
    return from_json(file.read_text(encoding="utf-8")) if file.is_file() else Estimator()


def from_json(text: str) -> Estimator:
    """Returns an estimator from the text of its file; ValueError when it was made for other features."""
    facts = json.loads(text)
    if tuple(facts["weights"]) != FEATURES:
        raise ValueError("coefficients for other features; fit them again: batchtx bench review --fit")
    return Estimator(facts["bias"], tuple(facts["weights"].values()), facts["low"])
