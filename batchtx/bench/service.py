"""The service against the bare worker, in one run on one machine: requests of one sentence each.

The bare worker is what nobody can beat with the same model: called with as many sentences at once as there
are clients. Sentences are all different, so that the memory knows none of them.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path

from batchtx.bench.corpus import segments
from batchtx.bench.tables import markdown
from batchtx.engines.identity import describe_engine
from batchtx.engines.spec import EngineSpec
from batchtx.errors import BatchtxError
from batchtx.records import Segment
from batchtx.worker.worker import Worker, WorkSpec, build_worker

_ADDRESS = re.compile(rb"serving http://(\S+)")
_WARM = 16
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Load:
    """So many clients, each with one request after the other: seconds of each request, and of all."""

    clients: int
    latencies_s: tuple[float, ...]
    elapsed_s: float
    bare_per_s: float

    @property
    def per_s(self) -> float:
        """Requests a second."""
        return len(self.latencies_s) / self.elapsed_s

    def percentile_ms(self, share: float) -> float:
        """Returns the latency that so many requests stay under."""
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class ServiceMeasured:
    """Loads of several numbers of clients, and what the service adds to one sentence of one client."""

    loads: tuple[Load, ...]
    overhead_s: tuple[float, ...]
    cpu_s: tuple[float, float]
    """Processor time of one sentence: through the service, and bare. It tells on a busy machine too."""


def measure_service(spec: EngineSpec, clients: Sequence[int], n_requests: int) -> ServiceMeasured:
    """Measures a service of its own process; rounds of service and bare worker alternate.

    Raises:
        BatchtxError: the service does not start.
    """
    texts = iter(dict.fromkeys(segments(_WARM + n_requests * (2 + _ROUNDS * len(clients)) * 2)))
    identity = describe_engine(spec)
    worker = build_worker(WorkSpec(spec, identity.source_language, identity.target_language))
    with _service(spec) as (host, pid):
        for text in islice(texts, _WARM):
            _bare(worker, [text])
            _drive(host, [text], 1)
        cpu_before = _cpu_s(pid)
        overhead, bare_s = _overhead(host, worker, list(islice(texts, n_requests)))
        cpu = (_cpu_s(pid) - cpu_before) / n_requests, bare_s / n_requests
        loads = [_load(host, worker, n, texts, n_requests) for n in clients]
    return ServiceMeasured(tuple(loads), overhead, cpu)


def measure_memory(n_requests: int, clients: int = 8) -> list[tuple[int, int]]:
    """Returns (requests so far, resident bytes of the service) along so many requests, engine echo."""
    found = []
    with _service(EngineSpec("echo", "")) as (host, pid):
        done = 0
        found.append((0, _resident_bytes(pid)))
        while done < n_requests:
            part = min(n_requests // 10 or 1, n_requests - done)
            _drive(host, [f"第 {number} 个句子。" for number in range(done, done + part)], clients)
            done += part
            found.append((done, _resident_bytes(pid)))
    return found


def _overhead(host: str, worker: Worker, texts: Sequence[str]) -> tuple[tuple[float, ...], float]:
    """What each sentence takes longer through the service than bare, one client, one after the other.

    Also the processor time of all bare ones.
    """
    connection = HTTPConnection(host)
    found = []
    cpu_s = 0.0
    for number, text in enumerate(texts):
        times: dict[str, float] = {}
        for way in ("bare", "service") if number % 2 else ("service", "bare"):
            started = time.perf_counter()
            if way == "bare":
                cpu_before = time.process_time()
                _bare(worker, [text])
                cpu_s += time.process_time() - cpu_before
            else:
                _ask(connection, text)
            times[way] = time.perf_counter() - started
        found.append(times["service"] - times["bare"])
    connection.close()
    return tuple(found), cpu_s


def _load(host: str, worker: Worker, n_clients: int, texts: Iterator[str], n_requests: int) -> Load:
    latencies: list[float] = []
    elapsed_s = bare_s = 0.0
    n_bare = 0
    for _ in range(_ROUNDS):
        mine = list(islice(texts, n_requests))
        started = time.perf_counter()
        for start in range(0, len(mine), n_clients):
            _bare(worker, mine[start : start + n_clients])
        bare_s += time.perf_counter() - started
        n_bare += len(mine)
        started = time.perf_counter()
        latencies += _drive(host, mine, n_clients)
        elapsed_s += time.perf_counter() - started
    return Load(n_clients, tuple(latencies), elapsed_s, n_bare / bare_s)


def _drive(host: str, texts: Sequence[str], n_clients: int) -> list[float]:
    """So many clients take sentences in turn; the latencies of all requests."""
    latencies: list[float] = []

    def client(mine: Sequence[str]) -> None:
        connection = HTTPConnection(host)
        for text in mine:
            started = time.perf_counter()
            _ask(connection, text)
            latencies.append(time.perf_counter() - started)
        connection.close()

    threads = [threading.Thread(target=client, args=(texts[n::n_clients],)) for n in range(n_clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies


def _ask(connection: HTTPConnection, text: str) -> None:
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    connection.request("POST", "/translate", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    if answer.status != 200 or b"translation" not in answer.read():
        raise BatchtxError(f"the service answers {answer.status}")


def _bare(worker: Worker, texts: Sequence[str]) -> None:
    worker([Segment("text", "text", "text", number, text) for number, text in enumerate(texts)])


@contextmanager
def _service(spec: EngineSpec) -> Iterator[tuple[str, int]]:
    """A service on a free port, loaded; its address and process."""
    with tempfile.TemporaryDirectory(prefix="batchtx-bench-") as folder:
        command = [sys.executable, "-m", "batchtx", "serve", "--port", "0", "--engine", spec.engine]
        model = ["--model", str(Path(spec.model).resolve()) if Path(spec.model).is_dir() else spec.model]
        options = ["--beam-size", str(spec.beam_size), "--data", folder, *(model if spec.model else [])]
        process = subprocess.Popen([*command, *options], cwd=folder, stderr=subprocess.PIPE)
        try:
            assert process.stderr is not None
            match = next(filter(None, map(_ADDRESS.search, process.stderr)), None)
            if match is None:
                raise BatchtxError("the service does not start")
            host = match[1].decode()
            _drive(host, ["1"], 1)
            yield host, process.pid
        finally:
            process.terminate()
            process.communicate()


def _cpu_s(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def table(measured: ServiceMeasured) -> str:
    """Returns the measurements as a table, with the figures that matter underneath."""
    columns = ("clients", "requests/s", "bare worker/s", "ratio", "p50 ms", "p95 ms", "p99 ms")
    rows = [
        [
            str(load.clients),
            f"{load.per_s:.1f}",
            f"{load.bare_per_s:.1f}",
            f"{load.per_s / load.bare_per_s:.2f}",
            *(f"{load.percentile_ms(share):.1f}" for share in (0.5, 0.95, 0.99)),
        ]
        for load in measured.loads
    ]
    median = 1000 * statistics.median(measured.overhead_s)
    service_ms, bare_ms = (1000 * seconds for seconds in measured.cpu_s)
    return "\n".join(
        [
            *markdown(columns, rows),
            f"overhead at one client, median: {median:.2f} ms",
            f"processor time of a sentence: {service_ms:.2f} ms by the service, {bare_ms:.2f} ms bare",
        ]
    )


def memory_table(found: Sequence[tuple[int, int]]) -> str:
    """Returns the memory of the service along the requests."""
    return "\n".join(markdown(("requests", "service MB"), [[f"{n:,}", f"{b / 1e6:.1f}"] for n, b in found]))
