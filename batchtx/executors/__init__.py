"""Executors decide where batches run; they know nothing of translation."""

from __future__ import annotations

from inspect import signature
from typing import Any

from batchtx.errors import ConfigError
from batchtx.protocols import Executor
from batchtx.registry import resolve

EXECUTORS: dict[str, str] = {
    "serial": "batchtx.executors.serial:build",
    "local": "batchtx.executors.local:build",
    "ray": "batchtx.executors.ray:build",
}
"""Name → "module:function(workers, timeout_s)"; of other packages: entry points `batchtx.executors`. One that
takes an `address` too can be told where its cluster is."""

REMOTE = frozenset({"ray"})
"""Their workers may be on other machines: they count them themselves where nobody says (0 workers), and a
worker checks that it has the same model."""

DEFAULT_EXECUTOR = "local"
IN_PROCESS = "serial"
"""The one that needs no other process."""


def build_executor(name: str, workers: int, timeout_s: float, address: str = "") -> Executor:
    """Builds the executor of that name.

    Args:
        name: of the table, or of an installed package.
        workers: how many processes work side by side.
        timeout_s: after so many seconds a silent worker is replaced.
        address: of a cluster, for an executor that takes one.

    Raises:
        UnknownName: nobody provides it.
        ConfigError: it takes no address.
    """
    build: Any = resolve("executors", name, EXECUTORS)
    if address and "address" not in signature(build).parameters:
        raise ConfigError(f"--address {address}: the executor {name} has no cluster; add --executor ray")
    executor: Executor = build(workers, timeout_s, address) if address else build(workers, timeout_s)
    return executor
