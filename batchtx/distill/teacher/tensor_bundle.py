"""Reads TensorFlow V2 checkpoints ("tensor bundles") with NumPy alone.

An .index file is a LevelDB table from names to entries; an entry tells shard, offset, size, shape
and checksum of a tensor in the .data files. Only what checkpoints use is read: uncompressed
blocks, little-endian numbers, whole tensors.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from batchtx.errors import ModelError

_MAGIC = 0xDB4775248B80FB57
_FOOTER_BYTES = 48
_TYPES = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8"}
_MASK_DELTA = 0xA282EAD8
_CASTAGNOLI = 0x82F63B78


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """Where a tensor lies. checksum is the masked CRC-32C of its bytes."""

    name: str
    dtype: int
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int
    checksum: int


class TensorBundle:
    """A checkpoint by its prefix, e.g. `tf_ckpts/ckpt-0`; tensors are memory-mapped."""

    def __init__(self, prefix: Path) -> None:
        index = prefix.with_name(prefix.name + ".index")
        if not index.is_file():
            raise ModelError(f"{index}: missing; give the path of a checkpoint without its suffix")
        self._prefix = prefix
        self._n_shards = 1
        self._entries: dict[str, TensorEntry] = {}
        for key, value in _read_table(index):
            if key:
                self._entries[key.decode()] = _entry(key.decode(), value)
            else:
                self._n_shards = int(_fields(value).get(1, 1))

    def names(self) -> list[str]:
        """Returns all names, sorted."""
        return sorted(self._entries)

    def shape(self, name: str) -> tuple[int, ...]:
        """Returns the shape of a tensor."""
        return self._entries[name].shape

    def read(self, name: str, *, verify: bool = True) -> np.ndarray:
        """Returns a read-only array; with `verify`, its bytes must have their checksum."""
        entry = self._entries[name]
        path = self._prefix.with_name(f"{self._prefix.name}.data-{entry.shard:05d}-of-{self._n_shards:05d}")
        if entry.dtype not in _TYPES:
            raise ModelError(f"{path}, {name}: data type {entry.dtype} is not read here")
        if not path.is_file() or path.stat().st_size < entry.offset + entry.size:
            raise ModelError(f"{path}, {name}: the file is missing or too short; download it again")
        raw = np.memmap(path, np.uint8, "r", entry.offset, (entry.size,))
        if verify and masked_crc32c(raw) != entry.checksum:
            raise ModelError(f"{path}, {name}: the checksum differs; download the file again")
        return raw.view(_TYPES[entry.dtype]).reshape(entry.shape)


def masked_crc32c(data: np.ndarray) -> int:
    """Returns CRC-32C of bytes, rotated and shifted as LevelDB stores it."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def crc32c(data: np.ndarray) -> int:
    """Returns CRC-32C (Castagnoli) of an array of bytes.

    A CRC is linear over bits: the data are cut into equal lanes whose registers run side by side,
    and the lanes are joined by advancing a register over the bytes that follow.
    """
    n_lanes = 4096 if len(data) >= 1 << 16 else 1
    length = len(data) // n_lanes
    lanes = np.asarray(data[: n_lanes * length]).reshape(n_lanes, length)
    registers = np.zeros(n_lanes, np.uint32)
    registers[0] = 0xFFFFFFFF
    table = _byte_table()
    for column in lanes.T:
        registers = table[(registers ^ column) & 0xFF] ^ (registers >> 8)
    advance = _advance_matrix(length)
    crc = int(registers[0])
    for register in registers[1:]:
        crc = _apply(advance, crc) ^ int(register)
    for byte in np.asarray(data[n_lanes * length :]):
        crc = int(table[(crc ^ int(byte)) & 0xFF]) ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _byte_table() -> np.ndarray:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_CASTAGNOLI), table >> 1)
    return table


def _advance_matrix(n_bytes: int) -> list[int]:
    """What n_bytes zero bytes do to each bit of a register, by repeated squaring."""
    one_bit = [_CASTAGNOLI, *(1 << bit for bit in range(31))]
    power, result = one_bit, [1 << bit for bit in range(32)]
    n_bits = 8 * n_bytes
    while n_bits:
        if n_bits & 1:
            result = [_apply(power, column) for column in result]
        power = [_apply(power, column) for column in power]
        n_bits >>= 1
    return result


def _apply(matrix: list[int], register: int) -> int:
    result = 0
    for column in matrix:
        if register & 1:
            result ^= column
        register >>= 1
        if not register:
            break
    return result


def _read_table(path: Path) -> Iterator[tuple[bytes, bytes]]:
    content = path.read_bytes()
    footer = content[-_FOOTER_BYTES:]
    if len(footer) < _FOOTER_BYTES or struct.unpack("<Q", footer[-8:])[0] != _MAGIC:
        raise ModelError(f"{path}: not a TensorFlow checkpoint index")
    _, at = _handle(footer, 0)
    index, _ = _handle(footer, at)
    for _, value in _read_block(path, content, *index):
        block, _ = _handle(value, 0)
        yield from _read_block(path, content, *block)


def _read_block(path: Path, content: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    block = content[offset : offset + size]
    if content[offset + size] != 0:
        raise ModelError(f"{path}: a compressed block, which checkpoints do not have")
    n_restarts = struct.unpack("<I", block[-4:])[0]
    end = len(block) - 4 * (n_restarts + 1)
    at, key = 0, b""
    while at < end:
        shared, at = _varint(block, at)
        unshared, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + unshared]
        at += unshared
        yield key, block[at : at + length]
        at += length


def _entry(name: str, message: bytes) -> TensorEntry:
    """BundleEntryProto: dtype 1, shape 2, shard 3, offset 4, size 5, crc32c 6, slices 7."""
    fields = _fields(message)
    if 7 in fields:
        raise ModelError(f"{name}: a partitioned tensor, which is not read here")
    shape = []
    for number, value in _items(bytes(fields.get(2, b""))):
        if number == 2:  # TensorShapeProto.dim, whose field 1 is the size
            shape.append(int(_fields(bytes(value)).get(1, 0)))
    integers = (int(fields.get(number, 0)) for number in (3, 4, 5, 6))
    return TensorEntry(name, int(fields.get(1, 0)), tuple(shape), *integers)


def _fields(message: bytes) -> dict[int, int | bytes]:
    return dict(_items(message))


def _items(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and values of a protocol buffer message."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield tag >> 3, value
        elif kind == 2:
            length, at = _varint(message, at)
            yield tag >> 3, message[at : at + length]
            at += length
        elif kind == 5:
            yield tag >> 3, struct.unpack_from("<I", message, at)[0]
            at += 4
        else:
            raise ModelError(f"wire type {kind} in a checkpoint index: not a tensor bundle")


def _handle(message: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = _varint(message, at)
    size, at = _varint(message, at)
    return (offset, size), at


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
