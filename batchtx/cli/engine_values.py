"""The engine that the options of a command describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batchtx.engines.spec import EngineSpec


def engine_spec(values: Mapping[str, Any]) -> EngineSpec:
    """Returns the engine of the options --engine, --model, --beam-size and their like."""
    from batchtx.engines.spec import EngineSpec

    return EngineSpec(
        values["engine"],
        values["model"],
        quantize=values["quantize"],
        beam_size=values["beam_size"],
        source_language=values["source_language"],
        target_language=values["target_language"],
    )
