"""Slices of a training folder: each small enough to travel, all together the whole."""

from __future__ import annotations

import hashlib
import math
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from batchtx.distill import folders
from batchtx.distill.data import pairs as data
from batchtx.distill.data.held_out import DEV, TEST
from batchtx.distill.labels.soft_labels import has_labels
from batchtx.distill.nets import pretrained
from batchtx.errors import ConfigError
from batchtx.student.bundle import file_hash

_COPIED = ("vocabulary.spm", "vocabulary.json", DEV, TEST)
_COPIED_IF_THERE = (pretrained.FILE,)
_LARGEST_SHARE = 0.98
"""Of the limit, that the first try aims at: slices differ a little in size."""

_Arrays = dict[str, Any]
"""NumPy arrays by name."""


def slice_data(data_folder: Path, folder: Path, max_bytes: int, by_weight: bool = False) -> list[Path]:
    """Deals the pairs out to as few training folders as hold at most max_bytes each, compressed.

    A slice has its share of every source, drawn at random but the same each time. by_weight: of sources whose
    weight is under 1 only that share is dealt out, which is what an epoch would see of them.
    """
    if has_labels(data_folder):
        raise ConfigError(f"{data_folder}: labels are not cut into slices; label each slice instead")
    if folder.exists():
        raise ConfigError(f"{folder}: stands there already; delete it, or name another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        beside = Path(temporary) / "slices"
        (whole,) = _write_slices(data_folder, beside, 1, by_weight)
        fixed = sum((whole / name).stat().st_size for name in (*_copied(data_folder), "manifest.json"))
        if max_bytes <= fixed:
            raise ConfigError(f"{data_folder}: vocabulary and held-out sets alone take {fixed:,} bytes")
        n_pairs = sum(entry["n_kept"] for entry in data.read_manifest(whole)["sources"])
        n = math.ceil((_size(whole) - fixed) / (_LARGEST_SHARE * (max_bytes - fixed)))
        while max(_size(path) for path in beside.iterdir()) > max_bytes:
            if n > n_pairs:
                raise ConfigError(f"{data_folder}: {max_bytes:,} bytes hold no pair of it; allow more")
            shutil.rmtree(beside)
            _write_slices(data_folder, beside, n, by_weight)
            n += 1
        beside.rename(folder)
    return sorted(folder.iterdir())


def _write_slices(data_folder: Path, folder: Path, n: int, by_weight: bool) -> list[Path]:
    """n training folders of about the same size."""
    manifest = data.read_manifest(data_folder)
    width = len(str(n))
    paths = [folder / f"slice-{number:0{width}}-of-{n}" for number in range(1, n + 1)]
    for path in paths:
        (path / "encoded").mkdir(parents=True)
        for name in _copied(data_folder):
            shutil.copyfile(data_folder / name, path / name)
    entries: list[list[dict[str, Any]]] = [[] for _ in paths]
    n_pairs = 0
    for entry, arrays in _sources(data_folder, manifest):
        order = _order(manifest, entry["name"], len(arrays["source_lengths"]))
        if by_weight:
            order = order[: round(min(1.0, entry["rate"]) * len(order))]
            entry = entry | {"rate": max(1.0, entry["rate"])}
        for at, path in enumerate(paths):
            # Sources smaller than n are dealt on from where the one before ended.
            chosen = np.sort(order[(at - n_pairs) % n :: n])
            mine = _choose(arrays, chosen)
            _save(path / "encoded" / f"{entry['name']}.npz", mine)
            counts = {"n_kept": len(chosen), "n_target_tokens": len(mine["target_ids"])}
            entries[at].append(entry | counts)
        n_pairs += len(order)
    fingerprint = _fingerprint(data_folder, manifest)
    for at, path in enumerate(paths):
        name = f"slice {at + 1} of {n} of {fingerprint}"
        folders.write_json(path / "manifest.json", manifest | {"sources": entries[at], "slice": name})
    return paths


def _copied(data_folder: Path) -> list[str]:
    """The files that every slice has whole."""
    return [*_COPIED, *(name for name in _COPIED_IF_THERE if (data_folder / name).is_file())]


def _sources(data_folder: Path, manifest: dict[str, Any]):  # type: ignore[no-untyped-def]
    """(entry of the manifest, arrays) of each source, with links where the folder has them."""
    links_file, start = data_folder / data.LINKS, 0
    links = np.load(links_file, mmap_mode="r") if links_file.is_file() else None
    for entry in manifest["sources"]:
        with np.load(data_folder / "encoded" / f"{entry['name']}.npz") as archive:
            arrays: _Arrays = {name: archive[name] for name in archive}
        end = start + len(arrays["target_ids"])
        if links is not None:
            arrays["links"] = np.asarray(links[start:end])
        yield entry, arrays
        start = end


def _save(path: Path, arrays: _Arrays) -> None:
    """Write what np.load reads, by LZMA: three quarters of what deflate needs for token ids."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")  # without a time: the same bytes each time
            entry.compress_type = zipfile.ZIP_LZMA
            with archive.open(entry, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.ascontiguousarray(array))


def _choose(arrays: _Arrays, pairs: np.ndarray) -> _Arrays:
    """The arrays of these pairs alone."""
    kept = {}
    for side, along in (("source", ("source_ids",)), ("target", ("target_ids", "links"))):
        lengths = arrays[f"{side}_lengths"]
        wanted = np.zeros(len(lengths), dtype=bool)
        wanted[pairs] = True
        tokens = np.repeat(wanted, lengths)
        kept[f"{side}_lengths"] = lengths[pairs]
        kept |= {name: arrays[name][tokens] for name in along if name in arrays}
    return kept


def _order(manifest: dict[str, Any], name: str, n_pairs: int) -> np.ndarray:
    """The pairs of a source in an order that depends on the seed of the data and its name only."""
    seed = data.source_random(manifest["recipe"]["data"]["seed"], f"{name}/slices").getrandbits(64)
    return np.random.default_rng(seed).permutation(n_pairs)


def _fingerprint(data_folder: Path, manifest: dict[str, Any]) -> str:
    """Tells apart the pairs of two training folders, whatever the weights of their sources."""
    hashes = (file_hash(data_folder / "encoded" / f"{entry['name']}.npz") for entry in manifest["sources"])
    return hashlib.sha256("".join(hashes).encode()).hexdigest()[:12]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
