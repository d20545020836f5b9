"""Takes what other memories know into one: those that the jobs of an array, or several people, have filled.

Of two machine translations of one key the one of the newer run stays, of two corrections the newer one; a
correction always goes before the machine (memory/lookup.py), whichever memory it comes from.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from batchtx.errors import StoreError
from batchtx.memory.store import Store

_NEWER = """
    (SELECT COALESCE(MAX(started_at), 0) FROM main.runs WHERE id = {theirs}) >
    (SELECT COALESCE(MAX(started_at), 0) FROM main.runs WHERE id = {ours})
"""
_RUNS = """
INSERT INTO main.runs (started_at, ended_at, signature, plan, report)
SELECT started_at, ended_at, signature, plan, report FROM other.runs AS o
WHERE NOT EXISTS (
    SELECT 1 FROM main.runs AS m
    WHERE m.started_at = o.started_at AND m.signature = o.signature AND m.plan = o.plan
) ORDER BY id
"""
_RUN_NUMBERS = """
CREATE TEMP TABLE numbers AS
SELECT o.id AS theirs, MAX(m.id) AS ours FROM other.runs AS o JOIN main.runs AS m
ON m.started_at = o.started_at AND m.signature = o.signature AND m.plan = o.plan GROUP BY o.id
"""
_SEGMENTS = f"""
INSERT INTO main.segments (key, target, score, flags, run)
SELECT o.key, o.target, o.score, o.flags, COALESCE(n.ours, 0)
FROM other.segments AS o LEFT JOIN numbers AS n ON n.theirs = o.run WHERE true
ON CONFLICT (key) DO UPDATE SET
    target = excluded.target, score = excluded.score, flags = excluded.flags, run = excluded.run
WHERE {_NEWER.format(theirs="excluded.run", ours="segments.run")}
"""
_OTHER_SEGMENTS = """
SELECT COUNT(*) FROM other.segments AS o JOIN main.segments AS m ON m.key = o.key WHERE m.target <> o.target
"""
_CONFLICTS = """
SELECT o.source, m.target, m.made_at, o.target, o.made_at FROM other.corrections AS o
JOIN main.corrections AS m ON m.key = o.key WHERE m.target <> o.target
GROUP BY o.source, m.target, o.target ORDER BY MIN(o.id)
"""
_CORRECTIONS = """
INSERT OR REPLACE INTO main.corrections (key, source, target, machine, reviewer, document, made_at)
SELECT o.key, o.source, o.target, o.machine, o.reviewer, o.document, o.made_at
FROM other.corrections AS o LEFT JOIN main.corrections AS m ON m.key = o.key
WHERE m.key IS NULL OR (o.made_at > m.made_at AND m.target <> o.target) ORDER BY o.id
"""
_OUTPUTS_APART = """
UPDATE main.outputs SET source_hash = '' WHERE signature <> 'sheet' AND EXISTS (
    SELECT 1 FROM other.outputs AS o WHERE o.path = main.outputs.path
    AND (o.output_hash <> main.outputs.output_hash OR o.signature <> main.outputs.signature)
)
"""
_OUTPUTS = "INSERT OR IGNORE INTO main.outputs SELECT * FROM other.outputs"
_OUTPUTS_AGAIN = "UPDATE main.outputs SET correction = -1 WHERE signature <> 'sheet'"
_PLACES = "INSERT OR IGNORE INTO main.places SELECT place, key FROM other.places"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people's translations of one source; `kept` is the newer one."""

    source: str
    kept: str
    dropped: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What one memory brought: new segments and corrections, segments that both have in other words."""

    n_segments: int
    n_corrections: int
    n_segments_apart: int
    conflicts: tuple[Conflict, ...]


def merge_memory(store: Store, other: Path) -> Merged:
    """Takes all that another memory holds into an open one, at once or not at all; twice does no harm.

    Raises:
        StoreError: it is no memory, is the same file, or cannot be read.
    """
    if not other.is_file():
        raise StoreError(f"{other}: no such memory")
    with Store(other, renew=False):  # refuses what is none, and brings an older one up to date
        pass
    if store.is_at(other):
        raise StoreError(f"{other}: is the memory that the others are merged into")
    with store.attached(other) as connection:
        return _merge(connection)


def _merge(connection: sqlite3.Connection) -> Merged:
    n_segments, n_corrections = _count(connection, "segments"), _count(connection, "corrections")
    connection.execute(_RUNS)
    connection.execute("DROP TABLE IF EXISTS temp.numbers")
    connection.execute(_RUN_NUMBERS)
    (n_apart,) = connection.execute(_OTHER_SEGMENTS).fetchone()
    connection.execute(_SEGMENTS)
    conflicts = tuple(
        Conflict(source, *((theirs, ours) if their_time > our_time else (ours, theirs)))
        for source, ours, our_time, theirs, their_time in connection.execute(_CONFLICTS).fetchall()
    )
    changed = connection.execute(_CORRECTIONS).rowcount
    connection.execute(_OUTPUTS_APART)
    connection.execute(_OUTPUTS)
    if changed:  # what was written without them is to be written again
        connection.execute(_OUTPUTS_AGAIN)
    connection.execute(_PLACES)
    return Merged(
        _count(connection, "segments") - n_segments,
        _count(connection, "corrections") - n_corrections,
        int(n_apart),
        conflicts,
    )


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT COUNT(*) FROM main.{table}").fetchone()[0])
