"""Only batchtx's own memory is opened, changed or set aside."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from batchtx.errors import StoreError
from batchtx.memory.keys import source_key
from batchtx.memory.store import Correction, Finished, Store
from tests.helpers.command import environment

ODD = "甲\ud800乙"
_FAKE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/types.h>
"""
_NO_LOCKS = """
static int fake(const char *name, int fd, int cmd, void *p) {
  if (cmd == F_SETLK || cmd == F_SETLKW) { errno = ENOLCK; return -1; }
  return ((int (*)(int, int, ...))dlsym(RTLD_NEXT, name))(fd, cmd, p); }
int fcntl(int fd, int cmd, ...) { va_list a; va_start(a, cmd); void *p = va_arg(a, void *); va_end(a);
  return fake("fcntl", fd, cmd, p); }
int fcntl64(int fd, int cmd, ...) { va_list a; va_start(a, cmd); void *p = va_arg(a, void *); va_end(a);
  return fake("fcntl64", fd, cmd, p); }
"""
_NO_SHARED_MAPS = """
static void *fake(const char *name, void *a, size_t n, int p, int f, int fd, off_t o) {
  if ((f & MAP_SHARED) && fd >= 0 && !(f & MAP_PRIVATE)) { errno = ENODEV; return MAP_FAILED; }
  return ((void *(*)(void *, size_t, int, int, int, off_t))dlsym(RTLD_NEXT, name))(a, n, p, f, fd, o); }
void *mmap(void *a, size_t n, int p, int f, int fd, off_t o) { return fake("mmap", a, n, p, f, fd, o); }
void *mmap64(void *a, size_t n, int p, int f, int fd, off_t o) { return fake("mmap64", a, n, p, f, fd, o); }
"""


@pytest.mark.parametrize("name", ["terms.csv", "contract.docx", "notes.db", "memory"])
def test_a_file_that_is_no_database_stays_where_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"source,target\n" * 100)
    with pytest.raises(StoreError, match="is no memory of batchtx"):
        Store(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == b"source,target\n" * 100


@pytest.mark.parametrize("name", ["places.sqlite", "app.db"])
@pytest.mark.parametrize("version", [0, 1, 2, 99])
def test_another_programs_database_gets_no_tables(tmp_path: Path, name: str, version: int) -> None:
    path = tmp_path / name
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE runs (a)")
        connection.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="the database of another program"):
        Store(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_memory(tmp_path: Path) -> None:
    (tmp_path / "new").touch()
    with Store(tmp_path / "new") as store:
        assert store.count().n_machine == 0


def test_damaged_pages_are_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"
    with Store(path) as store:
        store.remember((n.to_bytes(16, "big"), Finished("x" * 500, None, (), 1)) for n in range(500))
    data = bytearray(path.read_bytes())
    for place in range(2 * 4096, len(data), 7):
        data[place] = 0xA5
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"m\.sqlite: .*damaged"), Store(path, renew=False) as store:
        store.count()
        store.find([n.to_bytes(16, "big") for n in range(500)])
    assert [entry.name for entry in tmp_path.glob("*.damaged-*")] == []


def test_half_a_surrogate_pair_is_kept(tmp_path: Path) -> None:
    with Store(tmp_path / "m.sqlite") as store:
        store.remember([(b"k" * 16, Finished(ODD, None, (), 1))])
        entry = Correction(ODD, ODD, ODD, ODD, ODD, 1.0)
        store.correct([(source_key(ODD), entry)])
        assert store.find([b"k" * 16])[b"k" * 16].target == ODD
        assert store.find_corrections([source_key(ODD)]) == {source_key(ODD): entry}
        assert list(store.corrections()) == [entry]
        assert store.count().by_document == ((ODD, 1),)


def preloaded(folder: Path, source: str, script: str) -> str:
    """What a script prints on a system whose calls are replaced by C code."""
    (folder / "fake.c").write_text(_FAKE + source, encoding="utf-8")
    built = ["gcc", "-shared", "-fPIC", "-o", folder / "fake.so", folder / "fake.c", "-ldl"]
    subprocess.run(built, check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**environment(), "LD_PRELOAD": str(folder / "fake.so")},
    )
    return done.stdout + done.stderr


needs_gcc = pytest.mark.skipif(
    shutil.which("gcc") is None or sys.platform != "linux", reason="needs gcc and LD_PRELOAD"
)
_SCRIPT = """
from pathlib import Path
from batchtx.errors import StoreError
from batchtx.memory.store import Finished, Store
try:
    with Store(Path("m.sqlite")) as store:
        store.remember([(b"k" * 16, Finished("x", None, (), 1))])
        print(store.count().n_machine, *store.notes)
except StoreError as error:
    print(error)
"""


@needs_gcc
def test_a_file_system_without_locks_is_named(tmp_path: Path) -> None:
    assert "its file system has no file locks" in preloaded(tmp_path, _NO_LOCKS, _SCRIPT)


@needs_gcc
@pytest.mark.parametrize("existing", [False, True])
def test_without_shared_maps_the_memory_works_without_a_log(tmp_path: Path, existing: bool) -> None:
    if existing:
        with Store(tmp_path / "m.sqlite") as store:
            store.remember([(b"o" * 16, Finished("x", None, (), 1))])
    printed = preloaded(tmp_path, _NO_SHARED_MAPS, _SCRIPT)
    assert printed.startswith(f"{1 + existing} ")
    assert "no shared memory maps" in printed
    with Store(tmp_path / "m.sqlite") as store:
        assert store.count().n_machine == 1 + existing
