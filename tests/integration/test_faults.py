"""Kill it, fill the disk, lock the file: nothing is lost, nothing is half-written."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.helpers.command import COMMAND, ROOT, environment, run, start
from tests.helpers.texts import text

N_SENTENCES = 1500


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.txt"
    path.write_text(text(N_SENTENCES), encoding="utf-8")
    return path


def remembered(folder: Path) -> int:
    try:
        with sqlite3.connect(
            f"file:{folder}/.batchtx/memory.sqlite?mode=ro", uri=True, timeout=5
        ) as connection:
            return int(connection.execute("SELECT COUNT(*) FROM segments").fetchone()[0])
    except sqlite3.Error:
        return 0


def wait_until(condition: Callable[[], bool], timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was_and_gives_the_same_bytes(book: Path, tmp_path: Path) -> None:
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    for folder in (whole, pieces):
        folder.mkdir()
        (folder / "book.txt").write_bytes(book.read_bytes())
    run("translate", "book.txt", "-j", "2", cwd=whole)
    killed = start("translate", "book.txt", "-j", "2", cwd=pieces)
    wait_until(lambda: remembered(pieces) > 100)
    workers = psutil.Process(killed.pid).children(recursive=True)
    killed.kill()
    killed.communicate()
    done_before = remembered(pieces)
    assert done_before < N_SENTENCES
    assert not (pieces / "book.en.txt").exists()
    assert list(pieces.glob(".batchtx-*.tmp"))
    psutil.wait_procs(workers, timeout=10)
    assert not any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers)
    run("translate", "book.txt", "-j", "1", "--report", "r.json", cwd=pieces)
    report = json.loads((pieces / "r.json").read_text(encoding="utf-8"))
    assert report["segments"]["memory"] >= done_before
    assert (pieces / "book.en.txt").read_bytes() == (whole / "book.en.txt").read_bytes()
    assert not list(pieces.glob(".batchtx-*.tmp"))


def test_a_killed_run_leaves_nothing_in_the_temporary_folder(book: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    killed = start("translate", "book.txt", "-j", "2", cwd=tmp_path, TMPDIR=str(temporary))
    wait_until(lambda: remembered(tmp_path) > 100)
    killed.kill()
    killed.communicate()
    assert not list(temporary.iterdir())


def test_a_killed_worker_is_replaced_and_nothing_is_missing(book: Path, tmp_path: Path) -> None:
    running = start("translate", "book.txt", "-j", "2", "--report", "r.json", cwd=tmp_path)
    wait_until(lambda: remembered(tmp_path) > 50)
    workers = [p for p in psutil.Process(running.pid).children() if "spawn_main" in " ".join(p.cmdline())]
    os.kill(workers[-1].pid, signal.SIGKILL)
    _, errors = running.communicate(timeout=120)
    assert running.returncode == 0, errors.decode()
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["segments"]["failed"] == 0
    assert sum(report["segments"].values()) == N_SENTENCES


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_stops_cleanly_and_can_be_resumed(book: Path, tmp_path: Path, number: int) -> None:
    running = start("translate", "book.txt", "-j", "2", cwd=tmp_path)
    wait_until(lambda: remembered(tmp_path) > 50)
    os.killpg(running.pid, number) if number == signal.SIGINT else os.kill(running.pid, number)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 130, errors.decode()
    assert "run the same command again to go on" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert {path.name for path in tmp_path.iterdir()} == {"book.txt", ".batchtx"}


def test_pressing_ctrl_c_again_and_again_does_no_harm(book: Path, tmp_path: Path) -> None:
    running = start("translate", "book.txt", "-j", "2", cwd=tmp_path)
    wait_until(lambda: remembered(tmp_path) > 50)
    for _ in range(4):
        os.killpg(running.pid, signal.SIGINT)
        time.sleep(0.02)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 130, errors.decode()
    assert "Traceback" not in errors.decode()


def test_too_few_open_files_are_told(book: Path, tmp_path: Path) -> None:
    command = f"ulimit -n 16; exec {shlex.join(COMMAND)} translate book.txt -j 8 --no-memory --no-sheet"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=60, env=environment(), check=False
    )
    assert done.returncode == 3
    assert b"a worker cannot be started (Too many open files)" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """A size limit on files stands in for the full disk: the same error path (EFBIG for ENOSPC)."""
    pytest.importorskip("resource")
    (tmp_path / "a.txt").write_text(text(20) * 100, encoding="utf-8")
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)); "
        "sys.argv = 'batchtx translate a.txt --engine pseudo --no-sheet -q --no-memory'.split(); "
        "from batchtx.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )
    assert done.returncode in (1, 3), done.stderr.decode()
    assert b"cannot be written: the file is larger than this file system allows" in done.stderr
    assert b"Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    (tmp_path / "ro").mkdir(mode=0o555)
    folder = "ro" if os.geteuid() else "/sys/kernel"  # root writes everywhere else
    done = run("translate", "a.txt", "-o", f"{folder}/a.txt", "--engine", "pseudo", cwd=tmp_path, code=None)
    assert done.returncode in (2, 3)
    assert "Traceback" not in done.stderr.decode()
    assert "cannot be written" in done.stderr.decode()


def test_an_output_that_is_a_pipe_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.txt")
    done = run("translate", "a.txt", "-o", "pipe.txt", "--engine", "pseudo", cwd=tmp_path, code=3)
    assert "a device or a pipe" in done.stderr.decode()
    assert (tmp_path / "pipe.txt").is_fifo()


def test_a_closed_standard_input_is_told(tmp_path: Path) -> None:
    arguments = ["translate", "-", "--format", "txt", "--engine", "pseudo"]
    command = "exec 0<&-; exec " + shlex.join([*COMMAND, *arguments])
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=60, env=environment(), check=False
    )
    assert done.returncode in (2, 3), done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert done.stderr.decode().strip()


def test_an_output_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    command = ("translate", "a.txt", "-o", "out/a.txt", "--engine", "pseudo")
    done = run(*command, cwd=tmp_path, code=2)
    assert "out is not a folder" in done.stderr.decode()
    done = run(*command, "--no-sheet", cwd=tmp_path, code=3)
    assert "Traceback" not in done.stderr.decode()
    assert "out" in done.stderr.decode()


@pytest.mark.slow
def test_a_locked_memory_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    memory = tmp_path / "m.sqlite"
    holder = sqlite3.connect(memory)
    holder.execute("CREATE TABLE x (y)")
    holder.execute("BEGIN EXCLUSIVE")
    done = run("translate", "a.txt", "--memory", "m.sqlite", "--engine", "pseudo", cwd=tmp_path, code=3)
    holder.rollback()
    holder.close()
    assert "another program holds it" in done.stderr.decode()


def test_two_runs_on_one_memory_at_once_are_safe(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(text(400), encoding="utf-8")
    runs = [start("translate", f"{name}.txt", "--engine", "pseudo", cwd=tmp_path) for name in ("a", "b")]
    for running in runs:
        _, errors = running.communicate(timeout=120)
        assert running.returncode == 0, errors.decode()
    assert (tmp_path / "a.en.txt").read_bytes() == (tmp_path / "b.en.txt").read_bytes()
