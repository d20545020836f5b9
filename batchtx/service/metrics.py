"""Counts of what the service does, in the text format that Prometheus reads."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts requests; safe to tell from any thread. Labels are paths of routes, never a client's text."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._times: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one answered request."""
        with self._lock:
            self._requests[method, route, status] += 1
            buckets = self._times.setdefault(route, [0] * (len(_BOUNDS_S) + 1))
            buckets[bisect_left(_BOUNDS_S, seconds)] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]

    def lines(self) -> Iterator[str]:
        """Yields the counts of requests and how long they took."""
        with self._lock:
            yield from _head("batchtx_requests_total", "counter", "Answered requests.")
            for (method, route, status), n in sorted(self._requests.items()):
                labels = f'method="{method}",path="{_escaped(route)}",status="{status}"'
                yield f"batchtx_requests_total{{{labels}}} {n}"
            yield from _head("batchtx_request_seconds", "histogram", "Seconds from request to answer.")
            for route, buckets in sorted(self._times.items()):
                yield from self._histogram(route, buckets)

    def _histogram(self, route: str, buckets: list[int]) -> Iterator[str]:
        label, total = f'path="{_escaped(route)}"', 0
        for bound, n in zip((*_BOUNDS_S, float("inf")), buckets, strict=True):
            total += n
            shown = "+Inf" if bound == float("inf") else f"{bound:g}"
            yield f'batchtx_request_seconds_bucket{{{label},le="{shown}"}} {total}'
        yield f"batchtx_request_seconds_sum{{{label}}} {self._seconds[route]:.6f}"
        yield f"batchtx_request_seconds_count{{{label}}} {total}"


def gauge(name: str, about: str, values: dict[str, float]) -> Iterator[str]:
    """Yields a figure that goes up and down, by its labels ("" for none)."""
    yield from _head(name, "gauge", about)
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:g}"


def counter(name: str, about: str, value: int) -> Iterator[str]:
    """Yields a count that only grows."""
    yield from _head(name, "counter", about)
    yield f"{name} {value}"


def _head(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
