"""How fast DOCX documents are read and written, and what share of a whole run that is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from batchtx.bench.tables import markdown
from batchtx.engines.pseudo import PseudoEngine
from batchtx.errors import DocumentError
from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.language.pair import find_pair
from batchtx.pipeline.segments import cut_unit
from batchtx.records import Problem, UnitTarget
from batchtx.text.inline_codes import CODE

_PAGES = re.compile(rb"<Pages>(\d+)</Pages>")
_CHARS_PER_PAGE = 1200


@dataclass(frozen=True, slots=True)
class DocxSpeed:
    """Sums over documents. `whole_s` is a whole run with the default student in one worker, None when
    it was not measured."""

    n_documents: int
    n_pages: int
    n_units: int
    read_s: float
    cut_s: float
    write_s: float
    whole_s: float | None = None


def measure_docx(folder: Path, limit: int, *, whole: bool = False) -> DocxSpeed:
    """Reads, cuts and writes the first `limit` documents of a folder in this process, without a model."""
    paths = sorted(folder.rglob("*.docx"))[:limit]
    engine, pair = PseudoEngine(), find_pair(DEFAULT_SOURCE, DEFAULT_TARGET)
    n_documents = n_pages = n_units = 0
    read_s = cut_s = write_s = 0.0
    done: list[Path] = []
    for path in paths:
        start = time.perf_counter()
        try:
            document = open_document("docx", Source(str(path), path), FormatChoices(), pair)
            units = [unit for unit in document.units() if not isinstance(unit, Problem)]
        except DocumentError:
            continue
        read = time.perf_counter()
        for unit in units:
            cut_unit(str(path), unit, pair)
        cut = time.perf_counter()
        targets = [UnitTarget(unit.address, _coded(unit.text, engine)) for unit in units]
        ready = time.perf_counter()
        document.write(targets, BytesIO())
        write_s += time.perf_counter() - ready
        read_s += read - start
        cut_s += cut - read
        n_documents += 1
        n_units += len(units)
        n_pages += _pages(path, sum(len(unit.text) for unit in units))
        done.append(path)
    whole_s = _whole_run(done) if whole and done else None
    return DocxSpeed(n_documents, n_pages, n_units, read_s, cut_s, write_s, whole_s)


def table(speed: DocxSpeed) -> str:
    """Returns the measurement as a table."""
    alone_s = speed.read_s + speed.write_s
    columns = ("documents", "pages", "units", "read s", "cut s", "write s", "pages/s, read and write alone")
    counts = [str(speed.n_documents), f"{speed.n_pages:,}", f"{speed.n_units:,}"]
    seconds = [f"{value:.2f}" for value in (speed.read_s, speed.cut_s, speed.write_s)]
    row = [*counts, *seconds, f"{speed.n_pages / max(alone_s, 1e-9):,.0f}"]
    lines = markdown(columns, [row], left=())
    if speed.whole_s:
        lines.append(f"whole run with the default student, 1 worker: {speed.whole_s:.1f} s; ")
        lines[-1] += f"reading and writing is {100 * alone_s / speed.whole_s:.1f} % of it"
    return "\n".join(lines)


def _coded(text: str, engine: PseudoEngine) -> str:
    """A pseudo-translation of the pieces between the codes, so that every code stays in its place."""
    pieces = re.split(f"({CODE.pattern})", text)
    spoken = [piece if CODE.match(piece) else engine.translate([piece])[0].text for piece in pieces]
    return "".join(spoken)


def _pages(path: Path, n_chars: int) -> int:
    """The pages that Word counted, or a guess from the text."""
    guess = max(1, round(n_chars / _CHARS_PER_PAGE))
    try:
        with zipfile.ZipFile(path) as archive:
            match = _PAGES.search(archive.read("docProps/app.xml"))
    except (KeyError, OSError, zipfile.BadZipFile):
        return guess
    return max(guess, int(match[1])) if match else guess


def _whole_run(paths: Sequence[Path]) -> float:
    with tempfile.TemporaryDirectory(prefix="batchtx-bench-") as folder:
        inputs = Path(folder) / "in"
        inputs.mkdir()
        for number, path in enumerate(paths):
            (inputs / f"{number:04}.docx").write_bytes(path.read_bytes())
        command = [sys.executable, "-m", "batchtx", "translate", str(inputs), "-o", str(Path(folder) / "out")]
        options = ["-j", "1", "--no-memory", "--no-sheet", "-q"]
        start = time.perf_counter()
        subprocess.run([*command, *options], check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        return time.perf_counter() - start
