"""What a large glossary costs a whole run: the same document with glossaries of several sizes.

CPU seconds of `batchtx translate` and its worker, which other work on the machine changes less than
the clock. The glossaries find nothing, so that what the engine does is the same for all; its own time
varies by more than they cost, so the differences are taken between runs with the echo engine, in
turn, and compared with a run with the model. Medians count.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from batchtx.bench.corpus import segments
from batchtx.bench.tables import markdown
from batchtx.bench.term_sets import filler


@dataclass(frozen=True, slots=True)
class RunCost:
    """A glossary of `n_terms`: the CPU seconds it adds, and their share of a run with the model."""

    n_terms: int
    added_s: float
    share: float


def measure_runs(sizes: Sequence[int], n_segments: int, repeat: int, model: str) -> list[RunCost]:
    """Measures what each size adds to a run without a glossary, `repeat` runs each."""
    texts = list(dict.fromkeys(segments(n_segments)))
    seconds: dict[int, list[float]] = {size: [] for size in (0, *sizes)}
    with_model: list[float] = []
    with tempfile.TemporaryDirectory(prefix="batchtx-bench-") as folder:
        source = Path(folder) / "bench.txt"
        source.write_text("\n".join(texts) + "\n", encoding="utf-8")
        glossaries = {size: _write_glossary(Path(folder), size, texts) for size in seconds}
        for _ in range(repeat):
            with_model.append(_run(source, None, "--model", model))
            for size, glossary in glossaries.items():
                seconds[size].append(_run(source, glossary, "--engine", "echo"))
    added = {size: median(some) - median(seconds[0]) for size, some in seconds.items()}
    return [RunCost(size, added[size], added[size] / median(with_model)) for size in sizes]


def table(costs: Sequence[RunCost]) -> str:
    """Returns the costs as a table."""
    columns = ("glossary terms", "adds CPU s", "of a run with the model %")
    rows = [[f"{cost.n_terms:,}", f"{cost.added_s:.2f}", f"{cost.share * 100:.1f}"] for cost in costs]
    return "\n".join(markdown(columns, rows, left=()))


def _write_glossary(folder: Path, size: int, texts: Sequence[str]) -> Path | None:
    if not size:
        return None
    path = folder / f"{size}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("source", "target"))
        rows.writerows((entry.source, entry.targets[0]) for entry in filler(size, texts, 1).entries)
    return path


def _run(source: Path, glossary: Path | None, *engine: str) -> float:
    """CPU seconds of one run, those of its worker among them."""
    command = [sys.executable, "-m", "batchtx", "translate", str(source), "-j", "1", *engine]
    options = ["--no-memory", "--force", "--no-sheet", "-q"]
    before = os.times()
    with_glossary = ["--glossary", str(glossary)] if glossary else []
    subprocess.run([*command, *options, *with_glossary], check=True)
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system
