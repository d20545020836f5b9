"""The adjustments of DOCX by the names that users give them: `row-heights` switches on, `no-fonts` off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from batchtx.errors import ConfigError
from batchtx.registry import unknown_message

_ON_OFF = {
    "language": "language",
    "fonts": "fonts",
    "emphasis": "emphasis",
    "numbering": "numbering",
    "properties": "properties",
    "formulas": "math_text",
    "index-entries": "index_entries",
    "ragged-cells": "ragged_cells",
    "fit-columns": "fit_columns",
    "row-heights": "row_heights",
    "text-boxes": "text_boxes",
    "autofit": "autofit",
    "alignment": "distribute",
    "indents": "first_line_indent",
    "spacing": "letter_spacing",
    "line-grid": "line_grid",
    "direction": "direction",
}
SWITCHES: dict[str, tuple[str, Any]] = {
    **{name: (field, True) for name, field in _ON_OFF.items()},
    **{f"no-{name}": (field, False) for name, field in _ON_OFF.items()},
    "alt-text": ("alt_text", "meaningful"),
    "no-alt-text": ("alt_text", "keep"),
}
"""Name of an adjustment → field of `DocxOptions` and its value."""


def switched(names: Sequence[str]) -> dict[str, Any]:
    """Returns the fields of `DocxOptions` that these adjustments set; the last word on each counts.

    Raises:
        ConfigError: no adjustment has that name; the nearest one is told.
    """
    for name in names:
        if name not in SWITCHES:
            raise ConfigError(unknown_message("DOCX adjustment", name, list(SWITCHES)))
    return dict(SWITCHES[name] for name in names)
