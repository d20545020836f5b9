"""The training curve of a run as an SVG picture: loss, and dev BLEU if there is any, over target tokens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from batchtx.distill.train.metrics import read_metrics

_WIDTH, _HEIGHT, _MARGIN = 720, 400, 56
_KINDS = (("train", "#8aa4c8"), ("dev", "#c0392b"))
_BLEU_COLOUR = "#2e8b57"
_N_TICKS = 5

Point = tuple[float, float]


def draw_curve(run_folder: Path, path: Path) -> None:
    """Writes the negative log-likelihood of training and of the held-out pairs, and their BLEU."""
    lines = {
        kind: [(figures["tokens"] / 1e6, figures["nll"]) for figures in read_metrics(run_folder, kind)]
        for kind, _ in _KINDS
    }
    points = [point for line in lines.values() for point in line] or [(0.0, 0.0)]
    right, top = (max(side) or 1.0 for side in zip(*points, strict=True))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        *_axes(right, top),
    ]
    for at, (kind, colour) in enumerate(_KINDS):
        parts.append(_polyline([_place(point, right, top) for point in lines[kind]], colour))
        parts.append(f'<text x="{_WIDTH - 150}" y="{_MARGIN + 18 * at}" fill="{colour}">{kind}</text>')
    parts += _bleu(run_folder, right)
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8", newline="\n")


def _axes(right: float, top: float) -> list[str]:
    parts = [
        f'<text x="{_WIDTH / 2:.0f}" y="{_HEIGHT - 12}">million target tokens seen</text>',
        '<text x="12" y="24">nats per target token</text>',
    ]
    for tick in range(_N_TICKS + 1):
        share = tick / _N_TICKS
        x, _ = _place((right * share, 0.0), right, top)
        _, y = _place((0.0, top * share), right, top)
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _MARGIN + 18}">{right * share:.1f}</text>')
        parts.append(f'<text x="16" y="{y:.1f}">{top * share:.1f}</text>')
        parts.append(f'<path d="M{_MARGIN} {y:.1f}H{_WIDTH - _MARGIN}" stroke="#e5e5e5"/>')
    return parts


def _bleu(run_folder: Path, right: float) -> list[str]:
    """Dev BLEU with its own axis on the right; nothing where none was measured."""
    dev = read_metrics(run_folder, "dev")
    line = [(figures["tokens"] / 1e6, figures["bleu"]) for figures in dev if "bleu" in figures]
    if not line:
        return []
    top = max(1.0, *(y for _, y in line))
    parts = [_polyline([_place(point, right, top) for point in line], _BLEU_COLOUR)]
    for tick in range(_N_TICKS + 1):
        _, y = _place((0.0, top * tick / _N_TICKS), right, top)
        label = f"{top * tick / _N_TICKS:.1f}"
        parts.append(f'<text x="{_WIDTH - _MARGIN + 8}" y="{y:.1f}" fill="{_BLEU_COLOUR}">{label}</text>')
    name_y = _MARGIN + 18 * len(_KINDS)
    parts.append(f'<text x="{_WIDTH - 150}" y="{name_y}" fill="{_BLEU_COLOUR}">dev BLEU, greedy</text>')
    return parts


def _place(point: Point, right: float, top: float) -> Point:
    x, y = point
    width, height = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    return _MARGIN + width * x / right, _HEIGHT - _MARGIN - height * y / top


def _polyline(points: Sequence[Point], colour: str) -> str:
    text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
