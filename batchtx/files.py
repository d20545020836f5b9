"""Files: outputs whole or not at all, hashes, what bytes are, names to show, temporary tables."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from batchtx.errors import DocumentError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and run the same command again",
    errno.EDQUOT: "the disk quota is used up; free some space and run the same command again",
    errno.EFBIG: "the file is larger than this file system allows",
    errno.EACCES: "no permission to write there; choose another place with -o",
    errno.EPERM: "no permission to write there; choose another place with -o",
    errno.EROFS: "the file system is read-only; choose another place with -o",
    errno.ENAMETOOLONG: "the file name is too long for this file system; choose a shorter one with -o",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EISDIR: "a folder of this name is in the way",
    errno.EIO: "the disk reports an error",
}
_HIDDEN = ".batchtx-"
_UNLOCKED = ".new"
"""So a hidden file ends for the moment until it is locked."""

_OLD_S = 7 * 86400.0
"""Nobody writes for so long, where there is no lock to tell."""

_LONGEST_NAME = 255  # bytes
_LONGEST_SUFFIX = 10
_WRITING = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
"""Errors that, inside the block, can only be about the output."""

ZIP_MAGIC = b"PK\x03\x04"
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Starts .doc, .xls and packages that are encrypted with a password."""


@contextmanager
def atomic_output(path: Path, *, verify: Callable[[Path], None] | None = None) -> Iterator[BinaryIO]:
    """Opens `path` for writing so that it changes only when the block ends well.

    The bytes go to a hidden file in the same folder; after the block it is synced, given to
    `verify`, and renamed over `path`. On any exception, `verify`'s too, the hidden file goes and
    `path` is as it was. An existing file keeps its mode; a symbolic link keeps pointing to the file.

    Raises:
        DocumentError: the file cannot be written; the message says why and what to do.
    """
    final = Path(os.path.realpath(path))
    temporary = final.with_name(f"{_HIDDEN}{secrets.token_hex(12)}.tmp")
    unlocked = temporary.with_suffix(_UNLOCKED)
    _sweep(final.parent)
    try:
        mode = _mode_of(final)
        descriptor = os.open(unlocked, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        raise _error(path, error) from error
    hold = _locked(descriptor)
    unlocked.replace(temporary)
    try:
        # around the file: closing it tries once more to write what the disk had no room for
        with _write_errors(path, only_writing=True), os.fdopen(descriptor, "w+b") as file:
            yield file
            with _write_errors(path, only_writing=False):
                file.flush()
                os.fsync(file.fileno())
        if verify is not None:
            verify(temporary)
        with _write_errors(path, only_writing=False):
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(final)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    finally:
        os.close(hold)
    _sync_folder(final.parent)


def _locked(descriptor: int) -> int:
    """A second number for an open file, through which it stays locked until this number is closed.

    The lock tells others, on whatever machine or in whatever container, that somebody is at work.
    """
    hold = os.dup(descriptor)
    with suppress(ImportError, OSError):  # Windows, a file system without locks
        import fcntl

        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return hold


def _sweep(folder: Path) -> None:
    """Remove the hidden files of processes that were killed while they wrote.

    Those are files that nobody holds locked; where a file system has no locks, only age tells.
    """
    with suppress(ImportError, OSError):
        import fcntl

        for path in (*folder.glob(f"{_HIDDEN}*.tmp"), *folder.glob(f"{_HIDDEN}*{_UNLOCKED}")):
            with suppress(OSError), path.open("r+b") as file:
                old = time.time() - os.fstat(file.fileno()).st_mtime > _OLD_S
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                except OSError:
                    locks = False
                else:
                    locks = path.suffix != _UNLOCKED
                if locks or old:
                    path.unlink()


def _mode_of(path: Path) -> int | None:
    """Mode bits of an existing file, None for a new one. Raises OSError for a name that cannot be."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "a device or a pipe, not a file, is in the way")
    return found.st_mode & 0o7777


@contextmanager
def _write_errors(path: Path, *, only_writing: bool) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if only_writing and error.errno not in _WRITING:
            raise
        raise _error(path, error) from error


def _error(path: Path, error: OSError) -> DocumentError:
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return DocumentError(str(path), f"cannot be written: {reason}")


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can."""
    if os.name != "posix":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def fitting(path: Path, n_more: int = 0) -> Path:
    """Returns the path with a name that file systems take, a long one cut and told apart by a hash.

    `n_more` bytes may still come into the name (a number).
    """
    name = os.fsencode(path.name)
    longest = _LONGEST_NAME - n_more
    if len(name) <= longest:
        return path
    mark = f"~{zlib.crc32(name):08x}"
    stem, suffixes = _parted(path.name)
    room = longest - len(os.fsencode(mark + suffixes))
    while stem and len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return path.with_name(f"{stem}{mark}{suffixes}")


def _parted(name: str) -> tuple[str, str]:
    """The stem and the short suffixes at the end (.en.txt.review.csv)."""
    pieces = name.split(".")
    kept: list[str] = []
    while len(pieces) > 1 and len(pieces[-1]) <= _LONGEST_SUFFIX and len(kept) < 5:
        kept.insert(0, pieces.pop())
    return ".".join(pieces), "".join(f".{piece}" for piece in kept)


def shown_path(path: Path) -> str:
    """Returns the path as text that can be written anywhere; bytes of a name that are no UTF-8 as \xe4."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def file_hash(path: Path) -> str:
    """Returns SHA-256 of a file in hexadecimal; "" when there is none, or a pipe, which would make us
    wait.
    """
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def temporary_database(schema: str) -> sqlite3.Connection:
    """Opens a database of one table that is on disk when it is large, and that no kill leaves behind."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(schema)
    return connection
