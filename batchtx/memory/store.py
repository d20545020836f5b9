"""The memory file: resume, repeats within a run, and translation memory are one look-up.

SQLite in WAL mode, so that two runs may use one file at once and a killed run leaves it valid.
Every batch is committed at once: in WAL mode with synchronous=NORMAL that costs no fsync, and no
write lock is held while the engine works.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from batchtx.errors import StoreError
from batchtx.memory import opening
from batchtx.records import Flag

_BUSY_TIMEOUT_S = 10.0
_PAUSE_S = 0.05
NO_PLAN = "{}"
"""The plan of a run of texts, which no sheet goes back to."""

IMPORTED = "import:"
"""Begins the `document` of entries that were imported; the file's name follows."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A machine translation as remembered; `run` is the run that made it."""

    target: str
    score: float | None
    flags: tuple[Flag, ...]
    run: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person wrote, for whom, when, and what the machine had said."""

    source: str
    target: str
    machine: str
    reviewer: str
    document: str
    made_at: float


@dataclass(frozen=True, slots=True)
class OutputState:
    """What an output file was made from, so that the next run knows whether to make it again."""

    source_hash: str
    output_hash: str
    signature: str
    correction: int

    def up_to_date(self, known: OutputState | None) -> bool:
        """Returns whether nothing has changed since the state that the memory knows; never for standard
        input.
        """
        return known == self and self.source_hash != ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a memory holds; `by_document` is for a person's entries, most first."""

    n_human: int
    n_machine: int
    n_runs: int
    by_document: tuple[tuple[str, int], ...]


class Store:
    """One open memory file. Use as a context manager.

    Args:
        path: the file; None for a temporary one that nobody sees (`--no-memory`).
        any_thread: other threads may use it too, one at a time: that is the caller's business.
        renew: a damaged file is set aside; else it is an error.

    Raises:
        StoreError: the file is locked, not writable, or of a newer batchtx. A damaged file is set
            aside as `<name>.damaged-<time>` and named in `notes`; a new one takes its place.
    """

    def __init__(self, path: Path | None, *, renew: bool = True, any_thread: bool = False) -> None:
        self.notes: list[str] = []
        self._path = path
        self._renew, self._any_thread = renew, any_thread
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{path}: cannot make the folder ({error.strerror}); choose another with --memory"
            ) from None
        if path is not None:
            opening.refuse_foreign_file(path)
        self._connection = self._open()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; twice does no harm."""
        try:
            self._connection.close()
        except sqlite3.Error as error:
            raise self._failed(error) from None

    # -- machine translations

    def find(self, keys: Iterable[bytes]) -> dict[bytes, Finished]:
        """Returns those of `keys` that are known."""
        found: dict[bytes, Finished] = {}
        for rows in self._select("SELECT key, target, score, flags, run FROM segments WHERE key IN", keys):
            for key, target, score, flags, run in rows:
                found[key] = Finished(_from_sql(target), score, _flags_from_json(_from_sql(flags)), run)
        return found

    def remember(self, entries: Iterable[tuple[bytes, Finished]]) -> None:
        """Keeps finished segments."""
        rows = [(key, f.target, f.score, _flags_to_json(f.flags), f.run) for key, f in entries]
        self._write("INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?)", rows)

    def find_places(self, places: Iterable[bytes]) -> dict[bytes, bytes]:
        """Returns the key under which the segment is remembered that stands at each of `places`, where one
        does.
        """
        found: dict[bytes, bytes] = {}
        for rows in self._select("SELECT place, key FROM places WHERE place IN", places):
            found.update(rows)
        return found

    def set_places(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """Notes which remembered segment stands at a place of an output."""
        changed = "DO UPDATE SET key = excluded.key WHERE key <> excluded.key"
        self._write(f"INSERT INTO places VALUES (?, ?) ON CONFLICT (place) {changed}", list(entries))

    # -- human corrections

    def find_corrections(self, keys: Iterable[bytes]) -> dict[bytes, Correction]:
        """Returns those of `keys` (see `source_key`) that a person has corrected."""
        found: dict[bytes, Correction] = {}
        columns = "key, source, target, machine, reviewer, document, made_at"
        for rows in self._select(f"SELECT {columns} FROM corrections WHERE key IN", keys):
            found.update((row[0], Correction(*map(_from_sql, row[1:]))) for row in rows)
        return found

    def correct(self, entries: Iterable[tuple[bytes, Correction]]) -> None:
        """Keeps corrections; a later one replaces an earlier one of the same source."""
        rows = [(key, c.source, c.target, c.machine, c.reviewer, c.document, c.made_at) for key, c in entries]
        self._write(
            "INSERT OR REPLACE INTO corrections (key, source, target, machine, reviewer, document, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def corrections(self, *, newest_first: bool = False) -> Iterator[Correction]:
        """Yields every pair that a person wrote, once however many places it holds for; oldest first or
        last.
        """
        columns = "source, target, machine, reviewer, document, made_at"
        newest = "SELECT MAX(id) FROM corrections GROUP BY source, target"
        order = "id DESC" if newest_first else "id"
        query = f"SELECT {columns} FROM corrections WHERE id IN ({newest}) ORDER BY {order}"
        for row in self._rows(query):
            yield Correction(*map(_from_sql, row))

    def newest_correction(self) -> int:
        """Returns a number that grows with each correction; 0 when there is none."""
        (number,) = self._one("SELECT MAX(id) FROM corrections")
        return int(number or 0)

    # -- runs and outputs

    def start_run(self, signature: str, plan: str) -> int:
        """Begins a run and returns its number. `plan` (JSON) tells `apply` how the documents were read."""
        row = (time.time(), signature, plan)
        try:
            with self._connection:
                query = "INSERT INTO runs (started_at, signature, plan) VALUES (?, ?, ?)"
                cursor = self._connection.execute(query, row)
        except sqlite3.Error as error:
            raise self._failed(error) from None
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, report: str) -> None:
        """Notes the end of a run and its report (JSON)."""
        self._write("UPDATE runs SET ended_at = ?, report = ? WHERE id = ?", [(time.time(), report, run)])

    def plans(self) -> Iterator[str]:
        """Yields the plans of all runs with documents, newest first."""
        for (plan,) in self._rows("SELECT plan FROM runs WHERE plan <> ? ORDER BY id DESC", (NO_PLAN,)):
            yield plan

    def reports(self, signature: str) -> Iterator[str]:
        """Yields the reports (JSON) of the runs with this signature that came to an end, newest first."""
        query = "SELECT report FROM runs WHERE signature = ? AND report IS NOT NULL ORDER BY id DESC"
        for (report,) in self._rows(query, (signature,)):
            yield report

    def output_state(self, path: Path) -> OutputState | None:
        """Returns what the output at `path` was made from, None when batchtx has not made it."""
        query = "SELECT source_hash, output_hash, signature, correction FROM outputs WHERE path = ?"
        row = next(self._rows(query, (path_key(path),)), None)
        return OutputState(*row) if row else None

    def set_output_state(self, path: Path, state: OutputState) -> None:
        """Notes what the output at `path` was made from."""
        row = (path_key(path), state.source_hash, state.output_hash, state.signature, state.correction)
        self._write("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", [row])

    # -- housekeeping

    def count(self) -> Counts:
        """Returns how much there is."""
        (n_human,) = self._one("SELECT COUNT(DISTINCT source) FROM corrections")
        (n_machine,) = self._one("SELECT COUNT(*) FROM segments")
        (n_runs,) = self._one("SELECT COUNT(*) FROM runs")
        query = "SELECT document, COUNT(DISTINCT source) AS n FROM corrections GROUP BY document"
        by_document = [(_from_sql(name), n) for name, n in self._rows(f"{query} ORDER BY n DESC, document")]
        return Counts(n_human, n_machine, n_runs, tuple(by_document))

    def forget_machine(self, older_than_days: float | None) -> int:
        """Removes machine translations, all or those of runs that began so long ago; returns how many."""
        if older_than_days is None:
            return self._delete("DELETE FROM segments", ())
        since = time.time() - older_than_days * 86400
        query = "DELETE FROM segments WHERE run IN (SELECT id FROM runs WHERE started_at < ?)"
        return self._delete(query, (since,))

    def forget_import(self, name: str) -> int:
        """Removes the entries that were imported from a file of this name; returns how many."""
        count = self._delete("DELETE FROM corrections WHERE document = ?", (IMPORTED + name,))
        if count:  # what was written with them is to be written again
            self._write("UPDATE outputs SET correction = -1 WHERE signature <> 'sheet'", [()])
        return count

    def is_at(self, path: Path) -> bool:
        """Tells whether this is the memory at a path."""
        return self._path is not None and os.path.realpath(self._path) == os.path.realpath(path)

    @contextmanager
    def attached(self, other: Path) -> Iterator[sqlite3.Connection]:
        """Gives the connection with another memory as the schema `other`: one transaction."""
        try:
            self._connection.execute("ATTACH DATABASE ? AS other", (str(other),))
            try:
                with self._connection:
                    yield self._connection
            finally:
                self._connection.execute("DETACH DATABASE other")
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def shrink(self) -> None:
        """Gives the room of removed entries back to the file system."""
        try:
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise self._failed(error) from None

    # -- SQLite

    def _one(self, query: str) -> tuple[Any, ...]:
        return next(self._rows(query))

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(query, values)
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def _delete(self, query: str, values: tuple[Any, ...]) -> int:
        try:
            with self._connection:
                return self._connection.execute(query, values).rowcount
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def _open(self) -> sqlite3.Connection:
        deadline = time.monotonic() + _BUSY_TIMEOUT_S
        while True:
            try:
                connection, notes = opening.connect(self._path, _BUSY_TIMEOUT_S, any_thread=self._any_thread)
                self.notes += notes
                return connection
            except sqlite3.OperationalError as error:
                # SQLite does not wait when two open a new file at once and both turn to WAL
                if str(error) != "database is locked" or time.monotonic() > deadline:
                    raise self._failed(error) from None
                time.sleep(_PAUSE_S)
            except sqlite3.DatabaseError as error:
                if self._path is None or not (self._renew and opening.is_named_as_memory(self._path)):
                    raise self._failed(error) from None
                self._set_aside(self._path)

    def _set_aside(self, path: Path) -> None:
        aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.replace(aside)
        self.notes.append(f"the memory file was damaged; it is kept as {aside.name} and a new one was begun")

    def _select(self, query: str, keys: Iterable[bytes]) -> Iterator[list[tuple[Any, ...]]]:
        wanted = list(keys)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            try:
                yield self._connection.execute(f"{query} ({','.join('?' * len(part))})", part).fetchall()
            except sqlite3.Error as error:
                raise self._failed(error) from None

    def _write(self, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
        try:
            with self._connection:
                self._connection.executemany(query, [tuple(map(_to_sql, row)) for row in rows])
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def _failed(self, error: sqlite3.Error) -> StoreError:
        if self._path is None:
            hint = "free some space in the temporary folder, or name another in TMPDIR"
            return StoreError(f"the temporary memory: {error}; {hint}")
        if str(error) == "database is locked" and opening.lacks_locks(self._path):
            return StoreError(
                f"{self._path}: its file system has no file locks (NFS without its daemon?); choose one on a "
                "local disk with --memory"
            )
        hint = {
            "database is locked": "another program holds it; wait for it, or choose another with --memory",
            "attempt to write a readonly database": "it is read-only; choose another with --memory",
            "unable to open database file": "it cannot be opened or created; choose another with --memory",
            "file is not a database": "it is damaged; keep a copy, and begin another with --memory",
            "database disk image is malformed": "it is damaged; keep a copy, and begin another with --memory",
            "disk I/O error": "the disk or its file system fails; choose a local disk with --memory",
            "database or disk is full": "the disk is full; free some space and run the same command again",
        }.get(str(error), "choose another with --memory, or use --no-memory")
        return StoreError(f"{self._path}: {error}; {hint}")


def path_key(path: Path) -> str:
    """Returns the absolute path as text; a name that is no UTF-8 is spelled in escapes."""
    return os.fsencode(os.path.realpath(path)).decode("utf-8", "backslashreplace")


def _flag_row(flag: Flag) -> list[Any]:
    spans = [flag.source_spans, flag.target_spans] if flag.source_spans or flag.target_spans else []
    return [flag.check, flag.message, flag.severity, *spans]


def _flags_to_json(flags: tuple[Flag, ...]) -> str:
    return json.dumps([_flag_row(flag) for flag in flags], ensure_ascii=False) if flags else ""


def _flags_from_json(text: str) -> tuple[Flag, ...]:
    """Flags of earlier versions have no spans."""
    rows = json.loads(text) if text else []
    return tuple(
        Flag(check, message, severity, *(tuple(map(tuple, spans)) for spans in more))
        for check, message, severity, *more in rows
    )


def _to_sql(value: Any) -> Any:
    """A value as SQLite takes it: a text with half a surrogate pair goes as bytes."""
    if not isinstance(value, str):
        return value
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
    return value


def _from_sql(value: Any) -> Any:
    """The inverse of `_to_sql`."""
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value
