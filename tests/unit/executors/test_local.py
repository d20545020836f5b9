"""Workers that die, hang or never start: real processes, really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from batchtx.errors import EngineError
from batchtx.executors.local import LocalExecutor
from tests.helpers.workers import (
    build_dying_once,
    build_for_ever,
    build_large,
    build_moody,
    build_never,
    build_upper,
    give_up,
)


def test_isolates_the_item_that_kills_its_worker() -> None:
    batches = [["a", "b"], ["c", "die", "d", "e"], ["f"]]
    results = list(LocalExecutor(2, timeout_s=30).map(build_moody, batches, give_up))
    assert results == [["A", "B"], ["C", "gave up on die: the worker process died", "D", "E"], ["F"]]


def test_tries_a_batch_again_before_it_suspects_it(tmp_path: Path) -> None:
    executor = LocalExecutor(1, timeout_s=30)
    build = build_dying_once(str(tmp_path / "died"))
    assert list(executor.map(build, [["x", "frail"], ["y"]], give_up)) == [["X", "FRAIL"], ["Y"]]


def test_replaces_a_worker_that_hangs() -> None:
    executor = LocalExecutor(1, timeout_s=0.5)
    (first, second) = executor.map(build_moody, [["hang"], ["b"]], give_up)
    assert first == ["gave up on hang: no answer for 0.5 s"]
    assert second == ["B"]


def test_survives_a_worker_killed_from_outside() -> None:
    executor = LocalExecutor(2, timeout_s=30)
    results = executor.map(build_upper, ([f"a{n}"] for n in range(200)), give_up)
    gathered = [next(results) for _ in range(5)]
    os.kill(executor.worker_pids[0], signal.SIGKILL)
    gathered += list(results)
    assert gathered == [[f"A{n}"] for n in range(200)]


def test_says_why_workers_cannot_start() -> None:
    with pytest.raises(EngineError, match="no model here"):
        list(LocalExecutor(1).map(build_never, [["a"]], give_up))


def test_gives_up_on_workers_that_hang_while_they_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batchtx.executors.local._START_TIMEOUT_S", 1.0)
    with pytest.raises(EngineError, match="die or hang while they start"):
        list(LocalExecutor(1, timeout_s=1.0).map(build_for_ever, [["a"]], give_up))


def test_moves_results_larger_than_a_pipe() -> None:
    executor = LocalExecutor(1, timeout_s=30)
    batches = [["x"] * 4, ["y" * 300_000], ["z"] * 4]
    results = list(executor.map(build_large, batches[:1] + batches[2:], give_up))
    assert [len(result[0]) for result in results] == [1_000_000, 1_000_000]


def test_leaves_no_process_behind_when_it_is_stopped_early() -> None:
    executor = LocalExecutor(2, timeout_s=30)
    results = executor.map(build_upper, ([str(n)] for n in range(1000)), give_up)
    next(results)
    pids = executor.worker_pids
    results.close()
    assert pids
    assert executor.worker_pids == []
    assert not any(_alive(pid) for pid in pids)


_PARENT = """
import sys, time
from batchtx.executors.local import LocalExecutor
from tests.helpers.workers import build_moody, give_up
if __name__ == "__main__":
    executor = LocalExecutor(1, timeout_s=1000)
    results = executor.map(build_moody, [["a"], ["hang"]], give_up)
    next(results)
    print(*executor.worker_pids, flush=True)
    next(results)
"""


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 10
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
