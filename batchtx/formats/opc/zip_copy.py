"""Write a zip archive whose unchanged entries are the stored bytes of another one.

The standard library would unpack and pack again, and cannot copy an entry whose CRC is wrong.
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, BinaryIO

_LOCAL = struct.Struct("<4s2B4HL2L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END = struct.Struct("<4s4H2LH")
_DATA_DESCRIPTOR = 0x08
_UTF8_NAME = 0x800
_CHUNK_BYTES = 256 * 1024
_HELD_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Written:
    info: zipfile.ZipInfo
    name: bytes
    flags: int
    method: int
    crc: int
    stored_bytes: int
    size_bytes: int
    offset: int


class ZipCopy:
    """An archive being written to a stream from its start; `close` writes the directory."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._position = 0
        self._written: list[_Written] = []

    def copy(self, info: zipfile.ZipInfo, stored: bytes, crc: int) -> None:
        """Appends an entry as it is stored, under this checksum."""
        self._append(info, stored, info.compress_type, crc, info.file_size)

    def replace(self, info: zipfile.ZipInfo, content: bytes) -> None:
        """Appends an entry with new content, under the name and in the compression of the old one."""
        if info.compress_type == zipfile.ZIP_STORED:
            stored, method = content, zipfile.ZIP_STORED
        else:
            packer = zlib.compressobj(6, zlib.DEFLATED, -15)
            stored, method = packer.compress(content) + packer.flush(), zipfile.ZIP_DEFLATED
        self._append(info, stored, method, zlib.crc32(content), len(content))

    def replace_stream(self, info: zipfile.ZipInfo, content: IO[bytes]) -> None:
        """Appends an entry with new content of any size; see `replace`."""
        crc = size_bytes = 0
        deflated = info.compress_type != zipfile.ZIP_STORED
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        with tempfile.SpooledTemporaryFile(max_size=_HELD_BYTES) as stored:
            while chunk := content.read(_CHUNK_BYTES):
                crc, size_bytes = zlib.crc32(chunk, crc), size_bytes + len(chunk)
                stored.write(packer.compress(chunk) if deflated else chunk)
            if deflated:
                stored.write(packer.flush())
            n_stored = stored.tell()
            stored.seek(0)
            method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
            self._begin(info, n_stored, method, crc, size_bytes)
            while chunk := stored.read(_CHUNK_BYTES):
                self._write(chunk)

    def close(self, comment: bytes = b"") -> None:
        """Writes the directory."""
        start = self._position
        for entry in self._written:
            self._write(_central(entry))
        n_entries = len(self._written)
        size_bytes = self._position - start
        self._write(
            _END.pack(b"PK\x05\x06", 0, 0, n_entries, n_entries, size_bytes, start, len(comment)) + comment
        )

    def _append(self, info: zipfile.ZipInfo, stored: bytes, method: int, crc: int, size_bytes: int) -> None:
        self._begin(info, len(stored), method, crc, size_bytes)
        self._write(stored)

    def _begin(self, info: zipfile.ZipInfo, n_stored: int, method: int, crc: int, size_bytes: int) -> None:
        name, flags = _name(info)
        entry = _Written(info, name, flags, method, crc, n_stored, size_bytes, self._position)
        self._written.append(entry)
        self._write(
            _LOCAL.pack(
                b"PK\x03\x04",
                20,
                0,
                flags,
                method,
                _dos_time(info),
                _dos_date(info),
                crc,
                n_stored,
                size_bytes,
                len(name),
                0,
            )
            + name
        )

    def _write(self, content: bytes) -> None:
        self._output.write(content)
        self._position += len(content)


def _central(entry: _Written) -> bytes:
    info = entry.info
    header = _CENTRAL.pack(
        b"PK\x01\x02",
        info.create_version,
        info.create_system,
        20,
        0,
        entry.flags,
        entry.method,
        _dos_time(info),
        _dos_date(info),
        entry.crc,
        entry.stored_bytes,
        entry.size_bytes,
        len(entry.name),
        0,
        len(info.comment),
        0,
        info.internal_attr & 0xFFFF,
        info.external_attr,
        entry.offset,
    )
    return header + entry.name + info.comment


def _name(info: zipfile.ZipInfo) -> tuple[bytes, int]:
    """The name in its first encoding, and the flags without the one for sizes that come later."""
    flags = info.flag_bits & ~_DATA_DESCRIPTOR
    name = info.orig_filename.replace("\\", "/")  # Word opens no package with backslashes
    if flags & _UTF8_NAME:
        return name.encode("utf-8"), flags
    try:
        return name.encode("cp437"), flags
    except UnicodeEncodeError:
        return name.encode("utf-8"), flags | _UTF8_NAME


def _dos_time(info: zipfile.ZipInfo) -> int:
    _, _, _, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2


def _dos_date(info: zipfile.ZipInfo) -> int:
    year, month, day, *_ = info.date_time
    return max(0, year - 1980) << 9 | month << 5 | day
