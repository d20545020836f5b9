"""The executor for many machines, on several raylets: deaths, machines that come and go, resume."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from batchtx.errors import ConfigError, EngineError, ModelError
from batchtx.executors.ray import RayExecutor
from tests.helpers.cluster import add_node, cluster, needs_ray
from tests.helpers.command import run, start
from tests.helpers.texts import text
from tests.helpers.workers import build_dying_once, build_moody, build_never, build_upper, give_up

pytestmark = [pytest.mark.slow, needs_ray]


@pytest.fixture(scope="module")
def made() -> Iterator[Any]:
    with cluster(2) as one:
        yield one


def test_an_item_that_kills_is_found_and_the_others_are_done(made: Any) -> None:
    executor = RayExecutor(2, 30, made.address)
    batches = [["a", "b", "die", "c", "d"], ["e"], ["f", "g"]]
    results = list(executor.map(build_moody, batches, give_up))
    assert results == [["A", "B", "gave up on die: the worker process died", "C", "D"], ["E"], ["F", "G"]]


def test_a_death_that_does_not_come_again_costs_nobody_a_result(made: Any, tmp_path: Path) -> None:
    executor = RayExecutor(2, 30, made.address)
    build = build_dying_once(str(tmp_path / "flag"))
    assert list(executor.map(build, [["a", "frail"], ["b"]], give_up)) == [["A", "FRAIL"], ["B"]]


def test_a_hung_actor_is_replaced(made: Any) -> None:
    executor = RayExecutor(1, 2, made.address)
    (first, second) = executor.map(build_moody, [["hang"], ["a"]], give_up)
    assert first == ["gave up on hang: no answer for 2 s"]
    assert second == ["A"]


def test_what_cannot_be_built_is_told(made: Any) -> None:
    with pytest.raises(EngineError, match="no model here"):
        list(RayExecutor(1, 30, made.address).map(build_never, [["a"]], give_up))


def test_another_model_of_the_same_name_is_refused(made: Any) -> None:
    from functools import partial

    from batchtx.engines.spec import EngineSpec
    from batchtx.pipeline.scheduling import _build
    from batchtx.worker.worker import WorkSpec

    build = partial(_build, WorkSpec(EngineSpec(), "zh", "en"), "zh-en@00000000")
    with pytest.raises(ModelError, match="the run wants zh-en@00000000"):
        list(RayExecutor(1, 30, made.address).map(build, [["a"]], lambda item, reason: reason))


def test_an_address_without_a_cluster_is_told() -> None:
    with pytest.raises(ConfigError, match=r"no cluster at 127\.0\.0\.1:1"):
        list(RayExecutor(1, 30, "127.0.0.1:1").map(build_upper, [["a"]], give_up))


def test_a_machine_that_joins_is_used(made: Any) -> None:
    executor = RayExecutor(0, 60, made.address)
    results = executor.map(build_upper, ([str(number)] * 3 for number in range(4000)), give_up)
    next(results)
    assert len(executor._hands) <= 2
    node = add_node(made)
    try:
        deadline = time.monotonic() + 60
        for _ in results:
            if len(executor._hands) == 3 and all(hand.ready for hand in executor._hands):
                break
            assert time.monotonic() < deadline
        assert len(set(executor.worker_pids)) == 3
    finally:
        results.close()
        made.remove_node(node)


def test_a_machine_that_leaves_half_way_costs_no_segment(made: Any) -> None:
    node = add_node(made)
    executor = RayExecutor(3, 60, made.address)
    results = executor.map(
        build_upper, ([f"{number}-{n}" for n in range(4)] for number in range(300)), give_up
    )
    found = [next(results) for _ in range(20)]
    made.remove_node(node)
    found += list(results)
    assert found == [[f"{number}-{n}" for n in range(4)] for number in range(300)]


# -- whole runs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    for number in range(6):
        (tmp_path / "docs" / f"{number}.txt").write_text(
            f"第 {number} 号合同。\n" + text(40 + number), encoding="utf-8"
        )
    return tmp_path


def outputs(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.txt"))]


def test_a_run_gives_the_same_bytes_as_one_process(made: Any, folder: Path) -> None:
    run("translate", "docs", "-o", "one", "-j", "1", "--no-memory", "--executor", "serial", cwd=folder)
    options = ("--executor", "ray", "--address", made.address, "--no-memory")
    said = run("translate", "docs", "-o", "many", *options, cwd=folder).stderr.decode()
    assert outputs(folder / "one") == outputs(folder / "many")
    assert "documents  6 written" in said


def test_a_killed_driver_is_resumed(made: Any, folder: Path) -> None:
    run("translate", "docs", "-o", "one", "-j", "1", "--no-memory", "--executor", "serial", cwd=folder)
    options = ("--executor", "ray", "--address", made.address, "--beam-size", "4")
    driver = start("translate", "docs", "-o", "many", *options, cwd=folder)
    memory = folder / ".batchtx" / "memory.sqlite"
    _wait_for_segments(memory, driver)
    os.killpg(driver.pid, signal.SIGKILL)
    driver.communicate()
    said = run("translate", "docs", "-o", "many", *options, cwd=folder).stderr.decode()
    assert outputs(folder / "one") == outputs(folder / "many")
    assert " memory" in said


def _wait_for_segments(memory: Path, driver: subprocess.Popen[bytes]) -> None:
    """Until the killed run has left something in the memory."""
    from batchtx.memory.store import Store

    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert driver.poll() is None, "the run ended before it could be killed"
        if memory.exists():
            with Store(memory) as store:
                if store.count().n_machine:
                    return
        time.sleep(0.05)
    raise AssertionError("nothing was translated")
