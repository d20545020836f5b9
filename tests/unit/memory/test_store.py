"""The memory file: what is kept, what happens when it is damaged, locked or shared."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from batchtx.errors import StoreError
from batchtx.memory import store as store_module
from batchtx.memory.keys import place_key, segment_key, source_key
from batchtx.memory.store import IMPORTED, Correction, Counts, Finished, OutputState, Store
from batchtx.records import Flag, Segment, Term

SEGMENT = Segment("a.txt", "line 1", "line 1", 0, "甲方应付款。")
FINISHED = Finished("Party A shall pay.", -0.25, (Flag("numbers", "3 is missing", "major"),), 1)


def test_gives_back_what_it_was_told(tmp_path: Path) -> None:
    key = segment_key(SEGMENT, "engine:x")
    with Store(tmp_path / "m.sqlite") as store:
        store.remember([(key, FINISHED)])
    with Store(tmp_path / "m.sqlite") as store:
        assert store.find([key, b"unknown"]) == {key: FINISHED}


def test_looks_up_more_keys_than_sqlite_takes_at_once(tmp_path: Path) -> None:
    keys = [n.to_bytes(16, "big") for n in range(2500)]
    with Store(tmp_path / "m.sqlite") as store:
        store.remember((key, FINISHED) for key in keys)
        assert len(store.find(keys)) == 2500


def test_a_temporary_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    with Store(None) as store:
        store.remember([(b"k" * 16, FINISHED)])
        assert store.find([b"k" * 16])
        assert not list(tmp_path.iterdir())


def test_keeps_what_was_remembered_when_the_process_dies(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.sqlite")
    store.remember([(b"k" * 16, FINISHED)])
    # no close: another connection sees it all the same
    with Store(tmp_path / "m.sqlite") as other:
        assert other.find([b"k" * 16])
    store.close()


def test_a_later_correction_replaces_an_earlier_one(tmp_path: Path) -> None:
    key = source_key("甲方")
    first = Correction("甲方", "Party-A", "A side", "li", "a.docx", 1.0)
    second = Correction("甲方", "Party A", "A side", "wang", "a.docx", 2.0)
    with Store(tmp_path / "m.sqlite") as store:
        store.correct([(key, first)])
        newest = store.newest_correction()
        store.correct([(key, second)])
        assert store.find_corrections([key]) == {key: second}
        assert store.newest_correction() > newest


def test_counts_what_it_holds(tmp_path: Path) -> None:
    with Store(tmp_path / "m.sqlite") as store:
        run = store.start_run("s", "{}")
        store.remember([(b"k" * 16, FINISHED)])
        made = Correction("甲方", "Party A", "", "li", "a.docx", 1.0)
        store.correct([(source_key("甲方"), made), (place_key(SEGMENT), made)])
        assert store.count() == Counts(1, 1, run, (("a.docx", 1),))
        assert list(store.corrections()) == [made]  # once, though it is kept for place and source


def test_forgets_old_machine_translations_but_no_corrections(tmp_path: Path) -> None:
    with Store(tmp_path / "m.sqlite") as store:
        run = store.start_run("s", "{}")
        store.remember([(b"k" * 16, replace(FINISHED, run=run))])
        store.correct([(source_key("甲"), Correction("甲", "A", "", "", "a.docx", 1.0))])
        assert store.forget_machine(older_than_days=1) == 0
        assert store.forget_machine(older_than_days=0) == 1
        assert store.count().n_human == 1


def test_outputs_are_written_again_when_an_import_is_taken_out(tmp_path: Path) -> None:
    with Store(tmp_path / "m.sqlite") as store:
        store.correct([(source_key("甲"), Correction("甲", "A", "", "", f"{IMPORTED}x.tmx", 1.0))])
        state = OutputState("source", "output", "signature", store.newest_correction())
        store.set_output_state(tmp_path / "a.en.docx", state)
        assert store.forget_import("other.tmx") == 0
        assert store.output_state(tmp_path / "a.en.docx") == state
        assert store.forget_import("x.tmx") == 1
        assert store.output_state(tmp_path / "a.en.docx") != state


def test_remembers_what_an_output_was_made_from(tmp_path: Path) -> None:
    state = OutputState("source", "output", "signature", 3)
    with Store(tmp_path / "m.sqlite") as store:
        assert store.output_state(tmp_path / "a.en.docx") is None
        store.set_output_state(tmp_path / "a.en.docx", state)
        assert store.output_state(tmp_path / "x" / ".." / "a.en.docx") == state


def test_sets_a_damaged_file_aside_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with Store(path) as store:
        assert "damaged" in store.notes[0]
        store.remember([(b"k" * 16, FINISHED)])
    (kept,) = tmp_path.glob("m.sqlite.damaged-*")
    assert kept.read_bytes().startswith(b"this is no database")


def test_refuses_the_memory_of_a_newer_version(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"
    with Store(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="newer batchtx"):
        Store(path)


def test_says_so_when_another_program_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BUSY_TIMEOUT_S", 0.1)
    path = tmp_path / "m.sqlite"
    with Store(path) as store:
        holder = sqlite3.connect(path)
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"m\.sqlite: database is locked; another program holds it"):
            store.remember([(b"k" * 16, FINISHED)])
        holder.rollback()
        holder.close()


def test_two_runs_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"

    def write(offset: int) -> None:
        with Store(path) as store:
            for number in range(100):
                store.remember([((offset + number).to_bytes(16, "big"), FINISHED)])

    threads = [threading.Thread(target=write, args=(offset,)) for offset in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store(path) as store:
        assert (
            len(store.find((o + n).to_bytes(16, "big") for o in (0, 1000, 2000) for n in range(100))) == 300
        )


@pytest.mark.parametrize(
    "other",
    [
        Segment("a.txt", "line 1", "line 1", 0, "乙方应付款。"),
        Segment("a.txt", "line 1", "line 1", 0, SEGMENT.source, kind="heading"),
        Segment("a.txt", "l", "l", 0, SEGMENT.source, terms=(Term(0, 2, "甲方", ("Party A",)),)),
    ],
)
def test_the_key_knows_what_a_translation_depends_on(other: Segment) -> None:
    assert segment_key(other, "s") != segment_key(SEGMENT, "s")


def test_the_key_does_not_know_where_a_segment_stands() -> None:
    elsewhere = Segment("b.txt", "line 9", "line 9", 4, SEGMENT.source)
    assert segment_key(elsewhere, "s") == segment_key(SEGMENT, "s")
    assert segment_key(SEGMENT, "t") != segment_key(SEGMENT, "s")
    assert place_key(elsewhere) != place_key(SEGMENT)
