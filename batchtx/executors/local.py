"""Worker processes on this machine, supervised: a dead or hung worker costs one batch's time.

`multiprocess.Pool` loses the task of a killed worker and waits for ever, and pulls its input
without bound; hence this small supervisor: one pipe per worker, `connection.wait`, a bounded window.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from batchtx.errors import BatchtxError, EngineError
from batchtx.executors.messages import receive, send
from batchtx.executors.retry import RetryPolicy
from batchtx.executors.ticket import Ticket, Tickets
from batchtx.executors.worker import serve

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

_POLICY = RetryPolicy()
_HANDS = 2  # batches in a worker's hands: one at work, one waiting, so that it never idles
_MAX_FAILED_STARTS = 3
_PAUSE_S = 0.02
"""So long it waits for workers while the source of batches may have another one any time."""

_START_TIMEOUT_S = 300.0  # loading a large model from a cold disk takes minutes


@dataclass(slots=True)
class _Worker:
    process: Any
    connection: Any
    ready: bool = False
    tickets: deque[Ticket[Any, Any]] = field(default_factory=deque)
    busy_since: float = 0.0


_NO_GUARD = (
    'a script that translates with workers must do so under if __name__ == "__main__":, because each worker '
    "runs the script once more; or take SerialExecutor"
)


class LocalExecutor:
    """Supervised `multiprocess` workers.

    Args:
        n_workers: processes to run.
        timeout_s: a worker that spends longer on one batch counts as hung and is replaced.
        start_method: "spawn" or "forkserver"; never "fork" (threads do not survive it).
        window: batches that may be unfinished or not yet collected; None: 4 per worker.
        policy: what becomes of a batch that a worker could not do.
    """

    def __init__(
        self,
        n_workers: int,
        timeout_s: float = 300.0,
        start_method: str = "spawn",
        window: int | None = None,
        policy: RetryPolicy = _POLICY,
    ) -> None:
        self._tickets = Tickets(policy)
        self._n_workers = n_workers
        self._timeout_s = timeout_s
        self._start_method = start_method
        self._window = window or 4 * n_workers
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._peak_bytes = 0

    @property
    def peak_worker_bytes(self) -> int:
        """The largest resident memory that any worker reported."""
        return self._peak_bytes

    @property
    def worker_pids(self) -> list[int]:
        """Process numbers of the workers alive now."""
        return [worker.process.pid for worker in self._workers]

    def map(
        self,
        build: Callable[[], Callable[[Sequence[ItemT]], list[ResultT]]],
        batches: Iterable[Sequence[ItemT]],
        give_up: Callable[[ItemT, str], ResultT],
    ) -> Generator[list[ResultT], None, None]:
        """Yields the results of each batch, in order.

        Raises:
            EngineError: workers cannot be built (no model, no memory).
        """
        source = iter(batches)
        waiting: deque[Ticket[ItemT, ResultT]] = deque()  # not yet in a worker's hands
        order: deque[Ticket[ItemT, ResultT]] = deque()  # not yet yielded
        exhausted = False
        try:
            while order or not exhausted:
                while not exhausted and len(order) < self._window:
                    batch = next(source, None)
                    if batch is None:
                        exhausted = True
                        break
                    if not batch:
                        self._note_empty(order)
                        break  # let the caller collect what it knows before we read on
                    order.append(self._tickets.new(batch))
                    waiting.append(order[-1])
                self._hand_out(waiting, build)
                while order and order[0].done():
                    ticket = order.popleft()
                    for _ in range(ticket.times):
                        yield ticket.gather()
                        self._hand_out(waiting, build)
                if order and not order[0].done():
                    self._collect(waiting, give_up, soon=not order[-1].items)
        finally:
            self._stop()

    def _note_empty(self, order: deque[Ticket[Any, Any]]) -> None:
        """Empty batches in a row are one ticket: a source that has nothing now may say so often."""
        if order and not order[-1].items:
            order[-1].times += 1
            return
        order.append(self._tickets.new(()))
        order[-1].results = []

    def _hand_out(self, waiting: deque[Ticket[Any, Any]], build: Callable[[], Any]) -> None:
        while waiting and len(self._workers) < min(self._n_workers, self._needed(waiting)):
            self._workers.append(self._start(build))
        for depth in range(_HANDS):  # first one batch each, then the second
            for worker in self._workers:
                if waiting and len(worker.tickets) == depth:
                    self._send(worker, waiting.popleft(), waiting)

    def _needed(self, waiting: deque[Ticket[Any, Any]]) -> int:
        return len(waiting) + sum(len(worker.tickets) for worker in self._workers)

    def _send(self, worker: _Worker, ticket: Ticket[Any, Any], waiting: deque[Ticket[Any, Any]]) -> None:
        try:
            send(worker.connection, (ticket.number, ticket.items))
        except OSError:  # it died just now; _collect sees the end of its pipe
            waiting.appendleft(ticket)
            return
        if not worker.tickets:
            worker.busy_since = time.monotonic()
        worker.tickets.append(ticket)

    def _start(self, build: Callable[[], Any]) -> _Worker:
        from multiprocess import get_context

        if _inside_worker():
            raise EngineError(_NO_GUARD)
        context = get_context(self._start_method)
        try:
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, build), daemon=True)
            process.start()
        except OSError as error:  # a limit on open files, processes or memory
            raise EngineError(f"a worker cannot be started ({error.strerror}); try fewer --workers") from None
        theirs.close()
        return _Worker(process, ours, busy_since=time.monotonic())

    def _collect(
        self, waiting: deque[Ticket[Any, Any]], give_up: Callable[[Any, str], Any], *, soon: bool
    ) -> None:
        """Wait until some worker speaks, dies or is overdue, and deal with it; `soon`: not for long."""
        from multiprocess.connection import wait

        by_connection = {worker.connection: worker for worker in self._workers}
        ready = wait(list(by_connection), timeout=_PAUSE_S if soon else min(1.0, self._timeout_s / 4))
        for connection in ready:
            worker = by_connection[connection]
            try:
                self._listen(worker, waiting, give_up)
            except (EOFError, OSError):
                self._bury(worker, waiting, give_up, "the worker process died")
        for worker in list(self._workers):
            patience_s = self._timeout_s if worker.ready else max(self._timeout_s, _START_TIMEOUT_S)
            if worker.tickets and time.monotonic() - worker.busy_since > patience_s:
                worker.process.kill()
                self._bury(worker, waiting, give_up, f"no answer for {patience_s:g} s")

    def _listen(
        self, worker: _Worker, waiting: deque[Ticket[Any, Any]], give_up: Callable[[Any, str], Any]
    ) -> None:
        while worker.connection.poll():
            kind, *message = receive(worker.connection)
            if kind == "ready":
                worker.ready, worker.busy_since, self._failed_starts = True, time.monotonic(), 0
            elif kind == "refused":
                error = message[0]
                raise (
                    error
                    if isinstance(error, BatchtxError)
                    else EngineError(f"a worker cannot start: {error}")
                )
            else:
                ticket = worker.tickets.popleft()
                worker.busy_since = time.monotonic()
                if kind == "done":
                    ticket.results = message[1]
                    self._peak_bytes = max(self._peak_bytes, message[2])
                else:
                    self._tickets.halve(ticket, waiting, give_up, message[1])

    def _bury(
        self,
        worker: _Worker,
        waiting: deque[Ticket[Any, Any]],
        give_up: Callable[[Any, str], Any],
        reason: str,
    ) -> None:
        """Take a dead worker's batches back; the one that it was working on is suspect."""
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join(timeout=5)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= _MAX_FAILED_STARTS:
                raise EngineError(
                    f"workers die or hang while they start (exit code {worker.process.exitcode}); "
                    f"{_why_dead()}"
                )
        suspects = list(worker.tickets)
        for ticket in reversed(suspects[1:] if worker.ready else suspects):
            waiting.appendleft(ticket)
        if worker.ready and suspects:
            suspect = suspects[0]
            self._tickets.blame(suspect, waiting, give_up, reason)

    def _stop(self) -> None:
        with _undisturbed():
            for worker in self._workers:
                worker.process.terminate()
                worker.connection.close()
            for worker in self._workers:
                worker.process.join(timeout=2)
                if worker.process.is_alive():
                    worker.process.kill()
                    worker.process.join(timeout=5)
            self._workers.clear()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Lets no further Ctrl-C break what ends the workers; only the main thread is ever interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def _inside_worker() -> bool:
    """Whether this is a worker that only just runs the script that started it once more."""
    from multiprocess import current_process

    return bool(getattr(current_process(), "_inheriting", False))


def _why_dead() -> str:
    """What is probably wrong, and the way out."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    try:
        text = Path(script).read_text(encoding="utf-8", errors="replace") if script else ""
    except OSError:
        text = ""
    if text and "__main__" not in text and "-m" not in sys.orig_argv[:2]:
        return f"{script}: {_NO_GUARD}"
    return "is there enough memory? Try fewer --workers"


def build(workers: int, timeout_s: float) -> LocalExecutor:
    """Builds a supervisor of so many processes; none starts before there is a batch."""
    return LocalExecutor(workers, timeout_s)
