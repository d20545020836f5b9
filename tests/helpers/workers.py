"""Work for executor tests: importable, so that spawned processes find it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

Work = Callable[[Sequence[str]], list[str]]


def build_upper() -> Work:
    return lambda batch: [item.upper() for item in batch]


def build_moody() -> Work:
    """Upper case; "die" kills the process, "raise" raises, "hang" sleeps for ever."""

    def work(batch: Sequence[str]) -> list[str]:
        if "die" in batch:
            os.kill(os.getpid(), signal.SIGKILL)
        if "raise" in batch:
            raise ValueError("bad item")
        if "hang" in batch:
            time.sleep(3600)
        return [item.upper() for item in batch]

    return work


def build_dying_once(flag: str) -> Callable[[], Work]:
    """The first worker that sees "frail" dies, later ones manage; `flag` is a file that remembers."""
    return partial(_build_dying_once, flag)


def _build_dying_once(flag: str) -> Work:
    def work(batch: Sequence[str]) -> list[str]:
        if "frail" in batch and not Path(flag).exists():
            Path(flag).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return [item.upper() for item in batch]

    return work


def build_never() -> Work:
    raise RuntimeError("no model here")


def build_large() -> Work:
    """Results far larger than a pipe's buffer."""
    return lambda batch: [item * 1_000_000 for item in batch]


def give_up(item: str, reason: str) -> str:
    return f"gave up on {item}: {reason}"


def build_for_ever() -> Work:
    time.sleep(3600)
    raise AssertionError("not reached")


def build_slow() -> Work:
    """Upper case, a moment for each batch."""

    def work(batch: Sequence[str]) -> list[str]:
        time.sleep(0.01)
        return [item.upper() for item in batch]

    return work


def build_who() -> Work:
    """Tells which worker it is: another one each time it is built."""
    name = f"{os.getpid()} {time.monotonic_ns()}"
    return lambda batch: [name] * len(batch)
