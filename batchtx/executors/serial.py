"""Everything in this process, one batch after the other: for tests, debugging and tiny jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from batchtx.executors.memory_use import peak_bytes

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class SerialExecutor:
    """Runs batches where it is called. An item that kills the process kills the run."""

    def map(
        self,
        build: Callable[[], Callable[[Sequence[ItemT]], list[ResultT]]],
        batches: Iterable[Sequence[ItemT]],
        give_up: Callable[[ItemT, str], ResultT],
    ) -> Iterator[list[ResultT]]:
        """Yield the results of each batch, in order."""
        work: Callable[[Sequence[ItemT]], list[ResultT]] | None = None
        for batch in batches:
            if batch and work is None:
                work = build()
            yield _attempt(work, batch, give_up) if work and batch else []

    @property
    def peak_worker_bytes(self) -> int:
        """Peak memory of this very process."""
        return peak_bytes()


def _attempt(
    work: Callable[[Sequence[ItemT]], list[ResultT]],
    batch: Sequence[ItemT],
    give_up: Callable[[ItemT, str], ResultT],
) -> list[ResultT]:
    try:
        return work(batch)
    except Exception as error:
        if len(batch) == 1:
            return [give_up(batch[0], f"{type(error).__name__}: {error}")]
    middle = len(batch) // 2
    return _attempt(work, batch[:middle], give_up) + _attempt(work, batch[middle:], give_up)


def build(workers: int, timeout_s: float) -> SerialExecutor:
    """Builds an executor that is one process and waits as long as it takes."""
    return SerialExecutor()
