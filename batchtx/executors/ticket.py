"""A batch on its way through an executor: whole, or in halves that go their own ways."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from batchtx.executors.retry import RetryPolicy

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


class Tickets:
    """Makes tickets, and decides by one policy what becomes of one that a worker could not do."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._last_number = 0

    def new(self, items: Sequence[ItemT]) -> Ticket[ItemT, Any]:
        """Makes a ticket with a number of its own."""
        self._last_number += 1
        return Ticket(self._last_number, items)

    def blame(
        self,
        suspect: Ticket[Any, Any],
        waiting: deque[Ticket[Any, Any]],
        give_up: Callable[[Any, str], Any],
        reason: str,
    ) -> None:
        """Counts a worker's death against its batch, which goes out again, whole or in halves."""
        suspect.deaths += 1
        if self._policy.hand_out_again(suspect.deaths):
            waiting.appendleft(suspect)
        else:
            self.halve(suspect, waiting, give_up, reason)

    def halve(
        self,
        ticket: Ticket[Any, Any],
        waiting: deque[Ticket[Any, Any]],
        give_up: Callable[[Any, str], Any],
        reason: str,
    ) -> None:
        """Puts the halves of a batch first in line; an item that stands alone is given up."""
        halves = self._policy.halves(ticket.items)
        if halves is None:
            ticket.results = [give_up(ticket.items[0], reason)]
            return
        ticket.halves = (self.new(halves[0]), self.new(halves[1]))
        for half in ticket.halves:
            half.deaths = self._policy.deaths_of_half(ticket.deaths)
        waiting.extendleft(reversed(ticket.halves))
