"""One executor for many callers at once: its workers stay, and the callers' batches take turns.

with SharedExecutor(LocalExecutor(2)) as shared:
    lane = shared.lane("Li")  # an executor for one thread; other threads have others meanwhile
    for results in lane.map(build, batches, give_up): ...
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, TypeVar

from batchtx.protocols import Executor

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

_STOP_S = 10.0


class Interrupted(KeyboardInterrupt):
    """The caller of a lane was told to stop, as by Ctrl-C."""


class _Task:
    """A batch of a lane, and its results when they are there."""

    __slots__ = ("done", "items", "lane")

    def __init__(self, items: Sequence[Any], lane: Lane) -> None:
        self.items, self.lane = items, lane
        self.done: Future[list[Any]] = Future()

    def settle(self, found: list[Any] | BaseException) -> None:
        """Tells the caller, unless it was told before that it is to stop."""
        if self.done.done():
            return
        if isinstance(found, BaseException):
            self.done.set_exception(found)
        else:
            self.done.set_result(found)


class SharedExecutor:
    """Runs one `map` of an executor for all its lanes, as long as any of them has work.

    All callers must want the same worker. Groups of lanes (clients) take turns, and in a group its lanes.

    Args:
        executor: does the work; nobody else may use it.
        in_hand: batches of a lane that may be unfinished or not yet collected.
        idle_s: after so long without work the workers go; the next batch starts them again.
    """

    def __init__(self, executor: Executor, in_hand: int = 16, idle_s: float = 600.0) -> None:
        self._executor, self._idle_s = executor, idle_s
        self.in_hand = in_hand
        self._changed = threading.Condition()
        self._waiting: dict[str, dict[Lane, deque[_Task]]] = {}
        self._given: deque[_Task | None] = deque()
        self._thread: threading.Thread | None = None
        self._closed = False

    def lane(self, group: str = "") -> Lane:
        """Returns an executor for one caller of a group."""
        return Lane(self, group)

    def close(self) -> None:
        """Stops the workers; callers that wait are interrupted."""
        with self._changed:
            self._closed = True
            for task in (*self._all_waiting(), *self._given):
                if task is not None:
                    task.settle(Interrupted())
            self._waiting.clear()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(_STOP_S)

    def __enter__(self) -> SharedExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def peak_worker_bytes(self) -> int:
        """See `protocols.Executor`."""
        return self._executor.peak_worker_bytes

    def submit(self, task: _Task, build: Callable[[], Any], give_up: Callable[[Any, str], Any]) -> None:
        """Lets a batch wait for its turn.

        Raises:
            Interrupted: the executor is closed.
        """
        with self._changed:
            if self._closed:
                raise Interrupted
            self._waiting.setdefault(task.lane.group, {}).setdefault(task.lane, deque()).append(task)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=(build, give_up), name="dispatcher", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    def drop(self, tasks: Iterable[_Task], lane: Lane) -> None:
        """Lets go what a caller does not want any more; what a worker has in hand comes to its end."""
        with self._changed:
            lanes = self._waiting.get(lane.group, {})
            lanes.pop(lane, None)
            if not lanes:
                self._waiting.pop(lane.group, None)
            for task in tasks:
                task.settle(Interrupted())

    def _run(self, build: Callable[[], Any], give_up: Callable[[Any, str], Any]) -> None:
        """The dispatcher: one `map` after the other, each until nothing has come for a while."""
        while True:
            error: BaseException = Interrupted()
            results = self._executor.map(build, self._batches(), give_up)
            try:
                for found in results:
                    with self._changed:
                        task = self._given.popleft()
                        if task is not None:
                            task.settle(found)
                    if self._closed:
                        break
            except Exception as fault:
                error = fault
            finally:
                results.close()
            with self._changed:
                for task in self._given:
                    if task is not None:
                        task.settle(error)
                self._given.clear()
                if self._closed or not self._waiting:
                    self._thread = None
                    return

    def _batches(self) -> Iterator[Sequence[Any]]:
        """Batches as they get their turn; an empty one while there is none but others are unfinished."""
        while True:
            with self._changed:
                task = self._next()
                unfinished = any(one is not None for one in self._given)
                if task is None and not self._closed:
                    if not unfinished:
                        self._changed.wait_for(lambda: self._waiting or self._closed, self._idle_s)
                    task = self._next()
                if self._closed or (task is None and not unfinished):
                    return
                self._given.append(task)
            yield () if task is None else task.items

    def _next(self) -> _Task | None:
        """The batch whose turn it is; its group and lane go to the end of the queue."""
        if not self._waiting:
            return None
        group = next(iter(self._waiting))
        lanes = self._waiting.pop(group)
        lane = next(iter(lanes))
        tasks = lanes.pop(lane)
        task = tasks.popleft()
        if tasks:
            lanes[lane] = tasks
        if lanes:
            self._waiting[group] = lanes
        return task

    def _all_waiting(self) -> Iterator[_Task]:
        for lanes in self._waiting.values():
            for tasks in lanes.values():
                yield from tasks


class Lane:
    """An executor for one caller of a shared one; see `protocols.Executor`."""

    def __init__(self, shared: SharedExecutor, group: str) -> None:
        self.group = group
        self._shared = shared
        self._pending: deque[_Task] = deque()
        self._interrupted = threading.Event()

    def interrupt(self) -> None:
        """Breaks off the `map` of this lane with KeyboardInterrupt, from any thread."""
        self._interrupted.set()
        self._shared.drop(list(self._pending), self)

    def map(
        self,
        build: Callable[[], Callable[[Sequence[ItemT]], list[ResultT]]],
        batches: Iterable[Sequence[ItemT]],
        give_up: Callable[[ItemT, str], ResultT],
    ) -> Generator[list[ResultT], None, None]:
        """Yields the results of each batch, in order.

        Raises:
            EngineError: workers cannot be built.
            Interrupted: somebody called `interrupt`, or the shared executor was closed.
        """
        source = iter(batches)
        exhausted = False
        try:
            while self._pending or not exhausted:
                while not exhausted and len(self._pending) < self._shared.in_hand:
                    self._stop_if_told()
                    batch = next(source, None)
                    if batch is None:
                        exhausted = True
                        break
                    task = _Task(batch, self)
                    self._pending.append(task)
                    if not batch:
                        task.settle([])
                        break  # let the caller collect what it knows before we read on
                    self._shared.submit(task, build, give_up)
                while self._pending and (self._pending[0].done.done() or self._is_full(exhausted)):
                    self._stop_if_told()
                    yield self._pending[0].done.result()
                    self._pending.popleft()
        finally:
            self._shared.drop(list(self._pending), self)
            self._pending.clear()

    @property
    def peak_worker_bytes(self) -> int:
        """See `protocols.Executor`."""
        return self._shared.peak_worker_bytes

    def _is_full(self, exhausted: bool) -> bool:
        return exhausted or len(self._pending) >= self._shared.in_hand

    def _stop_if_told(self) -> None:
        if self._interrupted.is_set():
            raise Interrupted
