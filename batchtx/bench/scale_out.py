"""What many machines cost and bring: figures measured on this one, and the arithmetic for a thousand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batchtx.bench.corpus import segments
from batchtx.bench.tables import markdown
from batchtx.memory.merge import merge_memory
from batchtx.memory.store import Store
from batchtx.pipeline.jobs import plan_documents
from batchtx.pipeline.shards import Shard
from batchtx.text.scripts import count_words

_SENTENCES = 20
_SHARDS = 100


@dataclass(frozen=True, slots=True)
class ScaleOutFigures:
    """What one machine does; bytes and seconds are for one document or segment each."""

    words_per_document: float
    words_per_segment: float
    worker_segments_per_s: float
    """One core with the student: engine, steps, checks; by CPU time."""

    driver_segments_per_s: float
    """The parent alone, by CPU time: the engine gives every source back."""

    disk_s: float
    """That the parent waits for the disk with each document, which is synced before it counts."""

    look_s: float
    """To list a document and tell its part."""

    job_bytes: float
    memory_bytes: float
    merged_segments_per_s: float
    driver_peak_bytes: int


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the job is that is worked out on paper."""

    documents: int
    nodes: int
    cores: int


def measure_scale(n_documents: int) -> ScaleOutFigures:
    """Measures all figures on made-up documents of 20 sentences."""
    with tempfile.TemporaryDirectory(prefix="batchtx-bench-") as name:
        folder = Path(name)
        texts = _write_documents(folder / "docs", n_documents)
        looked_s = _time_of_looking(folder / "docs") / n_documents
        engine, engine_cpu_s = _run(folder, "engine", "--engine", "ctranslate2")
        echo, echo_cpu_s = _run(folder, "echo", "--engine", "echo")
        n_segments = sum(engine["segments"].values())
        memory = folder / "engine.sqlite"
        return ScaleOutFigures(
            words_per_document=sum(map(count_words, texts)) / n_documents,
            words_per_segment=sum(map(count_words, texts)) / n_segments,
            worker_segments_per_s=n_segments / (engine_cpu_s - echo_cpu_s),
            driver_segments_per_s=n_segments / echo_cpu_s,
            disk_s=max(0.0, echo["elapsed_s"] - echo_cpu_s) / n_documents,
            look_s=looked_s,
            job_bytes=_bytes_of_jobs(folder / "docs", n_documents),
            memory_bytes=memory.stat().st_size / n_segments,
            merged_segments_per_s=_speed_of_merging(memory, folder / "whole.sqlite"),
            driver_peak_bytes=echo["peak_memory_bytes"]["parent"],
        )


def _write_documents(folder: Path, n_documents: int) -> list[str]:
    texts = list(segments(n_documents * _SENTENCES))
    for number in range(n_documents):
        path = folder / f"{number % 100:02}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = texts[number * _SENTENCES : (number + 1) * _SENTENCES]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return texts


def _time_of_looking(folder: Path) -> float:
    """Seconds in which one job finds its part of all documents."""
    started = time.perf_counter()
    plan_documents((str(folder),), Path("unwritten"), None, mine=Shard(1, _SHARDS).has)
    return time.perf_counter() - started


def _bytes_of_jobs(folder: Path, n_documents: int) -> float:
    tracemalloc.start()
    plan = plan_documents((str(folder),), Path("unwritten"), None)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(plan.jobs) == n_documents
    return used / n_documents


def _run(folder: Path, name: str, *options: str) -> tuple[dict[str, Any], float]:
    """The report of a run in one process, with sheet and memory, and its CPU seconds without the start."""
    report, memory = folder / f"{name}.json", folder / f"{name}.sqlite"
    command = [sys.executable, "-m", "batchtx"]
    files = ["--report", str(report), "--memory", str(memory), "--executor", "serial"]
    used_s = _cpu_s([*command, "translate", "docs", "-o", name, "-q", *options, *files], folder)
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found, used_s - _cpu_s([*command, "info"], folder)


def _cpu_s(command: Sequence[str], folder: Path) -> float:
    """Processor time of a command; neighbours on the machine do not change it much."""
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    before = os.times()
    subprocess.run(command, cwd=folder, check=True, env=variables, stdout=subprocess.DEVNULL)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def _speed_of_merging(memory: Path, whole: Path) -> float:
    with Store(whole) as store:
        started = time.perf_counter()
        done = merge_memory(store, memory)
        return done.n_segments / (time.perf_counter() - started)


def table(found: ScaleOutFigures, scale: Scale) -> str:
    """Returns the figures, and what follows for parts (`--shard`) and for one driver with a cluster."""
    measured = markdown(("measured here", ""), _measured(found))
    return "\n".join([*measured, "", *markdown(("on paper", ""), on_paper(found, scale))])


def _measured(found: ScaleOutFigures) -> Sequence[tuple[str, str]]:
    return (
        (
            "words in a document, in a segment",
            f"{found.words_per_document:.0f}, {found.words_per_segment:.1f}",
        ),
        ("one core as a worker", f"{found.worker_segments_per_s:,.0f} segments/s"),
        ("one core as the driver", f"{found.driver_segments_per_s:,.0f} segments/s"),
        ("the driver waits for the disk, each document", f"{found.disk_s * 1e3:,.1f} ms"),
        ("to list a document and tell its part", f"{found.look_s * 1e6:,.0f} µs"),
        ("a document in the driver's list", f"{found.job_bytes:,.0f} bytes"),
        ("a segment in the memory file", f"{found.memory_bytes:,.0f} bytes"),
        ("merging memories", f"{found.merged_segments_per_s:,.0f} segments/s"),
        ("the driver at its peak", f"{found.driver_peak_bytes / 1e6:,.0f} MB"),
    )


def on_paper(found: ScaleOutFigures, scale: Scale) -> Sequence[tuple[str, str]]:
    """Returns what so many documents cost on so many machines, from the figures."""
    n_segments = scale.documents * found.words_per_document / found.words_per_segment
    each_s = 1 / found.worker_segments_per_s + 1 / found.driver_segments_per_s
    work_s = n_segments * each_s / (scale.nodes * scale.cores)
    part = scale.documents / scale.nodes
    one_driver = found.driver_segments_per_s / found.worker_segments_per_s
    merge_s = n_segments / found.merged_segments_per_s
    return (
        ("segments", f"{n_segments / 1e6:,.0f} million"),
        (f"work on {scale.nodes:,} × {scale.cores} cores, all busy", _duration(work_s)),
        ("each part: documents", f"{part:,.0f}"),
        ("each part: to find its documents among all", _duration(scale.documents * found.look_s)),
        ("each part: the driver's list", f"{part * found.job_bytes / 1e6:,.1f} MB"),
        ("each part: waiting for the disk", _duration(part * found.disk_s)),
        ("each part: its memory", f"{n_segments / scale.nodes * found.memory_bytes / 1e6:,.0f} MB"),
        ("a lost machine costs at most", _duration(scale.documents * found.look_s + work_s)),
        ("one merged memory", f"{n_segments * found.memory_bytes / 1e9:,.0f} GB, in {_duration(merge_s)}"),
        ("one driver feeds", f"{one_driver:,.0f} workers"),
        ("one driver for all would hold", f"{scale.documents * found.job_bytes / 1e9:,.1f} GB of names"),
        ("one driver for all would take", _duration(n_segments / found.driver_segments_per_s)),
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:,.1f} h"
