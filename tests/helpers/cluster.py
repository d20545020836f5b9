"""A Ray cluster of several raylets on this machine, for slow tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import pytest

from tests.helpers.command import ROOT

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="needs ray: pip install 'batchtx[ray]'")

_STORE_BYTES = 80 * 1024 * 1024


@contextmanager
def cluster(n_nodes: int) -> Iterator[Any]:
    """A cluster with one CPU for each raylet; the first one has the head. Without dashboard."""
    from ray.cluster_utils import Cluster

    before = dict(os.environ)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["RAY_DISABLE_IMPORT_WARNING"] = "1"
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    made = Cluster(initialize_head=False)
    try:
        for _ in range(n_nodes):
            add_node(made)
        yield made
    finally:
        made.shutdown()
        os.environ.clear()
        os.environ.update(before)


def add_node(made: Any) -> Any:
    """One more raylet."""
    return made.add_node(
        num_cpus=1,
        object_store_memory=_STORE_BYTES,
        include_dashboard=False,
    )
