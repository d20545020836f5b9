"""What runs inside a worker process: receive batches, do them, send results.

Messages to the worker:  (ticket, batch).  None, or the end of the pipe, ends the worker at once,
so that workers never outlive a killed parent.
Messages from the worker: ("ready",), ("refused", error), ("done", ticket, results, peak_bytes),
("raised", ticket, reason).
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any

from batchtx.errors import BatchtxError
from batchtx.executors.memory_use import peak_bytes
from batchtx.executors.messages import receive, send


def serve(connection: Any, build: Callable[[], Callable[[Sequence[Any]], list[Any]]]) -> None:
    """Serves batches until the other side ends: the main function of a worker process."""
    _leave_signals_to_the_parent()
    inbox: queue.SimpleQueue[tuple[int, Sequence[Any]]] = queue.SimpleQueue()
    # A thread empties the pipe: the parent never blocks on sending while we send to it.
    threading.Thread(target=_receive, args=(connection, inbox), daemon=True).start()
    try:
        work = build()
    except Exception as error:
        send(connection, ("refused", error if isinstance(error, BatchtxError) else repr(error)))
        return
    send(connection, ("ready",))
    while True:
        ticket, batch = inbox.get()
        try:
            results = work(batch)
        except Exception as error:
            send(connection, ("raised", ticket, f"{type(error).__name__}: {error}"))
        else:
            send(connection, ("done", ticket, results, peak_bytes()))


def _receive(connection: Any, inbox: queue.SimpleQueue[tuple[int, Sequence[Any]]]) -> None:
    while True:
        try:
            message = receive(connection)
        except (EOFError, OSError):
            message = None
        if message is None:
            os._exit(0)
        inbox.put(message)


def _leave_signals_to_the_parent() -> None:
    """Ctrl-C goes to the whole process group; only the parent decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
