"""A run in parts: the documents of one whole run, and one memory and one set of sheets in the end."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from batchtx.memory.merge import merge_memory
from batchtx.memory.store import Correction, Finished, Store
from tests.helpers.command import run
from tests.helpers.sheets import correct
from tests.helpers.texts import text

N = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(12):
        path = tmp_path / "docs" / f"{number % 4}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"第 {number} 号文件。\n" + text(3 + number % 3), encoding="utf-8")
    return tmp_path


def outputs(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("[0-9]*.txt")}


def run_shards(folder: Path) -> None:
    for number in range(1, N + 1):
        run(
            *("translate", "docs", "-o", "out", "--engine", "pseudo", "--report", "run.json"),
            *("--shard", f"{number}/{N}"),
            cwd=folder,
        )


def test_parts_together_are_the_whole_run(folder: Path) -> None:
    run("translate", "docs", "-o", "whole", "--engine", "pseudo", "--no-memory", cwd=folder)
    run_shards(folder)
    assert outputs(folder / "out") == outputs(folder / "whole")
    reports = [
        json.loads((folder / f"run.shard-{n}-of-{N}.json").read_text("utf-8")) for n in range(1, N + 1)
    ]
    assert [one["shard"] for one in reports] == ["1/3", "2/3", "3/3"]
    names = [document["name"] for one in reports for document in one["documents"]]
    assert len(names) == len(set(names)) == 12
    assert len(list((folder / "out").glob("review.shard-*.csv"))) == N


def test_the_merged_memory_knows_all_and_takes_the_sheets_of_all_parts(folder: Path) -> None:
    run_shards(folder)
    parts = sorted((folder / ".batchtx").glob("memory.shard-*.sqlite"))
    assert len(parts) == N
    said = run("memory", "merge", *parts, cwd=folder).stderr.decode()
    assert "machine segments and 0 corrections are new" in said
    again = run("memory", "merge", *parts, cwd=folder).stderr.decode()
    assert all(": 0 machine segments and 0 corrections" in line for line in again.splitlines())
    done = run("translate", "docs", "-o", "out", "--engine", "pseudo", "--dry-run", cwd=folder)
    assert b"to translate: 0 segments" in done.stdout
    assert done.stdout.count(b"up to date") == 12
    sheets = sorted((folder / "out").glob("review.shard-*.csv"))
    for sheet in sheets:
        correct(sheet, {"第 7 号文件。": "File No. 7."})
    run("apply", *sheets, cwd=folder)
    assert (folder / "out" / "3" / "7.txt").read_text("utf-8").startswith("File No. 7.\n")


def test_a_part_without_documents_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    codes = {
        run("translate", "a.txt", "--engine", "pseudo", cwd=tmp_path, BATCHTX_SHARD=f"{n}/4").returncode
        for n in range(1, 5)
    }
    assert codes == {0}


# -- merging


def filled(path: Path, target: str, made_at: float, *, run_at: float = 0.0) -> Path:
    """A memory with one segment and one correction of the same source."""
    with Store(path) as store:
        number = store.start_run("s", "{}")
        store.remember([(b"k" * 16, Finished(f"machine {target}", 0.5, (), number))])
        store.correct([(b"c" * 16, Correction("甲方", target, "", "Li", "a.txt", made_at))])
    if run_at:
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE runs SET started_at = ?", (run_at,))
        connection.close()
    return path


@pytest.mark.parametrize(("ours", "theirs", "kept"), [(1.0, 2.0, "theirs"), (2.0, 1.0, "ours")])
def test_the_newer_correction_stays_and_the_conflict_is_told(
    tmp_path: Path, ours: float, theirs: float, kept: str
) -> None:
    mine, other = filled(tmp_path / "a.sqlite", "ours", ours), filled(tmp_path / "b.sqlite", "theirs", theirs)
    said = run("memory", "merge", other, "--memory", mine, cwd=tmp_path).stderr.decode()
    dropped = {"ours": "theirs", "theirs": "ours"}[kept]
    assert f"conflict: 甲方: {kept} (newer) counts, not: {dropped}" in said
    with Store(mine) as store:
        assert store.find_corrections([b"c" * 16])[b"c" * 16].target == kept


@pytest.mark.parametrize(("ours", "theirs", "kept"), [(1.0, 2.0, "machine b"), (2.0, 1.0, "machine a")])
def test_the_newer_machine_translation_stays(tmp_path: Path, ours: float, theirs: float, kept: str) -> None:
    mine = filled(tmp_path / "a.sqlite", "a", 1.0, run_at=ours)
    other = filled(tmp_path / "b.sqlite", "b", 1.0, run_at=theirs)
    with Store(mine) as store:
        done = merge_memory(store, other)
        assert done.n_segments_apart == 1
        found = store.find([b"k" * 16])[b"k" * 16]
    assert found.target == kept
    with Store(mine) as store:
        assert store.count().n_runs == 2


def test_outputs_are_written_again_when_a_correction_came(folder: Path) -> None:
    run("translate", "docs", "-o", "out", "--engine", "pseudo", cwd=folder)
    with Store(folder / "other.sqlite") as store:
        from batchtx.memory.keys import source_key

        correction = Correction("第 7 号文件。", "File 7.", "", "Li", "", 1.0)
        store.correct([(source_key("第 7 号文件。"), correction)])
    run("memory", "merge", "other.sqlite", cwd=folder)
    run("translate", "docs", "-o", "out", "--engine", "pseudo", cwd=folder)
    assert (folder / "out" / "3" / "7.txt").read_text("utf-8").startswith("File 7.\n")


def test_what_cannot_be_merged_is_told_and_changes_nothing(tmp_path: Path) -> None:
    mine = filled(tmp_path / "a.sqlite", "a", 1.0)
    (tmp_path / "text.txt").write_text("no database", encoding="utf-8")
    for other, words in (
        ("missing.sqlite", "no such"),
        ("text.txt", "no memory"),
        ("a.sqlite", "merged into"),
    ):
        done = run("memory", "merge", other, "--memory", mine, cwd=tmp_path, code=3)
        assert words in done.stderr.decode()
    assert not (tmp_path / "missing.sqlite").exists()
