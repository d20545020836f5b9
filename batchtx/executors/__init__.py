"""Executors decide where batches run; they know nothing of translation."""

from __future__ import annotations

EXECUTORS: dict[str, str] = {
    "serial": "batchtx.executors.serial:SerialExecutor",
    "local": "batchtx.executors.local:LocalExecutor",
}
