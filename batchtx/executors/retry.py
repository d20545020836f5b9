"""What becomes of a batch that a worker could not do: one policy for every executor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """A batch that raised is halved at once: it would raise again. One whose worker died or hung is
    handed out whole `tries` times, as the death may have been another's fault; then it is halved, and a
    half of a deadly batch has one try. An item that stands alone is given up.
    """

    tries: int = 2

    def hand_out_again(self, deaths: int) -> bool:
        """Tells whether a batch that `deaths` workers died of is handed out whole once more."""
        return deaths < self.tries

    def deaths_of_half(self, deaths: int) -> int:
        """Returns how many deaths count against each half of a batch."""
        return self.tries - 1 if deaths else 0

    def halves(self, items: Sequence[ItemT]) -> tuple[Sequence[ItemT], Sequence[ItemT]] | None:
        """Returns the two halves of a batch, in order; None for an item that stands alone."""
        if len(items) == 1:
            return None
        middle = len(items) // 2
        return items[:middle], items[middle:]
