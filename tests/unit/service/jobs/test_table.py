"""The table of jobs."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from batchtx.errors import StoreError
from batchtx.service.jobs.record import JobRecord
from batchtx.service.jobs.table import JobTable

RECORD = JobRecord("1" * 32, "hash", "Li", "报告.docx", "docx", ".docx", ".csv", created_at=1.5)


def test_a_record_comes_back_as_it_went_in(tmp_path: Path) -> None:
    table = JobTable(tmp_path / "jobs.sqlite")
    for record in (RECORD, replace(RECORD, id="2" * 32, glossary="", error="…", n_chars=3, attempts=2)):
        table.add(record)
        assert table.find(record.id) == record
    assert table.find("3" * 32) is None
    table.close()


def test_unfinished_jobs_are_known_again_oldest_first(tmp_path: Path) -> None:
    table = JobTable(tmp_path / "jobs.sqlite")
    for number, state in enumerate(("translating", "done", "queued", "error", "cancelled")):
        moment = 10.0 - number
        table.add(replace(RECORD, id=str(number) * 32, state=state, created_at=moment))  # type: ignore[arg-type]
    table.close()
    again = JobTable(tmp_path / "jobs.sqlite")
    assert [one.state for one in again.unfinished()] == ["queued", "translating"]
    again.close()


def test_only_what_is_over_is_too_old(tmp_path: Path) -> None:
    table = JobTable(tmp_path / "jobs.sqlite")
    for number, moment in enumerate((0.0, 5.0, 50.0)):
        table.add(replace(RECORD, id=str(number) * 32, finished_at=moment))
    assert [one.id[0] for one in table.finished_before(10)] == ["1"]
    table.update("1" * 32, error="gone")
    table.remove("1" * 32)
    table.update("1" * 32, error="of one that is not there")
    assert table.ids() == {"0" * 32, "2" * 32}
    table.close()


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite").write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(StoreError, match="--data"):
        JobTable(tmp_path / "jobs.sqlite")
    with sqlite3.connect(tmp_path / "newer.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer"):
        JobTable(tmp_path / "newer.sqlite")
