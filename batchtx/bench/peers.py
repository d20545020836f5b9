"""The race: what people use today and batchtx, on the same texts, weights and machine, in one run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from batchtx.bench.corpus import segments
from batchtx.bench.environments import Environments, Missing
from batchtx.bench.student_package import argos_package
from batchtx.bench.tables import markdown
from batchtx.engines.spec import EngineSpec
from batchtx.errors import ConfigError
from batchtx.text.scripts import count_words

_RIVALS = Path(__file__).parent / "rivals"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "ARGOS_INTRA_THREADS": "1"}
_N_BATCHED = 24
_SAMPLE_S = 0.05


@dataclass(frozen=True, slots=True)
class Raced:
    """One way. Speeds are source words in a second of processor time; None: not measured, `note` says why."""

    name: str
    words_per_s: float | None = None
    memory_bytes: int = 0
    first_s: float | None = None
    lost: int | None = None
    resumes: bool | None = None
    same: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Race:
    """What is raced with: the student, its checkpoint for transformers, texts, a folder of DOCX documents."""

    model: str
    checkpoint: Path
    n_segments: int
    documents: tuple[Path, ...]
    environments: Environments


def race(what: Race, tell: Callable[[str], None]) -> list[Raced]:
    """Runs everybody, one after the other; who cannot be installed or run is a row that says why."""
    lines = list(dict.fromkeys(segments(what.n_segments)))
    rows: list[Raced] = []
    with tempfile.TemporaryDirectory(prefix="batchtx-peers-") as name:
        folder = Path(name)
        for title, run in _runners(what, lines, folder):
            tell(title)
            try:
                rows.append(replace(run(), name=title))
            except (Missing, subprocess.SubprocessError, ConfigError, KeyError, OSError) as error:
                rows.append(Raced(title, note=f"skipped: {(str(error).splitlines() or [''])[0]:.120}"))
    return rows


def _runners(what: Race, lines: Sequence[str], folder: Path) -> Iterator[tuple[str, Callable[[], Raced]]]:
    few = lines[: max(60, len(lines) // 10)]
    yield "argostranslate, TXT", lambda: _argos(what, few, folder)
    yield "argos-translate-files, DOCX", lambda: _argos_documents(what, folder)
    yield "transformers, TXT", lambda: _hugging_face(what, few[: max(30, len(few) // 4)], folder)
    yield "docutranslate, DOCX, echo", lambda: _docutranslate(what, folder)
    for beam in (1, 4):
        yield f"bare CTranslate2, beam {beam}", lambda beam=beam: _bare(what, lines, beam)  # type: ignore[misc]
    for beam in (1, 4):
        for workers in (1, 2):
            title = f"batchtx, {workers} workers, beam {beam}, TXT"
            yield title, lambda b=beam, w=workers: _batchtx(what, lines, folder, b, w)  # type: ignore[misc]
    yield "batchtx, DOCX", lambda: _batchtx_documents(what, folder)


# -- the others


def _argos(what: Race, lines: Sequence[str], folder: Path) -> Raced:
    package = argos_package(what.model, folder)
    python = what.environments.python("argos")
    task = {"package": str(package), "lines": list(lines), "n_batched": _N_BATCHED}
    found = _run_rival(python, "argos", task, folder)
    return _raced(found, lines)


def _hugging_face(what: Race, lines: Sequence[str], folder: Path) -> Raced:
    python = what.environments.python("transformers")
    checkpoint = str(what.checkpoint.resolve())
    task = {"checkpoint": checkpoint, "lines": list(lines), "n_batched": 8, "beam_size": 4}
    return _raced(_run_rival(python, "hugging_face", task, folder), lines)


def _argos_documents(what: Race, folder: Path) -> Raced:
    package = argos_package(what.model, folder)
    return _documents(what, folder, "argos", "argos", {"package": str(package)})


def _docutranslate(what: Race, folder: Path) -> Raced:
    return _documents(what, folder, "docutranslate", "docutranslate_echo", {})


def _documents(what: Race, folder: Path, environment: str, script: str, task: dict[str, Any]) -> Raced:
    """Structure that documents lose on their way through another tool, by the rules of `batchtx verify`."""
    python = what.environments.python(environment)
    lost = peak = 0
    for number, document in enumerate(what.documents):
        copy = folder / f"{script}-{number}.docx"
        shutil.copyfile(document, copy)
        found = _run_rival(python, script, {**task, "document": str(copy)}, folder)
        lost += _n_lost(copy, Path(found["done"]["output"]))
        peak = max(peak, found["peak"])
    return Raced("", memory_bytes=peak, lost=lost)


def _raced(found: dict[str, Any], lines: Sequence[str]) -> Raced:
    done = found["done"]
    speed = sum(map(count_words, lines)) / done["cpu_s"]
    return Raced("", speed, found["peak"], found["first_s"], resumes=False, same=done["same"])


def _run_rival(python: Path, script: str, task: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What a rival told, when its first translation was there, and the peak memory of its processes."""
    path = folder / f"{script}.json"
    path.write_text(json.dumps(task), encoding="utf-8")
    home = {"XDG_DATA_HOME": str(folder / "data"), "HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    variables = {**os.environ, **_ONE_THREAD, **home}
    variables.pop("PYTHONPATH", None)
    command = [str(python), str(_RIVALS / f"{script}.py"), str(path)]
    started = time.monotonic()
    errors = (folder / f"{script}.log").open("w+", encoding="utf-8")
    with (
        errors,
        subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=errors, text=True) as it,
    ):
        watch = _Watch(it.pid)
        told: dict[str, Any] = {}
        for line in it.stdout or ():
            if line.startswith('{"event"'):
                facts = json.loads(line)
                told[facts["event"]] = facts
                told.setdefault("first_s", time.monotonic() - started)
        it.wait()
        told["peak"] = watch.stop()
        if it.returncode or "done" not in told:
            errors.seek(0)
            last = (errors.read().strip().splitlines() or ["no word"])[-1]
            raise ConfigError(f"{script} broke off: {last}")
    return told


# -- the engine, and batchtx


def _bare(what: Race, lines: Sequence[str], beam: int) -> Raced:
    """The engine alone in this process: nobody is faster with the same model and search."""
    from batchtx.engines import build_engine

    started = time.monotonic()
    engine = build_engine(EngineSpec(model=what.model, beam_size=beam))
    engine.translate(lines[:1], beam_size=beam)
    first_s = time.monotonic() - started
    ordered = sorted(lines, key=len)
    cpu_s = time.process_time()
    said = [
        one.text
        for n in range(0, len(ordered), 2048)
        for one in engine.translate(ordered[n : n + 2048], beam_size=beam)
    ]
    cpu_s = time.process_time() - cpu_s
    few = ordered[:: max(1, len(ordered) // 100)]
    alone = [engine.translate([line], beam_size=beam)[0].text for line in few]
    known = dict(zip(ordered, said, strict=True))
    same = alone == [known[line] for line in few]
    return Raced("", sum(map(count_words, lines)) / cpu_s, 0, first_s, resumes=False, same=same)


def _batchtx(what: Race, lines: Sequence[str], folder: Path, beam: int, workers: int) -> Raced:
    """Whole runs with sheet and memory; a run of one sentence tells what the start takes."""
    name = f"race-{beam}-{workers}"
    source = folder / f"{name}.txt"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--model", what.model, "--beam-size", str(beam), "-j", str(workers)]
    one = folder / f"{name}.1.txt"
    one.write_text(lines[0] + "\n", encoding="utf-8")
    start = _translate(folder, one, f"{name}.s.txt", "s", options)  # loading is left out for everybody
    found = _translate(folder, source, f"{name}.a.txt", "a", options)
    resumes = _resumes(folder, source, options, found["wall_s"])
    few = lines[: max(1, len(lines) // 8)]  # other batches, in another order
    shuffled = folder / f"{name}.r.txt"
    shuffled.write_text("\n".join(reversed(few)) + "\n", encoding="utf-8")
    _translate(folder, shuffled, f"{name}.b.txt", "b", options)
    texts = [(folder / f"{name}.{one}.txt").read_text(encoding="utf-8").splitlines() for one in "ab"]
    return Raced(
        "",
        sum(map(count_words, lines)) / (found["cpu_s"] - start["cpu_s"]),
        found["peak"],
        start["wall_s"],
        resumes=resumes,
        same=texts[0][: len(few)] == texts[1][::-1],
    )


def _translate(
    folder: Path, source: Path, output: str, memory: str, options: Sequence[str]
) -> dict[str, Any]:
    """A run with its processor time, the peak memory of its tree, and its report."""
    report = folder / f"{output}.json"
    files = [
        "-o",
        str(folder / output),
        "--report",
        str(report),
        "--memory",
        str(folder / f"{output}.{memory}.sqlite"),
    ]
    command = [sys.executable, "-m", "batchtx", "translate", str(source), "-q", "--force", *options, *files]
    before, started = os.times(), time.monotonic()
    with subprocess.Popen(command, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}) as run:
        watch = _Watch(run.pid)
        run.wait()
        peak = watch.stop()
    after, wall_s = os.times(), time.monotonic() - started
    if run.returncode not in (0, 1):
        raise ConfigError(f"batchtx ended with {run.returncode}")
    facts = json.loads(report.read_text(encoding="utf-8"))
    cpu_s = sum(after[2:4]) - sum(before[2:4])
    return {"cpu_s": cpu_s, "wall_s": wall_s, "peak": peak, "report": facts}


def _resumes(folder: Path, source: Path, options: Sequence[str], whole_s: float) -> bool:
    """Kills a run in its middle; the same command finds what was done, and gives the same bytes."""
    name = f"{source.stem}.k.txt"
    files = ["-o", str(folder / name), "--memory", str(folder / f"{name}.k.sqlite")]
    command = [sys.executable, "-m", "batchtx", "translate", str(source), "-q", *options, *files]
    with subprocess.Popen(command, start_new_session=True) as run:
        time.sleep(whole_s * 0.6)
        os.killpg(run.pid, signal.SIGKILL)
    found = _translate(folder, source, name, "k", options)
    whole = (folder / f"{source.stem}.a.txt").read_bytes()
    return bool(found["report"]["segments"]["memory"]) and (folder / name).read_bytes() == whole


def _batchtx_documents(what: Race, folder: Path) -> Raced:
    lost = peak = 0
    for number, document in enumerate(what.documents):
        output = f"batchtx-{number}.docx"
        found = _translate(folder, document, output, "d", ["--model", what.model, "-j", "1"])
        lost += _n_lost(document, folder / output)
        peak = max(peak, found["peak"])
    return Raced("", memory_bytes=peak, lost=lost)


def _n_lost(original: Path, translated: Path) -> int:
    """Differences of structure, marks and formatting that `batchtx verify` finds."""
    from batchtx.formats.docx.check.audit import audit_documents
    from batchtx.formats.docx.options import DocxOptions
    from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
    from batchtx.language.pair import find_pair

    audit = audit_documents(original, translated, DocxOptions(), find_pair(DEFAULT_SOURCE, DEFAULT_TARGET))
    if audit.error:
        raise ConfigError(f"{translated.name}: {audit.error}")
    return len(audit.differences)


class _Watch:
    """Looks at the memory of a process and all that it started, in a thread."""

    def __init__(self, pid: int) -> None:
        from threading import Event, Thread

        self._pid, self._peak, self._over = pid, 0, Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        import psutil

        while not self._over.wait(_SAMPLE_S):
            try:
                process = psutil.Process(self._pid)
                tree = [process, *process.children(recursive=True)]
                self._peak = max(self._peak, sum(one.memory_info().rss for one in tree))
            except psutil.Error:
                continue

    def stop(self) -> int:
        """Gives the peak, in bytes."""
        self._over.set()
        self._thread.join()
        return self._peak


def table(rows: Sequence[Raced], n_documents: int) -> str:
    """Returns the rows, and what batchtx is to the others per core."""
    columns = (
        "way",
        "words/s/core",
        "tree MB",
        "first word s",
        f"lost in {n_documents} DOCX",
        "resumes",
        "same text",
        "",
    )
    cells = [
        [
            row.name,
            "" if row.words_per_s is None else f"{row.words_per_s:,.0f}",
            f"{row.memory_bytes / 1e6:,.0f}" if row.memory_bytes else "",
            "" if row.first_s is None else f"{row.first_s:.1f}",
            "" if row.lost is None else str(row.lost),
            _yes(row.resumes),
            _yes(row.same),
            row.note,
        ]
        for row in rows
    ]
    return "\n".join([*markdown(columns, cells, left=(0, 5, 6, 7)), "", *_ratios(rows)])


def _ratios(rows: Sequence[Raced]) -> Iterator[str]:
    speeds = {row.name: row.words_per_s for row in rows if row.words_per_s}
    for beam in (1, 4):
        ours = speeds.get(f"batchtx, 1 workers, beam {beam}, TXT")
        bare = speeds.get(f"bare CTranslate2, beam {beam}")
        if ours and bare:
            yield f"whole run / bare engine, beam {beam}, per core: {ours / bare:.2f}"
    ours = speeds.get("batchtx, 1 workers, beam 4, TXT")
    for name in ("argostranslate, TXT", "transformers, TXT"):
        if ours and (theirs := speeds.get(name)):
            yield f"batchtx, beam 4 / {name}, same weights, per core: {ours / theirs:.1f}"


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
