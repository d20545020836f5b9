"""How a teacher searches for its targets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchRecipe:
    """Beam search, or sampling when sample_temperature is above 0."""

    beam_size: int = 4
    length_exponent: float = 0.6
    max_target_tokens: int = 100
    sample_temperature: float = 0.0
