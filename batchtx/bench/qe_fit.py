"""Fits the quality estimate by logistic regression, and tells how well a ranking finds what is bad."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_STEPS = 50
_RIDGE = 5.0  # on standardised features; any value from 1 to 20 gives the same figures to 0.005


def fit_logistic(values: Floats, bad: Booleans, ridge: float = _RIDGE) -> tuple[float, Floats]:
    """Bias and weights of P(bad) = 1 / (1 + exp(-(bias + values · weights))).

    Args:
        values: [segments, features], as they are; they are standardised inside.
        bad: [segments].
        ridge: penalty on the standardised weights.
    """
    mean, deviation = values.mean(axis=0), values.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(values)), (values - mean) / deviation])
    penalty = np.diag([0.0, *[ridge] * values.shape[1]])
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        risk = 1.0 / (1.0 + np.exp(-(design @ weights)))
        gradient = design.T @ (risk - bad) + penalty @ weights
        curvature = (design * (risk * (1.0 - risk))[:, None]).T @ design + penalty
        weights -= np.linalg.solve(curvature, gradient)
    raw = weights[1:] / deviation
    return float(weights[0] - raw @ mean), raw


def worst(quality: Sequence[float] | Floats, share: float) -> Booleans:
    """Returns which segments are the worst `share` by measured quality; at least one."""
    order = np.argsort(np.asarray(quality), kind="stable")
    bad = np.zeros(len(order), dtype=np.bool_)
    bad[order[: max(1, round(share * len(order)))]] = True
    return bad


def auc(doubt: Sequence[float], bad: Booleans) -> float:
    """Returns the probability that a bad segment is doubted more than another (Mann-Whitney; ties count
    half).
    """
    doubts = np.asarray(doubt)
    ordered = np.sort(doubts)
    ranks = (np.searchsorted(ordered, doubts) + np.searchsorted(ordered, doubts, side="right") + 1) / 2
    n_bad = int(bad.sum())
    n_pairs = n_bad * (len(bad) - n_bad)
    return float((ranks[bad].sum() - n_bad * (n_bad + 1) / 2) / n_pairs) if n_pairs else 0.5


def found_in_top(doubt: Sequence[float], bad: Booleans, share: float) -> float:
    """Returns the share of the bad segments among the `share` that are doubted most."""
    top = np.argsort(-np.asarray(doubt), kind="stable")[: max(1, round(share * len(bad)))]
    return float(bad[top].sum() / bad.sum())


def calibration_error(risk: Sequence[float], bad: Booleans, n_bins: int = 10) -> float:
    """Returns the mean gap between the risk that was told and the share that was bad (expected calibration
    error).
    """
    risks = np.asarray(risk)
    bins = np.minimum((risks * n_bins).astype(int), n_bins - 1)
    gaps = [abs(risks[bins == n].sum() - bad[bins == n].sum()) for n in range(n_bins)]
    return float(sum(gaps) / len(risks))
