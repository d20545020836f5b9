"""Engines turn text into text. Each has a `build(spec)` that is called once in every worker."""

from __future__ import annotations

from collections.abc import Callable

from batchtx.engines.spec import EngineSpec
from batchtx.protocols import Engine
from batchtx.registry import resolve

ENGINES: dict[str, str] = {
    "ctranslate2": "batchtx.engines.ctranslate2:build",
    "torch": "batchtx.engines.torch:build",
    "echo": "batchtx.engines.echo:build",
    "pseudo": "batchtx.engines.pseudo:build",
}


def build_engine(spec: EngineSpec) -> Engine:
    """Load the engine that `spec` describes, in this process.

    Raises:
        UnknownName: no such engine.
        ModelError: its model cannot be loaded.
    """
    build: Callable[[EngineSpec], Engine] = resolve("engines", spec.engine, ENGINES)
    return build(spec)
