"""One document that goes wrong in any way does not take the others with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from batchtx.config import RunConfig
from batchtx.engines.spec import EngineSpec
from batchtx.errors import EngineError
from batchtx.executors.serial import SerialExecutor
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.glossary.table import Glossary
from batchtx.language.zh_en import PAIR
from batchtx.memory.store import Store
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.run import Run, translate_documents
from batchtx.pipeline.scheduling import Workers
from batchtx.pipeline.silent import Silent
from batchtx.records import Problem, Translation, Unit, UnitTarget
from batchtx.report.report import Report
from batchtx.worker.worker import WorkSpec


class FaultyDocument:
    """Breaks while it is read or written, as its name says."""

    notes = ()

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def units(self) -> Iterator[Unit | Problem]:
        for number in range(3):
            if self.fault == "reading" and number == 2:
                raise KeyError("w:p")
            yield Unit(f"p{number}", f"paragraph {number}", "甲方应付款。")

    def write(self, targets: Iterable[UnitTarget], output: BinaryIO) -> None:
        for number, target in enumerate(targets):
            if self.fault == "writing" and number == 1:
                raise ZeroDivisionError("a bug")
            output.write(target.text.encode())

    def verify(self, output: Path) -> None:
        if self.fault == "verifying":
            raise AssertionError("lost a paragraph")

    read_bytes = 0

    def progress(self) -> float:
        return 1.0


class Shares(Silent):
    def __init__(self) -> None:
        self.told: list[tuple[str, float]] = []

    def translated(self, report: Report, translation: Translation, share: float) -> None:
        self.told.append((translation.segment.document, share))


def run_of(jobs: list[Job], listener: Silent, engine: str = "pseudo") -> Report:
    run = Run(
        RunConfig(),
        FormatChoices(),
        PAIR,
        Workers(WorkSpec(EngineSpec(engine)), SerialExecutor()),
        Glossary(),
        "signature",
        "signature",
    )
    with Store(None) as store:
        return translate_documents(run, jobs, store, listener)


def run_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str = "pseudo") -> Report:
    faults = ["none", "reading", "writing", "verifying", "none"]
    opened = iter(faults)
    monkeypatch.setattr("batchtx.pipeline.reading.open_document", lambda *_: FaultyDocument(next(opened)))
    jobs = [
        Job(Source(f"{n}.txt", path=tmp_path / f"{n}.txt"), "txt", tmp_path / f"{n}.out") for n in range(5)
    ]
    return run_of(jobs, Silent(), engine)


def test_the_other_documents_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = run_all(tmp_path, monkeypatch)
    assert [d.state for d in report.documents] == ["written", "failed", "failed", "failed", "written"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.out", "4.out"]
    assert report.exit_code == 1
    assert "KeyError" in report.documents[1].error
    assert "ZeroDivisionError: a bug" in report.documents[2].error


def test_an_engine_that_cannot_be_built_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_engine(spec: EngineSpec) -> None:
        raise EngineError("no model here")

    monkeypatch.setattr("batchtx.worker.worker.build_engine", no_engine)
    with pytest.raises(EngineError, match="no model here"):
        run_all(tmp_path, monkeypatch)


def test_the_share_that_is_done_goes_by_the_size_of_the_documents(tmp_path: Path) -> None:
    jobs = []
    for name, n_lines in (("small", 1), ("large", 99)):
        path = tmp_path / f"{name}.txt"
        path.write_text("甲方应付款。\n" * n_lines, encoding="utf-8")
        jobs.append(Job(Source(name, path=path), "txt", tmp_path / f"{name}.out"))
    shares = Shares()
    run_of(jobs, shares)
    assert [share for name, share in shares.told if name == "small"] == [pytest.approx(0.01, abs=0.002)]
    assert shares.told[-1][1] == pytest.approx(1.0)
