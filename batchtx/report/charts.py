"""Bar charts as inline SVG, for the report page."""

from __future__ import annotations

import html
from collections.abc import Mapping

from batchtx.cells import escape
from batchtx.messages import told

_BAR = "#3b6fb6"
_WIDTH = 440
_HEIGHT = 170
_BASE = 130
_ROW = 22
_LABEL = 130


def columns(title: str, counts: Mapping[str, int]) -> str:
    """Returns upright bars, one for each step; every fifth step has its name underneath."""
    width = _WIDTH / max(1, len(counts))
    most = max(counts.values(), default=0) or 1
    parts = [f'<line x1="0" y1="{_BASE}" x2="{_WIDTH}" y2="{_BASE}" stroke="#5b6675"/>']
    for number, (step, count) in enumerate(counts.items()):
        name = html.escape(escape(step))
        left, height = number * width, (_BASE - 20) * count / most
        parts.append(
            f'<rect x="{left + 1:.1f}" y="{_BASE - height:.1f}" width="{width - 2:.1f}" '
            f'height="{height:.1f}" fill="{_BAR}"><title>{name}: {count:,}</title></rect>'
        )
        if number % 5 == 0:
            parts.append(f'<text x="{left:.1f}" y="{_BASE + 16}">{name}</text>')
    parts.append(f'<text x="{_WIDTH}" y="{_BASE + 16}" text-anchor="end">1</text>')
    parts.append(f'<text x="0" y="12">{most:,}</text>')
    return _figure(title, _HEIGHT - 15, parts, counts)


def rows(title: str, counts: Mapping[str, int], colours: Mapping[str, str] | None = None) -> str:
    """Returns lying bars with name and count, in the order given."""
    most = max(counts.values(), default=0) or 1
    room = _WIDTH - _LABEL - 60
    parts = []
    for number, (name, count) in enumerate(counts.items()):
        top, length = number * _ROW, room * count / most
        colour = (colours or {}).get(name, _BAR)
        parts.append(
            f'<text x="{_LABEL - 6}" y="{top + 15}" text-anchor="end">{html.escape(escape(name))}</text>'
            f'<rect x="{_LABEL}" y="{top + 4}" width="{length:.1f}" height="{_ROW - 8}" fill="{colour}"/>'
            f'<text x="{_LABEL + length + 5:.1f}" y="{top + 15}">{count:,}</text>'
        )
    if not parts:
        parts.append('<text x="0" y="15">' + told("none") + "</text>")
    return _figure(title, max(1, len(counts)) * _ROW, parts, counts)


def _figure(title: str, height: int, parts: list[str], counts: Mapping[str, int]) -> str:
    """A drawing, and its values as text for who cannot see it, or wants them exactly."""
    drawn = "".join(parts)
    label = html.escape(title)
    said = "".join(
        f'<tr><th scope="row">{html.escape(escape(name))}</th><td class="n">{count:,}</td></tr>'
        for name, count in counts.items()
    )
    values = f'<details class="values"><summary>{told("Values")}</summary><table>{said}</table></details>'
    return (
        f'<figure><figcaption>{label}</figcaption><svg viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{label}" font-size="13" font-family="sans-serif">{drawn}</svg>'
        f"{values if said else ''}</figure>"
    )
