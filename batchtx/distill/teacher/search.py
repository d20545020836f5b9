"""How a teacher searches for its targets."""

from __future__ import annotations

from dataclasses import dataclass

from batchtx.errors import ConfigError


@dataclass(frozen=True, slots=True)
class SearchRecipe:
    """Beam search, or sampling when sample_temperature is above 0.

    n_best hypotheses of each source are wanted: the best of the beam, or so many samples.
    """

    beam_size: int = 4
    length_exponent: float = 0.6
    max_target_tokens: int = 100
    sample_temperature: float = 0.0
    n_best: int = 1

    def __post_init__(self) -> None:
        if not self.sample_temperature and self.n_best > self.beam_size:
            raise ConfigError(f"a beam of {self.beam_size} has no {self.n_best} best; raise --beam-size")
