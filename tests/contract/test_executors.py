"""What every executor promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from batchtx.executors.local import LocalExecutor
from batchtx.executors.ray import RayExecutor
from batchtx.executors.serial import SerialExecutor
from batchtx.protocols import Executor
from tests.helpers.cluster import cluster, needs_ray
from tests.helpers.workers import build_moody, build_upper, give_up

EXECUTORS: dict[str, Callable[[], Executor]] = {
    "serial": SerialExecutor,
    "local": lambda: LocalExecutor(2, timeout_s=30),
}
ON_TWO_RAYLETS = pytest.param("ray", marks=[pytest.mark.slow, needs_ray])


@pytest.fixture(scope="module")
def ray_address() -> Iterator[str]:
    with cluster(2) as made:
        yield made.address


@pytest.fixture(params=[*EXECUTORS, ON_TWO_RAYLETS])
def executor(request: pytest.FixtureRequest) -> Executor:
    if request.param == "ray":
        return RayExecutor(2, 30, request.getfixturevalue("ray_address"))
    return EXECUTORS[request.param]()


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
