"""Figures in the format that Prometheus reads."""

from __future__ import annotations

import re

from batchtx.service.metrics import Metrics, counter, gauge

_LINE = re.compile(
    r'(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? [0-9.e+-]+)'
)


def test_every_line_is_one_that_prometheus_reads() -> None:
    metrics = Metrics()
    metrics.count("GET", "/translate", 200, 0.02)
    metrics.count("POST", 'odd"path\\\n', 400, 99.0)
    lines = [*metrics.lines(), *gauge("a", "A.", {"": 1.0, 'state="x"': 2.0}), *counter("b_total", "B.", 3)]
    assert [line for line in lines if not _LINE.fullmatch(line)] == []
    assert 'batchtx_requests_total{method="GET",path="/translate",status="200"} 1' in lines


def test_a_histogram_grows_to_the_count_of_all() -> None:
    metrics = Metrics()
    for seconds in (0.001, 0.02, 0.3, 99.0):
        metrics.count("GET", "/", 200, seconds)
    buckets = [line for line in metrics.lines() if "_bucket" in line]
    counts = [int(line.rpartition(" ")[2]) for line in buckets]
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert 'le="+Inf"} 4' in buckets[-1]
