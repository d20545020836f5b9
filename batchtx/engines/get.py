"""Getting a model: from the hub, from a URL or file of an argos package; stored as a bundle under a name."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from batchtx.engines import hub
from batchtx.engines.argos import unpack_argos
from batchtx.engines.convert import convert_transformers
from batchtx.engines.download import download_url
from batchtx.engines.foreign import ForeignModel, write_manifest
from batchtx.engines.model_files import downloaded_bundles, shipped_bundles, user_models
from batchtx.errors import ModelError

ARGOS_SUFFIX = ".argosmodel"
_WORK = ".downloads"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_URL = re.compile(r"(?:https?|file)://")


def get_model(
    origin: str,
    *,
    name: str = "",
    languages: tuple[str, str] | None = None,
    compute_type: str = "int8",
    sha256: str = "",
    tell: Callable[[str], None] = lambda line: None,
    show: bool = False,
) -> Path:
    """Downloads and converts a model, and stores it under a name that --model takes; returns its folder.

    Args:
        origin: a hub name (owner/name), or the URL or path of an argos package.
        name: "" for the model's own.
        languages: of a model of many languages.
        tell: is given the licence before anything is downloaded from the hub or kept of a package.
        show: with progress bars.

    Raises:
        EngineError: converting needs a package that is not installed.
        ModelError: it cannot be had, is damaged, of an unknown kind, or its name is taken.
    """
    folder = user_models()
    folder.mkdir(parents=True, exist_ok=True)
    if _URL.match(origin) or origin.endswith(ARGOS_SUFFIX):
        return _get_argos(origin, folder, name, sha256, tell, show)
    model = hub.look_up(origin)
    _check_name(name or model.name.rpartition("/")[2])
    tell(f"{model.name}: {model.n_bytes / 1e6:.0f} MB, licence: {model.licence}")
    work = folder / _WORK / re.sub(r"[^A-Za-z0-9._-]", "--", model.name)
    source = hub.download(model, work / "hub", show=show)
    described = hub.describe(source, model, languages, compute_type)
    new = _empty(work / "new")
    convert_transformers(str(source), new / "ctranslate2", compute_type)
    _take_pieces(new)
    return _store(new, described, name or described.name, origin, work)


def remove_model(name: str) -> None:
    """Deletes a downloaded model.

    Raises:
        ModelError: no such model, or it came with batchtx.
    """
    if name not in downloaded_bundles():
        there = (
            "it comes with batchtx" if name in shipped_bundles() else "nothing of that name was downloaded"
        )
        raise ModelError(f"{name}: not removed; {there}")
    shutil.rmtree(user_models() / name)


def _get_argos(
    origin: str, folder: Path, name: str, sha256: str, tell: Callable[[str], None], show: bool
) -> Path:
    work = folder / _WORK / re.sub(r"[^A-Za-z0-9._-]", "--", origin.rpartition("/")[2])
    work.mkdir(parents=True, exist_ok=True)
    package = Path(origin)
    if _URL.match(origin):
        package = download_url(origin, work / "package.zip", sha256, show=show)
    elif not package.is_file():
        raise ModelError(f"{origin}: no such file")
    new = _empty(work / "new")
    described = unpack_argos(package, new)
    _check_name(name or described.name)
    tell(f"{described.name} {described.version}: licence: {described.licence}")
    return _store(new, described, name or described.name, origin, work)


def _store(new: Path, model: ForeignModel, name: str, origin: str, work: Path) -> Path:
    """Puts a finished model in its place, whole or not at all."""
    write_manifest(new, model, name, origin)
    place = user_models() / name
    new.rename(place)
    shutil.rmtree(work, ignore_errors=True)
    return place


def _take_pieces(new: Path) -> None:
    """Moves the pieces beside the weights to where a bundle has them."""
    beside = new / "ctranslate2"
    if (beside / "source.spm").is_file():
        for name in ("source.spm", "target.spm"):
            (beside / name).rename(new / name)
        return
    for name in ("sentencepiece.bpe.model", "spiece.model"):
        if (beside / name).is_file():
            (beside / name).rename(new / "source.spm")
            return


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ModelError(f"{name!r}: no name for a model; letters, digits, dots and dashes: --name NAME")
    if name in shipped_bundles():
        raise ModelError(f"{name}: is the name of a model that comes with batchtx; give another: --name NAME")
    if name in downloaded_bundles():
        raise ModelError(f"{name}: is there already; batchtx models remove {name}, or --name NAME")


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
