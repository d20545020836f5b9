"""The measurement of the service measures it."""

from __future__ import annotations

from batchtx.bench.service import Load, ServiceMeasured, measure_memory, measure_service, memory_table, table
from batchtx.engines.spec import EngineSpec


def test_measures_a_service_that_runs() -> None:
    measured = measure_service(EngineSpec("echo", ""), [1, 3], 6)
    assert [(load.clients, len(load.latencies_s)) for load in measured.loads] == [(1, 18), (3, 18)]
    assert len(measured.overhead_s) == 6
    assert all(load.per_s > 0 and load.bare_per_s > 0 for load in measured.loads)
    assert "overhead at one client" in table(measured)


def test_watches_its_memory() -> None:
    found = measure_memory(20)
    assert [n for n, _ in found] == list(range(0, 21, 2))
    assert all(n_bytes > 1_000_000 for _, n_bytes in found)
    assert memory_table(found).count("\n") == len(found) + 1


def test_percentiles_are_of_the_slowest() -> None:
    load = Load(1, tuple(n / 1000 for n in range(100)), 2.0, 100.0)
    assert (load.percentile_ms(0.5), load.percentile_ms(0.99), load.per_s) == (50.0, 99.0, 50.0)
    assert "0.50" in table(ServiceMeasured((load,), (0.001,), (0.002, 0.001)))
