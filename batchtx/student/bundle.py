"""A bundle: the folder of a student with weights, tokenizer models, card and hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from batchtx.errors import ModelError

MANIFEST = "bundle.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Bundle:
    """What an engine needs to know of a student; all paths are absolute or as given.

    terms is "inline" when the student reads term annotations, None when it does not.
    source_prefix and source_suffix are pieces that the tokenizer puts around every source, target_prefix
    those that every target begins with (the languages, in models of many).
    """

    folder: Path
    name: str
    version: str
    source_language: str
    target_language: str
    architecture: str
    licence: str
    source_tokenizer: Path
    target_tokenizer: Path
    source_suffix: tuple[str, ...]
    ctranslate2: Path
    compute_type: str
    max_source_tokens: int
    placeholders: bool
    terms: str | None
    alignment: bool
    origin: str = ""
    source_prefix: tuple[str, ...] = ()
    target_prefix: tuple[str, ...] = ()


def load_bundle(folder: Path, *, verify: bool = True) -> Bundle:
    """Reads bundle.json; with `verify`, every listed file must have its hash.

    Raises:
        ModelError: no bundle, an unknown format, or a missing or changed file.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelError(f"{folder}: no {MANIFEST} here; give a folder made by `distill export`")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise ModelError(f"{path}: format {manifest['format']}, this version reads {FORMAT}")
        bundle = _read(folder, manifest)
        hashes = dict(manifest["files"])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: damaged ({error!r}); export or download it again") from error
    if verify:
        for name, expected in hashes.items():
            _check(folder / name, expected)
    return bundle


def file_hash(path: Path) -> str:
    """Returns SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(folder: Path, manifest: dict) -> Bundle:  # type: ignore[type-arg]
    supports, tokenizer = manifest["supports"], manifest["tokenizer"]
    return Bundle(
        folder=folder,
        name=manifest["name"],
        version=manifest["version"],
        source_language=manifest["source_language"],
        target_language=manifest["target_language"],
        architecture=manifest["architecture"],
        licence=manifest["licence"],
        source_tokenizer=folder / tokenizer["source"],
        target_tokenizer=folder / tokenizer["target"],
        source_suffix=tuple(tokenizer["source_suffix"]),
        ctranslate2=folder / manifest["ctranslate2"]["path"],
        compute_type=manifest["ctranslate2"]["compute_type"],
        max_source_tokens=manifest["max_source_tokens"],
        placeholders=supports["placeholders"],
        terms=supports["terms"],
        alignment=supports["alignment"],
        origin=manifest.get("origin", ""),
        source_prefix=tuple(tokenizer.get("source_prefix", ())),
        target_prefix=tuple(tokenizer.get("target_prefix", ())),
    )


def _check(path: Path, expected: str) -> None:
    if not path.is_file():
        raise ModelError(f"{path}: missing; export or download the bundle again")
    if file_hash(path) != expected:
        raise ModelError(f"{path}: not the file of the bundle (hash differs); get it again")
