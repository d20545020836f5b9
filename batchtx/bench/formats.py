"""How fast each format is read and written, without a model, and what share of a whole run that is."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from batchtx.bench.corpus import segments
from batchtx.bench.format_documents import make_document
from batchtx.bench.tables import markdown
from batchtx.engines.pseudo import PseudoEngine
from batchtx.formats import FORMATS, find_format, open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.language.pair import find_pair
from batchtx.records import Unit, UnitTarget
from batchtx.text.inline_codes import CODE


@dataclass(frozen=True, slots=True)
class FormatSpeed:
    """Seconds for one document: `echo_s` to read it and write it as it was, `written_s` with other words,
    `verify_s` to verify that; `whole_s` for a whole run with the default student in one worker."""

    name: str
    n_bytes: int
    n_text_bytes: int
    echo_s: float
    written_s: float
    verify_s: float
    whole_s: float | None = None


def measure_formats(
    n_segments: int, names: Iterable[str] = FORMATS, *, whole: bool = False
) -> list[FormatSpeed]:
    """Measures documents with so many sentences, one of each format."""
    sentences = list(segments(n_segments))
    n_text_bytes = sum(len(one.encode()) for one in sentences)
    found = []
    with tempfile.TemporaryDirectory(prefix="batchtx-bench-") as folder:
        for name in names:
            path = Path(folder) / f"in{find_format(name).extensions[0]}"
            path.write_bytes(make_document(name, sentences))
            echo_s, _ = _written(name, path, lambda text: text, verify=False)
            written_s, verify_s = _written(name, path, _Words(), verify=True)
            whole_s = _whole_run(path) if whole else None
            size = path.stat().st_size
            found.append(FormatSpeed(name, size, n_text_bytes, echo_s, written_s, verify_s, whole_s))
    return found


class _Words:
    """Other words between the codes, each made once."""

    def __init__(self) -> None:
        self._engine = PseudoEngine()
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return self._known[text]

    def learn(self, text: str) -> None:
        """Makes the words for a text; what that takes is not measured."""
        pieces = re.split(f"({CODE.pattern})", text)
        self._known[text] = "".join(
            one if CODE.match(one) else self._engine.translate([one])[0].text for one in pieces
        )


def _written(name: str, path: Path, translate: Callable[[str], str], *, verify: bool) -> tuple[float, float]:
    """Seconds to read and write a document, and to verify it."""
    pair = find_pair(DEFAULT_SOURCE, DEFAULT_TARGET)
    if isinstance(translate, _Words):
        document = open_document(name, Source(path.name, path), FormatChoices(), pair)
        for unit in document.units():
            if isinstance(unit, Unit):
                translate.learn(unit.text)
    start = time.perf_counter()
    document = open_document(name, Source(path.name, path), FormatChoices(), pair)
    output = io.BytesIO()
    document.write(
        (
            UnitTarget(unit.address, translate(unit.text))
            for unit in document.units()
            if isinstance(unit, Unit)
        ),
        output,
    )
    written = time.perf_counter()
    if not verify:
        return written - start, 0.0
    other = path.with_name(f"out{path.suffix}")
    other.write_bytes(output.getvalue())
    ready = time.perf_counter()
    document.verify(other)
    return written - start, time.perf_counter() - ready


def _whole_run(path: Path) -> float:
    output = path.with_name(f"whole{path.suffix}")
    command = [sys.executable, "-m", "batchtx", "translate", str(path), "-o", str(output)]
    start = time.perf_counter()
    subprocess.run([*command, "-j", "1", "--no-memory", "--no-sheet", "-q"], check=True)
    return time.perf_counter() - start


def table(speeds: Iterable[FormatSpeed]) -> str:
    """Returns the measurements as a table."""
    rows = []
    for one in speeds:
        alone = one.written_s + one.verify_s
        row = [one.name, f"{one.n_bytes / 1e3:,.0f}"]
        row += [f"{one.n_text_bytes / 1e6 / seconds:.1f}" for seconds in (one.echo_s, one.written_s)]
        row += [f"{one.n_text_bytes / 1e6 / max(one.verify_s, 1e-9):.1f}"]
        row.append(f"{100 * alone / one.whole_s:.1f} %" if one.whole_s else "")
        rows.append(row)
    columns = ("format", "kB", "echo, MB/s", "other words, MB/s", "verify, MB/s", "share of a whole run")
    return "\n".join([*markdown(columns, rows), "", "MB: of text in UTF-8"])
