"""Engines turn text into text. Each has a `build(spec)` that is called once in every worker."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from batchtx.engines.kind import EngineKind
from batchtx.engines.spec import EngineSpec
from batchtx.protocols import Engine
from batchtx.registry import resolve

ENGINES: dict[str, str] = {
    "ctranslate2": "batchtx.engines.kind:CTRANSLATE2",
    "torch": "batchtx.engines.kind:TORCH",
    "echo": "batchtx.engines.kind:ECHO",
    "pseudo": "batchtx.engines.kind:PSEUDO",
}
"""Name → "module:record" of its `EngineKind`; of other packages: entry points `batchtx.engines`."""


def find_engine(name: str) -> EngineKind:
    """Returns what is known of the engine of that name.

    Raises:
        UnknownName: no such engine; the message names the nearest known one.
    """
    return cast(EngineKind, resolve("engines", name, ENGINES))


def build_engine(spec: EngineSpec) -> Engine:
    """Loads the engine that `spec` describes, in this process.

    Raises:
        UnknownName: no such engine.
        ModelError: its model cannot be loaded.
    """
    module, _, function = find_engine(spec.engine).builder.partition(":")
    build: Callable[[EngineSpec], Engine] = getattr(import_module(module), function)
    return build(spec)
