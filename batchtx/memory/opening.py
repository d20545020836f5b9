"""Opens the memory file, and refuses what is none: other people's files and databases stay untouched."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from batchtx.errors import StoreError
from batchtx.memory.network_drive import network_drive

SCHEMA_VERSION = 2
_MAGIC = b"SQLite format 3\0"
_SUFFIXES = frozenset([".sqlite", ".sqlite3"])
_OWN_TABLES = {"segments", "corrections", "runs", "outputs"}

_SCHEMA = """
CREATE TABLE IF NOT EXISTS segments (
    key BLOB PRIMARY KEY, target TEXT NOT NULL, score REAL, flags TEXT NOT NULL, run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS corrections (
    id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, source TEXT NOT NULL, target TEXT NOT NULL,
    machine TEXT NOT NULL, reviewer TEXT NOT NULL, document TEXT NOT NULL, made_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY, started_at REAL NOT NULL, ended_at REAL, signature TEXT NOT NULL,
    plan TEXT NOT NULL, report TEXT
);
CREATE TABLE IF NOT EXISTS outputs (
    path TEXT PRIMARY KEY, source_hash TEXT NOT NULL, output_hash TEXT NOT NULL, signature TEXT NOT NULL,
    correction INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS places (place BLOB PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;
"""


def refuse_foreign_file(path: Path) -> None:
    """Raises StoreError for a file that is no database and not named as one: it is somebody's document.

    A damaged memory has the name of one, and is set aside when it is opened.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError:
        return  # missing, or told when it is opened
    if head and head != _MAGIC and not is_named_as_memory(path):
        raise StoreError(f"{path}: is no memory of batchtx; name another file with --memory")


def is_named_as_memory(path: Path) -> bool:
    """Returns whether a file of this name may be set aside when it is damaged: it is hardly anybody
    else's.
    """
    return path.suffix.lower() in _SUFFIXES


def connect(
    path: Path | None, timeout_s: float, *, any_thread: bool = False
) -> tuple[sqlite3.Connection, list[str]]:
    """Returns the open memory ("" in place of None: a file that no kill leaves behind), and what is worth a
    note.

    any_thread: other threads may use it too, one at a time.

    Raises:
        StoreError: it is of a newer batchtx, or another program's database.
        sqlite3.Error: it cannot be opened.
    """
    notes: list[str] = []
    connection = _connection(path, timeout_s, any_thread)
    try:
        if path is not None:
            _refuse_foreign_tables(connection, path)
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if "disk I/O" not in str(error) and "unable to open" not in str(error):
                raise
            connection.close()
            connection = _without_wal(path, timeout_s, any_thread)
            notes.append(
                f"{path}: the file system has no shared memory maps (a network drive?); the memory is kept "
                "without a write-ahead log, which is slower"
            )
        if path is not None and (kind := network_drive(path)):
            notes.append(
                f"{path}: lies on a network file system ({kind}), which cannot be trusted with locks: never "
                "let two runs use it at once; give each machine a memory on a local disk with --memory, and "
                "put them together with: batchtx memory merge"
            )
        connection.execute("PRAGMA synchronous = NORMAL")
        _settle_schema(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection, notes


def lacks_locks(path: Path) -> bool:
    """Returns whether the file system refuses file locks, as NFS does without its lock daemon.

    To SQLite this looks as if another program held the file.
    """
    try:
        import fcntl
    except ImportError:
        return False
    try:
        with path.open("rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return os.access(path, os.R_OK)
    return False


def _connection(path: Path | None, timeout_s: float, any_thread: bool) -> sqlite3.Connection:
    return sqlite3.connect(
        path or "", timeout=timeout_s, isolation_level="DEFERRED", check_same_thread=not any_thread
    )


def _without_wal(path: Path | None, timeout_s: float, any_thread: bool) -> sqlite3.Connection:
    """A connection with a rollback journal, also to a file that was in WAL mode before."""
    connection = _connection(path, timeout_s, any_thread)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # so that nobody asks for shared memory
    connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    connection.execute("PRAGMA locking_mode = NORMAL")
    connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    return connection


def _refuse_foreign_tables(connection: sqlite3.Connection, path: Path) -> None:
    try:
        names = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    except sqlite3.OperationalError:
        return  # not readable as it is; what comes next tells why
    if names and not names >= _OWN_TABLES:
        raise StoreError(f"{path}: is the database of another program; name another file with --memory")


def _settle_schema(connection: sqlite3.Connection, path: Path | None) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise StoreError(f"{path}: written by a newer batchtx; upgrade, or choose another with --memory")
    if version < SCHEMA_VERSION:
        # At once: another run that opens the file meanwhile sees all tables or none.
        connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
    connection.execute("SELECT COUNT(*) FROM runs").fetchone()
