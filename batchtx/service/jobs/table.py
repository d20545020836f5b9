"""The table of document jobs: SQLite, so that a killed service knows at its next start what it had to do."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from batchtx.errors import StoreError
from batchtx.service.jobs.record import UNFINISHED, JobRecord

_COLUMNS = tuple(one.name for one in fields(JobRecord))
_KINDS = {"attempts": "INTEGER", "n_chars": "INTEGER"} | dict.fromkeys(
    ("created_at", "started_at", "finished_at"), "REAL"
)
_SCHEMA = ", ".join(
    f"{name} {_KINDS.get(name, 'TEXT')}{' PRIMARY KEY' if name == 'id' else ''}" for name in _COLUMNS
)
_BUSY_TIMEOUT_S = 10.0
_VERSION = 1


class JobTable:
    """Keeps the records of jobs; safe to ask from any thread.

    Raises:
        StoreError: the file cannot be opened, read or written, or is of a newer batchtx.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            self._connection.execute("PRAGMA synchronous = NORMAL")
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise StoreError(f"{path}: written by a newer batchtx; upgrade, or choose another --data")
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS jobs ({_SCHEMA}) WITHOUT ROWID")
            self._connection.execute(f"PRAGMA user_version = {_VERSION}")
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path}: {error}; choose another folder with --data") from None

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def add(self, record: JobRecord) -> None:
        """Keeps a new job."""
        marks = ", ".join("?" * len(_COLUMNS))
        self._execute(f"INSERT INTO jobs VALUES ({marks})", tuple(asdict(record).values()))

    def update(self, job: str, **values: Any) -> None:
        """Changes columns of a job; of one that is gone nothing."""
        assert set(values) <= set(_COLUMNS)
        changes = ", ".join(f"{name} = ?" for name in values)
        self._execute(f"UPDATE jobs SET {changes} WHERE id = ?", (*values.values(), job))

    def remove(self, job: str) -> None:
        """Forgets a job."""
        self._execute("DELETE FROM jobs WHERE id = ?", (job,))

    def find(self, job: str) -> JobRecord | None:
        """Returns a job; None for one that is not there."""
        return next(iter(self._select("WHERE id = ?", (job,))), None)

    def unfinished(self) -> list[JobRecord]:
        """Returns the jobs that wait or are worked on, oldest first."""
        marks = ", ".join("?" * len(UNFINISHED))
        return self._select(f"WHERE state IN ({marks}) ORDER BY created_at, id", UNFINISHED)

    def finished_before(self, moment: float) -> list[JobRecord]:
        """Returns the jobs that came to their end before a moment."""
        return self._select("WHERE finished_at > 0 AND finished_at < ?", (moment,))

    def ids(self) -> set[str]:
        """Returns the ids of all jobs."""
        return {one.id for one in self._select("", ())}

    def _select(self, condition: str, values: Sequence[Any]) -> list[JobRecord]:
        rows = self._execute(f"SELECT {', '.join(_COLUMNS)} FROM jobs {condition}", values)
        return [JobRecord(*row) for row in rows]

    def _execute(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        try:
            with self._lock, self._connection:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: {error}; is there room on the disk?") from None
