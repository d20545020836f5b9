"""What an engine and its model are called in signatures, without loading them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from batchtx.engines import find_engine
from batchtx.engines.model_files import bundle_folder, unknown_model
from batchtx.engines.spec import EngineSpec
from batchtx.errors import ModelError, UnknownName
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET

_WEIGHT_FILES = (
    "model.bin",
    "model.safetensors",
    "pytorch_model.bin",
    "*.safetensors",
    "*.spm",
    "config.json",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """An engine and its model, for signatures and `batchtx info`."""

    engine: str
    model: str
    decoding: str
    source_language: str
    target_language: str


def describe_engine(spec: EngineSpec) -> Identity:
    """Returns name, model hash and decoding of what `spec` describes; checks the hashes of a bundle.

    Raises:
        UnknownName: no such engine.
        ModelError: no such model, or a damaged one.
    """
    kind = find_engine(spec.engine)
    if not kind.needs_model:
        return _identity(spec, "", "")
    bundle = bundle_folder(spec.model)
    if bundle is not None and kind.reads_bundles:
        return _of_bundle(bundle, spec)
    folder = Path(spec.model)
    if folder.is_dir():
        return _identity(spec, f"{folder.name}@{_hash_folder(folder)}", _decoding(spec))
    if bundle is not None:
        raise UnknownName(
            f"the engine {spec.engine} cannot read the shipped model {spec.model}; name a folder with --model"
        )
    if kind.reads_hub and not spec.model.startswith((".", "/")) and "/" in spec.model:
        return _identity(spec, spec.model, _decoding(spec))
    raise UnknownName(unknown_model(spec.model))


def _identity(spec: EngineSpec, model: str, decoding: str) -> Identity:
    """For models that do not tell their languages: those asked for, else batchtx's first pair."""
    return Identity(
        engine=f"{spec.engine}-int8" if spec.quantize else spec.engine,
        model=model,
        decoding=decoding,
        source_language=spec.source_language or DEFAULT_SOURCE,
        target_language=spec.target_language or DEFAULT_TARGET,
    )


def _of_bundle(folder: Path, spec: EngineSpec) -> Identity:
    from batchtx.student.bundle import MANIFEST, load_bundle

    bundle = load_bundle(folder)
    asked = spec.source_language or bundle.source_language, spec.target_language or bundle.target_language
    if asked != (bundle.source_language, bundle.target_language):
        knows = f"{bundle.source_language} → {bundle.target_language}"
        raise ModelError(
            f"{bundle.name} translates {knows}, not {asked[0]} → {asked[1]}; choose another --model"
        )
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()[:8]
    return Identity(
        engine=f"{spec.engine}-{spec.compute_type or bundle.compute_type}",
        model=f"{bundle.name}@{digest}",
        decoding=_decoding(spec),
        source_language=bundle.source_language,
        target_language=bundle.target_language,
    )


def _decoding(spec: EngineSpec) -> str:
    return f"beam{spec.beam_size}"


def _hash_folder(folder: Path) -> str:
    """Eight digits of a hash over the files that decide what a model says."""
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted({path for pattern in _WEIGHT_FILES for path in folder.glob(pattern)}):
        digest.update(path.name.encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "blake2b").digest())
    return digest.hexdigest()
