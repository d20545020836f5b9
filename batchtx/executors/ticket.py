"""A batch on its way through an executor: whole, or in halves that go their own ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


@dataclass(slots=True)
class Ticket(Generic[ItemT, ResultT]):
    """One batch, or a part of one. `deaths`: of how many workers it may have been the cause."""

    number: int
    items: Sequence[ItemT]
    deaths: int = 0
    results: list[ResultT] | None = None
    times: int = 1
    """So many empty batches came one after the other."""

    halves: tuple[Ticket[ItemT, ResultT], ...] = ()

    def done(self) -> bool:
        """Returns whether all of it has results."""
        return self.results is not None or (bool(self.halves) and all(half.done() for half in self.halves))

    def gather(self) -> list[ResultT]:
        """Returns the results in the order of the items."""
        if self.results is not None:
            return self.results
        return [result for half in self.halves for result in half.gather()]
