"""The engine that gives every source back: for tests, and to prove that a format loses nothing."""

from __future__ import annotations

from collections.abc import Sequence

from batchtx.engines.spec import EngineSpec
from batchtx.records import Hypothesis, Link


class EchoEngine:
    """Target = source."""

    translates = False
    placeholders = True
    inline_terms = False
    max_source_tokens = 1 << 30

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        """Returns the sources, aligned with themselves character by character."""
        return [
            Hypothesis(
                text, alignment=tuple(Link(i, i + 1, i, i + 1) for i in range(len(text))) if align else None
            )
            for text in sources
        ]

    def count_tokens(self, source: str) -> int:
        """Returns one token per character."""
        return len(source)


def build(spec: EngineSpec) -> EchoEngine:
    """Returns an echo engine; `spec` is not needed."""
    return EchoEngine()
