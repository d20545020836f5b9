"""Workers on many machines: actors of a Ray cluster, supervised as the local ones are. Needs the extra `ray`.

What a trial taught (docs/adr/0010): work goes only to actors that have reported; of a dead actor's batches
only the oldest is suspect; machines that join are taken, those that leave cost what they had in hands.
"""

from __future__ import annotations

import contextlib
import pickle
import socket
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from batchtx import __version__
from batchtx.errors import BatchtxError, ConfigError, EngineError
from batchtx.executors.memory_use import peak_bytes
from batchtx.executors.retry import RetryPolicy
from batchtx.executors.ticket import Ticket, Tickets

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

_POLICY = RetryPolicy()
_HANDS = 2
_MAX_FAILED_STARTS = 3
_LEAST_WINDOW = 8
_WINDOW_PER_WORKER = 4
_COUNT_EVERY_S = 2.0  # how often the cluster is asked what it has
_PATIENCE_S = 1.0
_START_TIMEOUT_S = 300.0
_LOOPBACK = "127.0.0.1"


@dataclass(slots=True)
class _Hand:
    """One actor: `pending` is what it was asked and has not answered, the oldest first."""

    actor: Any
    ready: bool = False
    pending: deque[tuple[Any, Ticket[Any, Any] | None]] = field(default_factory=deque)
    busy_since: float = field(default_factory=time.monotonic)

    @property
    def tickets(self) -> list[Ticket[Any, Any]]:
        """The batches in its hands."""
        return [ticket for _, ticket in self.pending if ticket is not None]


class RayExecutor:
    """Supervised actors, one for each CPU of a cluster, or at most `n_workers`.

    Args:
        n_workers: actors at most; 0: as many as the cluster has CPUs, now and later.
        timeout_s: an actor that spends longer on one batch counts as hung and is replaced.
        address: of a cluster that runs ("auto", "10.0.0.1:6379"); "" starts one on this machine.
        policy: what becomes of a batch that an actor could not do.
    """

    def __init__(
        self, n_workers: int, timeout_s: float = 300.0, address: str = "", policy: RetryPolicy = _POLICY
    ) -> None:
        self._n_workers, self._timeout_s, self._address = n_workers, timeout_s, address
        self._tickets = Tickets(policy)
        self._hands: list[_Hand] = []
        self._n_cpus = 0
        self._counted_at = -_COUNT_EVERY_S
        self._failed_starts = 0
        self._peak_bytes = 0
        self._own_connection = False

    @property
    def peak_worker_bytes(self) -> int:
        """The largest resident memory that any actor reported."""
        return self._peak_bytes

    @property
    def worker_pids(self) -> list[int]:
        """Process numbers of the actors that are ready, on whatever machine."""
        import ray

        return list(ray.get([hand.actor.pid.remote() for hand in self._hands if hand.ready]))

    def map(
        self,
        build: Callable[[], Callable[[Sequence[ItemT]], list[ResultT]]],
        batches: Iterable[Sequence[ItemT]],
        give_up: Callable[[ItemT, str], ResultT],
    ) -> Generator[list[ResultT], None, None]:
        """Yields the results of each batch, in order.

        Raises:
            ConfigError: Ray is not installed, or there is no cluster at the address.
            EngineError: actors cannot be built (no model, another version).
        """
        source = iter(batches)
        waiting: deque[Ticket[ItemT, ResultT]] = deque()
        order: deque[Ticket[ItemT, ResultT]] = deque()
        exhausted = False
        try:
            while order or not exhausted:
                while not exhausted and len(order) < self._window():
                    batch = next(source, None)
                    if batch is None:
                        exhausted = True
                        break
                    order.append(ticket := self._tickets.new(batch))
                    if not ticket.items:
                        ticket.results = []
                        break  # let the caller collect what it knows before we read on
                    waiting.append(ticket)
                self._hand_out(waiting, build)
                while order and order[0].done():
                    yield order.popleft().gather()
                    self._hand_out(waiting, build)
                if order and not order[0].done():
                    self._collect(waiting, give_up)
        finally:
            self._stop()

    def _window(self) -> int:
        return max(_LEAST_WINDOW, _WINDOW_PER_WORKER * len(self._hands))

    # -- hiring

    def _hand_out(self, waiting: deque[Ticket[Any, Any]], build: Callable[[], Any]) -> None:
        if waiting:
            self._hire(len(waiting), build)
        for depth in range(_HANDS):
            for hand in self._hands:
                if waiting and hand.ready and len(hand.pending) == depth:
                    self._give(hand, waiting.popleft())

    def _hire(self, n_waiting: int, build: Callable[[], Any]) -> None:
        ray = self._connected()
        needed = n_waiting + sum(len(hand.pending) for hand in self._hands)
        wanted = min(needed, self._capacity(ray))
        while len(self._hands) < wanted:
            actor = ray.remote(_Actor).options(num_cpus=1, max_restarts=0).remote(pickle.dumps(build))
            hand = _Hand(actor)
            hand.pending.append((actor.report.remote(), None))
            self._hands.append(hand)

    def _capacity(self, ray: Any) -> int:
        """How many actors the cluster has room for; machines come and go, so it is asked again."""
        now = time.monotonic()
        if now - self._counted_at >= _COUNT_EVERY_S:
            self._counted_at = now
            self._n_cpus = int(ray.cluster_resources().get("CPU", 0))
        return min(self._n_workers or self._n_cpus, self._n_cpus)

    def _connected(self) -> Any:
        ray = _ray()
        if ray.is_initialized():
            return ray
        _look_for_cluster(self._address)
        here: dict[str, Any] = {"address": self._address}
        if not self._address:  # on loopback: nobody else shall reach it
            here = {"num_cpus": self._n_workers or None, "_node_ip_address": _LOOPBACK}
            here["include_dashboard"] = False
        variables = {"OMP_NUM_THREADS": "1"}  # one core for each actor
        try:
            ray.init(**here, runtime_env={"env_vars": variables}, log_to_driver=False, logging_level="error")
        except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise ConfigError(
                f"--executor ray: no cluster at {self._address or 'this machine'}: {reason}"
            ) from None
        self._own_connection = True
        return ray

    def _give(self, hand: _Hand, ticket: Ticket[Any, Any]) -> None:
        if not hand.pending:
            hand.busy_since = time.monotonic()
        data = pickle.dumps(ticket.items, pickle.HIGHEST_PROTOCOL)
        hand.pending.append((hand.actor.work.remote(data), ticket))

    # -- collecting

    def _collect(self, waiting: deque[Ticket[Any, Any]], give_up: Callable[[Any, str], Any]) -> None:
        """Wait until some actor answers, dies or is overdue, and deal with it."""
        ray = _ray()
        asked = {hand.pending[0][0]: hand for hand in self._hands if hand.pending}
        if not asked:  # the cluster has no room yet: a machine may join
            time.sleep(_PATIENCE_S / 4)
            return
        found, _ = ray.wait(list(asked), num_returns=1, timeout=_PATIENCE_S)
        for reference in found:
            self._listen(ray, asked[reference], waiting, give_up)
        for hand in list(self._hands):
            patience_s = self._timeout_s if hand.ready else max(self._timeout_s, _START_TIMEOUT_S)
            if hand.tickets and time.monotonic() - hand.busy_since > patience_s:
                self._bury(hand, waiting, give_up, f"no answer for {patience_s:g} s")

    def _listen(
        self, ray: Any, hand: _Hand, waiting: deque[Ticket[Any, Any]], give_up: Callable[[Any, str], Any]
    ) -> None:
        try:
            kind, message, peak = pickle.loads(ray.get(hand.pending[0][0]))
        except ray.exceptions.RayError as error:  # it died, or its machine did
            if not hand.ready and "node" not in str(error).lower():
                self._count_failed_start(str(error))
            self._bury(hand, waiting, give_up, "the worker process died")
            return
        _, ticket = hand.pending.popleft()
        hand.busy_since = time.monotonic()
        self._peak_bytes = max(self._peak_bytes, peak)
        if ticket is None:
            self._welcome(hand, kind, message)
        elif kind == "done":
            ticket.results = message
        else:
            self._tickets.halve(ticket, waiting, give_up, message)

    def _welcome(self, hand: _Hand, kind: str, message: Any) -> None:
        if kind == "refused":
            raise (
                message
                if isinstance(message, BatchtxError)
                else EngineError(f"a worker cannot start: {message}")
            )
        if message != __version__:
            raise EngineError(f"a machine of the cluster has batchtx {message}, here it is {__version__}")
        hand.ready, self._failed_starts = True, 0

    def _count_failed_start(self, reason: str) -> None:
        self._failed_starts += 1
        if self._failed_starts >= _MAX_FAILED_STARTS:
            first = (reason.splitlines() or [""])[0]
            raise EngineError(f"workers of the cluster die while they start: {first}")

    def _bury(
        self,
        hand: _Hand,
        waiting: deque[Ticket[Any, Any]],
        give_up: Callable[[Any, str], Any],
        reason: str,
    ) -> None:
        """Take a dead actor's batches back; the one that it was working on is suspect."""
        self._hands.remove(hand)
        with contextlib.suppress(Exception):  # it is dead already
            _ray().kill(hand.actor)
        self._counted_at = -_COUNT_EVERY_S
        tickets = hand.tickets
        waiting.extendleft(reversed(tickets[1:] if hand.ready else tickets))
        if hand.ready and tickets:
            suspect = tickets[0]
            self._tickets.blame(suspect, waiting, give_up, reason)

    def _stop(self) -> None:
        for hand in self._hands:
            with contextlib.suppress(Exception):
                _ray().kill(hand.actor)
        self._hands.clear()
        if self._own_connection:
            _ray().shutdown()
            self._own_connection = False


class _Actor:
    """Runs in the cluster: builds its work once, then does batches."""

    def __init__(self, build: bytes) -> None:
        self._error: object = None
        try:
            self._work = pickle.loads(build)()
        except Exception as error:
            self._error = error if isinstance(error, BatchtxError) else repr(error)

    def report(self) -> bytes:
        """Says that it is ready, and of which version; or why it cannot work."""
        answer = ("ready", __version__) if self._error is None else ("refused", self._error)
        return _answer(*answer)

    def pid(self) -> int:
        """The number of its process."""
        import os

        return os.getpid()

    def work(self, items: bytes) -> bytes:
        """Does a batch."""
        try:
            results = self._work(pickle.loads(items))
        except Exception as error:
            return _answer("raised", f"{type(error).__name__}: {error}")
        return _answer("done", results)


def _answer(kind: str, message: object) -> bytes:
    return pickle.dumps((kind, message, peak_bytes()), pickle.HIGHEST_PROTOCOL)


def _look_for_cluster(address: str) -> None:
    """Says at once that nobody listens there, which Ray would try for minutes.

    Raises:
        ConfigError: nobody does.
    """
    host, colon, port = address.rpartition(":")
    if not colon or "/" in address or not port.isdigit():
        return  # "auto", "ray://…", none: Ray knows
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_S * 5).close()
    except (OSError, OverflowError) as error:
        raise ConfigError(f"--executor ray: no cluster at {address}: {error}") from None


def _ray() -> Any:
    try:
        import ray
        import ray.exceptions
    except ImportError:
        raise ConfigError("--executor ray needs Ray: pip install 'batchtx[ray]'") from None
    return ray


def build(workers: int, timeout_s: float, address: str = "") -> RayExecutor:
    """Builds a supervisor of actors; nothing is connected before there is a batch."""
    return RayExecutor(workers, timeout_s, address)
