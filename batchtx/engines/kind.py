"""What batchtx knows of an engine before it is loaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineKind:
    """An engine by what it needs and can; light, so that nothing is loaded to ask it.

        ENGINE = EngineKind("my-engine", builder="my_package.engine:build")  # build(EngineSpec) -> Engine

    Args:
        name: as in --engine and in signatures.
        builder: the function that loads it in a worker, "module:function".
        needs_model: whether --model means anything to it.
        reads_bundles: whether it opens batchtx's own bundles, which carry hashes and languages.
        reads_hub: whether a model may be a name on the Hugging Face hub ("owner/name").
        max_batch: segments that go to a worker at once; few for a slow engine, so that a batch stays
            well under the worker time-out and progress is seen.
    """

    name: str
    builder: str
    needs_model: bool = True
    reads_bundles: bool = False
    reads_hub: bool = False
    max_batch: int = 512


CTRANSLATE2 = EngineKind("ctranslate2", "batchtx.engines.ctranslate2:build", reads_bundles=True)
TORCH = EngineKind("torch", "batchtx.engines.torch:build", reads_hub=True, max_batch=16)
ECHO = EngineKind("echo", "batchtx.engines.echo:build", needs_model=False)
PSEUDO = EngineKind("pseudo", "batchtx.engines.pseudo:build", needs_model=False)
