"""The seed's table: size, latency of a sentence, BLEU-4, peak memory and start of teacher and student.

Each model runs in a process of its own, which is this module too: what it takes to start and how
much memory it needs is not blurred by the process that measures.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from batchtx.bench.scores import bleu
from batchtx.bench.tables import markdown
from batchtx.bench.term_sets import TermPair
from batchtx.engines import build_engine
from batchtx.engines.identity import describe_engine
from batchtx.engines.model_files import bundle_folder
from batchtx.engines.spec import EngineSpec
from batchtx.errors import EngineError
from batchtx.executors.memory_use import peak_bytes

_OWN_CLASSES = {"csanmt": "batchtx.distill.teacher", "batchtx-lstm": "batchtx.student.lstm"}
"""Modules that register our model types with transformers."""


@dataclass(frozen=True, slots=True)
class SeedRow:
    """What a model costs and gives; None where it is not known. Megabytes are 10**6 bytes."""

    name: str
    size_mb: float | None
    latency_s: float
    bleu: float | None
    memory_mb: float
    start_s: float

    def figures(self) -> tuple[float | None, ...]:
        """Returns the figures in the order of the columns."""
        return self.size_mb, self.latency_s, self.bleu, self.memory_mb, self.start_s


COLUMNS = ("size MB", "latency s", "BLEU-4", "peak memory MB", "start s")
SEED = SeedRow("seed's student (its own figures)", 210, 0.7, 31.8, 680, 5)
LIMITS = SeedRow("limit", 45, 0.1, None, 150, 1)
MOST_BLEU_LOST = 0.7


def measure_model(model: str, pairs: Sequence[TermPair]) -> SeedRow:
    """Measures a bundle or CTranslate2 folder, or a transformers folder in torch; one sentence at a time.

    The start goes from the start of the process to its first translation.

    Raises:
        UnknownName: no such model.
        EngineError: it did not run; why stands on stderr.
    """
    quick = bundle_folder(model) is not None or (Path(model) / "model.bin").is_file()
    spec = EngineSpec("ctranslate2" if quick else "torch", model)
    identity, folder = describe_engine(spec), bundle_folder(model) or Path(model)
    command = [sys.executable, "-m", "batchtx.bench.seed_table", spec.engine, model]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as sources:
        json.dump([pair.source for pair in pairs], sources)
        sources.seek(0)
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=sources, stdout=subprocess.PIPE, encoding="utf-8")
        assert process.stdout
        ready = process.stdout.readline()
        start_s = time.monotonic() - began
        measured = process.communicate()[0]
    if process.returncode or not ready:
        raise EngineError(f"{model}: it did not run in the engine {spec.engine}; see the message above")
    facts = json.loads(measured)
    return SeedRow(
        f"{identity.model}, {identity.engine}, {identity.decoding}",
        _folder_bytes(folder) / 1e6 if folder.is_dir() else None,
        facts["elapsed_s"] / len(pairs),
        bleu(facts["texts"], [pair.reference for pair in pairs], identity.target_language),
        facts["peak_bytes"] / 1e6,
        start_s,
    )


def table(student: SeedRow, teacher: SeedRow | None = None) -> str:
    """Returns all rows, the student's ratios, and which limits it misses."""
    rows = [SEED, *([teacher] if teacher else []), student, LIMITS]
    cells = [_cells(row.name, row.figures()) for row in rows]
    for base, name in ((SEED, "seed's student"), *([(teacher, "its teacher")] if teacher else [])):
        cells.append(_cells(f"student / {name}", _ratios(student, base)))
    lines = markdown(("model", *COLUMNS), cells)
    missed = [
        name
        for name, value, limit in zip(COLUMNS, student.figures(), LIMITS.figures(), strict=True)
        if value is not None and limit is not None and value > limit
    ]
    lines += ["", f"Over the limit: {', '.join(missed)}." if missed else "The student keeps all limits."]
    if teacher and teacher.bleu is not None and student.bleu is not None:
        lost = teacher.bleu - student.bleu
        lines.append(f"BLEU lost against this teacher: {lost:.2f}; the limit is {MOST_BLEU_LOST}.")
    lines.append("The seed's BLEU (its teacher: 32.5) is of another test set and does not compare.")
    return "\n".join(lines)


def _ratios(row: SeedRow, base: SeedRow) -> list[float | None]:
    """Row / base; no ratio of BLEU to the seed's, which is of another test set."""
    pairs = zip(row.figures(), base.figures(), strict=True)
    ratios = [value / other if value is not None and other else None for value, other in pairs]
    return [None if base is SEED and name == "BLEU-4" else r for name, r in zip(COLUMNS, ratios, strict=True)]


def _cells(name: str, figures: Sequence[float | None]) -> list[str]:
    return [name, *("" if figure is None else f"{figure:.3g}" for figure in figures)]


def _folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _run(engine_name: str, model: str) -> None:
    """The measured process: says when it has translated once, then what it took."""
    folder = bundle_folder(model) or Path(model)
    _register_own_classes(folder / "config.json")
    spec = EngineSpec(engine_name, model)
    engine, sources = build_engine(spec), json.load(sys.stdin)
    engine.translate(sources[:1], beam_size=spec.beam_size)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    began = time.monotonic()
    texts = [engine.translate([source], beam_size=spec.beam_size)[0].text for source in sources]
    facts: dict[str, Any] = {"elapsed_s": time.monotonic() - began, "peak_bytes": peak_bytes()}
    sys.stdout.write(json.dumps(facts | {"texts": texts}))


def _register_own_classes(config: Path) -> None:
    if config.is_file():
        model_type = json.loads(config.read_text(encoding="utf-8")).get("model_type")
        if model_type in _OWN_CLASSES:
            import_module(_OWN_CLASSES[model_type])


if __name__ == "__main__":
    _run(*sys.argv[1:])
