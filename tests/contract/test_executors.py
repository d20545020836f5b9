"""What every executor promises."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from batchtx.errors import EngineError
from batchtx.executors.local import LocalExecutor
from batchtx.executors.ray import RayExecutor
from batchtx.executors.serial import SerialExecutor
from batchtx.executors.shared import Interrupted, SharedExecutor
from batchtx.protocols import Executor
from tests.helpers.cluster import cluster, needs_ray
from tests.helpers.workers import build_moody, build_never, build_slow, build_upper, build_who, give_up

EXECUTORS: dict[str, Callable[[], Executor]] = {
    "serial": SerialExecutor,
    "local": lambda: LocalExecutor(2, timeout_s=30),
}
ON_TWO_RAYLETS = pytest.param("ray", marks=[pytest.mark.slow, needs_ray])


@pytest.fixture(scope="module")
def ray_address() -> Iterator[str]:
    with cluster(2) as made:
        yield made.address


@pytest.fixture(params=[*EXECUTORS, ON_TWO_RAYLETS, *(f"lane of {name}" for name in EXECUTORS)])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "ray":
        yield RayExecutor(2, 30, request.getfixturevalue("ray_address"))
        return
    built = EXECUTORS[request.param.removeprefix("lane of ")]()
    if not request.param.startswith("lane of "):
        yield built
        return
    with SharedExecutor(built) as shared:
        yield shared.lane()


@pytest.fixture(params=EXECUTORS)
def shared(request: pytest.FixtureRequest) -> Iterator[SharedExecutor]:
    with SharedExecutor(EXECUTORS[request.param]()) as shared:
        yield shared


def test_gives_the_results_of_each_batch_in_order(executor: Executor) -> None:
    batches = [[f"a{n}", f"b{n}"] for n in range(20)]
    results = list(executor.map(build_upper, batches, give_up))
    assert results == [[f"A{n}", f"B{n}"] for n in range(20)]


def test_passes_empty_batches_straight_through(executor: Executor) -> None:
    assert list(executor.map(build_upper, [[], ["a"], []], give_up)) == [[], ["A"], []]


def test_needs_no_worker_when_there_is_nothing_to_do(executor: Executor) -> None:
    def never() -> Callable[..., list[str]]:
        raise AssertionError("built a worker for nothing")

    assert list(executor.map(never, [[], []], give_up)) == [[], []]


def test_gives_up_on_the_one_item_that_raises(executor: Executor) -> None:
    (results,) = executor.map(build_moody, [["a", "b", "raise", "c", "d"]], give_up)
    assert results == ["A", "B", "gave up on raise: ValueError: bad item", "C", "D"]


def test_does_not_read_far_ahead(executor: Executor) -> None:
    read = 0

    def batches() -> Iterator[list[str]]:
        nonlocal read
        for number in range(1000):
            read += 1
            yield [str(number)]

    results = executor.map(build_upper, batches(), give_up)
    next(results)
    assert read <= 32
    results.close()


def test_tells_the_peak_memory_of_its_workers(executor: Executor) -> None:
    list(executor.map(build_upper, [["a"]], give_up))
    assert executor.peak_worker_bytes > 1_000_000


def test_says_every_empty_batch_of_a_source_that_has_nothing_just_now(executor: Executor) -> None:
    batches = [["a"], *([[]] * 100), ["b"]]
    assert list(executor.map(build_upper, batches, give_up)) == [["A"], *([[]] * 100), ["B"]]


def test_the_workers_of_a_shared_executor_stay_for_the_next_caller(shared: SharedExecutor) -> None:
    workers = {next(iter(shared.lane().map(build_who, [["x"]], give_up)))[0] for _ in range(3)}
    assert len(workers) == 1


def test_callers_of_a_shared_executor_each_get_their_own_results(shared: SharedExecutor) -> None:
    def one(number: int) -> list[list[str]]:
        batches = [[f"c{number}b{n}i{i}" for i in range(3)] for n in range(20)]
        return list(shared.lane(str(number % 2)).map(build_upper, batches, give_up))

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(one, range(5)))
    assert found == [[[f"C{number}B{n}I{i}" for i in range(3)] for n in range(20)] for number in range(5)]


def test_a_long_job_lets_a_short_one_of_another_client_pass(shared: SharedExecutor) -> None:
    long = shared.lane("long").map(build_slow, [[f"{n}"] for n in range(1000)], give_up)
    next(long)
    assert list(shared.lane("short").map(build_slow, [["a"], ["b"]], give_up)) == [["A"], ["B"]]
    long.close()


def test_a_caller_that_leaves_disturbs_no_other(shared: SharedExecutor) -> None:
    leaving = shared.lane().map(build_moody, [["a"], ["b"], ["raise"], ["c"]], give_up)
    next(leaving)
    leaving.close()
    assert list(shared.lane().map(build_moody, [["d", "raise"]], give_up)) == [
        ["D", "gave up on raise: ValueError: bad item"]
    ]


def test_a_lane_is_interrupted_while_it_waits(shared: SharedExecutor) -> None:
    lane = shared.lane()
    results = lane.map(build_slow, [[f"{n}"] for n in range(1000)], give_up)
    next(results)
    threading.Timer(0.1, lane.interrupt).start()
    with pytest.raises(Interrupted):
        for _ in results:
            pass


def test_workers_that_cannot_be_built_are_told_to_every_caller_and_tried_again(
    shared: SharedExecutor,
) -> None:
    for _ in range(2):
        with pytest.raises((EngineError, RuntimeError), match="no model here"):
            list(shared.lane().map(build_never, [["a"]], give_up))
    assert list(shared.lane().map(build_upper, [["a"]], give_up)) == [["A"]]


def test_a_closed_shared_executor_interrupts_those_that_wait() -> None:
    shared = SharedExecutor(SerialExecutor())
    results = shared.lane().map(build_slow, [[f"{n}"] for n in range(1000)], give_up)
    next(results)
    shared.close()
    with pytest.raises(Interrupted):
        list(results)
    with pytest.raises(Interrupted):
        list(shared.lane().map(build_upper, [["a"]], give_up))


def test_idle_workers_go_and_come_again() -> None:
    inner = LocalExecutor(1, timeout_s=30)
    with SharedExecutor(inner, idle_s=0.1) as shared:
        first = list(shared.lane().map(build_who, [["x"]], give_up))
        deadline = threading.Event()
        while inner.worker_pids:
            deadline.wait(0.02)
        assert list(shared.lane().map(build_who, [["x"]], give_up)) != first
