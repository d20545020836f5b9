"""Whole runs against the bare engine, in one run on one machine.

The bare loop is what nobody can beat with the same model: the engine alone in as many processes,
fed with the same segments, the translations thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from batchtx.bench.corpus import segments
from batchtx.bench.tables import markdown
from batchtx.engines import build_engine
from batchtx.engines.spec import EngineSpec
from batchtx.text.scripts import count_words


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of translating the same segments; speeds in source words a second."""

    name: str
    workers: int
    words_per_s: float
    elapsed_s: float
    first_translation_s: float | None = None
    parent_bytes: int = 0
    worker_bytes: int = 0


def measure_throughput(n_segments: int, workers: Sequence[int], spec: EngineSpec) -> list[Measured]:
    """Measures bare loop and whole run for each number of workers, alternating, on the same segments."""
    texts = list(dict.fromkeys(segments(n_segments)))
    rows: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="batchtx-bench-") as folder:
        source = Path(folder) / "bench.txt"
        source.write_text("\n".join(texts) + "\n", encoding="utf-8")
        for n_workers in workers:
            rows.append(_bare(texts, n_workers, spec))
            rows.append(_whole(source, n_workers, spec, texts))
    return rows


def _bare(texts: Sequence[str], n_workers: int, spec: EngineSpec) -> Measured:
    """The engine alone: each process gets every n-th segment and says when it is loaded."""
    context = get_context("spawn")
    barrier = context.Barrier(n_workers + 1)
    processes = [
        context.Process(target=_bare_loop, args=(list(texts[n::n_workers]), spec, barrier))
        for n in range(n_workers)
    ]
    for process in processes:
        process.start()
    barrier.wait()
    started = time.monotonic()
    for process in processes:
        process.join()
    elapsed_s = time.monotonic() - started
    return Measured("bare engine", n_workers, _words(texts) / elapsed_s, elapsed_s)


def _bare_loop(texts: list[str], spec: EngineSpec, barrier: Any) -> None:
    engine = build_engine(spec)
    engine.translate(texts[:8], beam_size=spec.beam_size)
    texts.sort(key=len)
    barrier.wait()
    for start in range(0, len(texts), 2048):
        engine.translate(texts[start : start + 2048], beam_size=spec.beam_size)


def _whole(source: Path, n_workers: int, spec: EngineSpec, texts: Sequence[str]) -> Measured:
    """`batchtx translate` in a process of its own, sheet and memory included; start-up is counted."""
    report = source.with_suffix(".json")
    command = [
        sys.executable,
        "-m",
        "batchtx",
        "translate",
        str(source),
        "-j",
        str(n_workers),
        "--model",
        spec.model,
        "--beam-size",
        str(spec.beam_size),
    ]
    options = ["--report", str(report), "--no-memory", "--force", "-q"]
    started = time.monotonic()
    subprocess.run([*command, *options], check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    elapsed_s = time.monotonic() - started
    facts = json.loads(report.read_text(encoding="utf-8"))
    return Measured(
        name="batchtx translate",
        workers=n_workers,
        words_per_s=_words(texts) / elapsed_s,
        elapsed_s=elapsed_s,
        first_translation_s=facts["first_translation_s"],
        parent_bytes=facts["peak_memory_bytes"]["parent"],
        worker_bytes=facts["peak_memory_bytes"]["worker"],
    )


def _words(texts: Sequence[str]) -> int:
    return sum(count_words(text) for text in texts)


def table(rows: Sequence[Measured]) -> str:
    """Returns the measurements as a table, with the ratios that matter underneath."""
    columns = ("way", "workers", "words/s", "s", "first translation s", "parent MB", "worker MB")
    cells = []
    for row in rows:
        first = "" if row.first_translation_s is None else f"{row.first_translation_s:.2f}"
        memory = [
            f"{n_bytes / 1e6:.0f}" if n_bytes else "" for n_bytes in (row.parent_bytes, row.worker_bytes)
        ]
        speed = [f"{row.words_per_s:,.0f}", f"{row.elapsed_s:.1f}", first]
        cells.append([row.name, str(row.workers), *speed, *memory])
    lines = markdown(columns, cells)
    speeds = {(row.name, row.workers): row.words_per_s for row in rows}
    counts = sorted({row.workers for row in rows})
    for n_workers in counts:
        ratio = speeds["batchtx translate", n_workers] / speeds["bare engine", n_workers]
        lines.append(f"whole run / bare engine, {n_workers} workers: {ratio:.2f}")
    if {1, 2} <= set(counts):
        ratio = speeds["batchtx translate", 2] / speeds["batchtx translate", 1]
        lines.append(f"2 workers / 1 worker: {ratio:.2f}")
    return "\n".join(lines)
