"""Everything in this process, one batch after the other: for tests, debugging and tiny jobs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, TypeVar

from batchtx.executors.memory_use import peak_bytes
from batchtx.executors.retry import RetryPolicy

_POLICY = RetryPolicy()

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class SerialExecutor:
    """Runs batches where it is called. An item that kills the process kills the run.

    Args:
        policy: what becomes of a batch that raised.
        keep: what was built once is kept for later calls, which must want the same.
        between: is called after each batch; it may use the executor for other calls.
    """

    def __init__(
        self,
        policy: RetryPolicy = _POLICY,
        *,
        keep: bool = False,
        between: Callable[[], None] | None = None,
    ) -> None:
        self._policy, self._keep, self._between = policy, keep, between
        self._kept: Callable[[Sequence[Any]], list[Any]] | None = None

    def map(
        self,
        build: Callable[[], Callable[[Sequence[ItemT]], list[ResultT]]],
        batches: Iterable[Sequence[ItemT]],
        give_up: Callable[[ItemT, str], ResultT],
    ) -> Generator[list[ResultT], None, None]:
        """Yields the results of each batch, in order."""
        work: Callable[[Sequence[ItemT]], list[ResultT]] | None = self._kept
        for batch in batches:
            if batch and work is None:
                work = build()
                self._kept = work if self._keep else None
            results = self._attempt(work, batch, give_up) if work and batch else []
            if results and self._between is not None:
                self._between()
            yield results

    @property
    def peak_worker_bytes(self) -> int:
        """Peak memory of this very process."""
        return peak_bytes()

    def _attempt(
        self,
        work: Callable[[Sequence[ItemT]], list[ResultT]],
        batch: Sequence[ItemT],
        give_up: Callable[[ItemT, str], ResultT],
    ) -> list[ResultT]:
        try:
            return work(batch)
        except Exception as error:
            halves = self._policy.halves(batch)
            if halves is None:
                return [give_up(batch[0], f"{type(error).__name__}: {error}")]
        return [result for half in halves for result in self._attempt(work, half, give_up)]


def build(workers: int, timeout_s: float) -> SerialExecutor:
    """Builds an executor that is one process and waits as long as it takes."""
    return SerialExecutor()
