"""What a worker needs to know to build its engine: small and picklable."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_ENGINE = "ctranslate2"
DEFAULT_MODEL = "zh-en"
"""Name of the bundle that ships with batchtx."""


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """Describes an engine.

    Args:
        engine: name of the engine.
        model: folder, bundle name or hub name; "" for engines without one.
        quantize: torch only: int8 dynamic quantisation of linear and LSTM layers.
        compute_type: ctranslate2 only: "int8", "float32" …; "" for what the bundle says.
        beam_size: hypotheses that are followed side by side; 1 is greedy.
        max_batch: segments that go to a worker at once; None: as the engine likes it.
        source_language, target_language: "" for those of the model.
    """

    engine: str = DEFAULT_ENGINE
    model: str = DEFAULT_MODEL
    quantize: bool = False
    compute_type: str = ""
    beam_size: int = 4
    max_batch: int | None = None
    source_language: str = ""
    target_language: str = ""
