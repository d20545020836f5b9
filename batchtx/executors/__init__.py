"""Executors decide where batches run; they know nothing of translation."""

from __future__ import annotations

from typing import Any

from batchtx.protocols import Executor
from batchtx.registry import resolve

EXECUTORS: dict[str, str] = {
    "serial": "batchtx.executors.serial:build",
    "local": "batchtx.executors.local:build",
}
"""Name → "module:function(workers, timeout_s)"; of other packages: entry points `batchtx.executors`."""

DEFAULT_EXECUTOR = "local"
IN_PROCESS = "serial"
"""The one that needs no other process."""


def build_executor(name: str, workers: int, timeout_s: float) -> Executor:
    """Builds the executor of that name.

    Args:
        name: of the table, or of an installed package.
        workers: how many processes work side by side.
        timeout_s: after so many seconds a silent worker is replaced.

    Raises:
        UnknownName: nobody provides it.
    """
    build: Any = resolve("executors", name, EXECUTORS)
    executor: Executor = build(workers, timeout_s)
    return executor
