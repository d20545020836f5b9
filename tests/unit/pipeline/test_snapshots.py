"""A document counts as up to date only for what was read of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from batchtx.config import RunConfig
from batchtx.engines.spec import EngineSpec
from batchtx.executors.serial import SerialExecutor
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.glossary.table import Glossary
from batchtx.language.zh_en import PAIR
from batchtx.memory.keys import source_key
from batchtx.memory.store import Correction, Store
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.run import Run, translate_documents
from batchtx.pipeline.scheduling import Workers
from batchtx.records import Translation
from batchtx.report.report import DocumentReport, Report
from batchtx.worker.worker import WorkSpec

OLD, NEW = "型号为 AAA 的设备。\n", "型号为 BBB 的设备。\n"


class At:
    """Does something once, as soon as a segment of a document has come."""

    def __init__(self, action: Callable[[], object]) -> None:
        self._action: Callable[[], object] | None = action

    def translated(self, report: Report, translation: Translation, share: float) -> None:
        if self._action is not None:
            self._action()
            self._action = None

    def document(self, report: DocumentReport) -> None: ...


def translate(folder: Path, store: Store, action: Callable[[], object] = bool, names: str = "a") -> Report:
    run = Run(
        RunConfig(),
        FormatChoices(),
        PAIR,
        Workers(WorkSpec(EngineSpec("pseudo")), SerialExecutor()),
        Glossary(),
        "s",
        "s",
    )
    jobs = [Job(Source(n, path=folder / f"{n}.txt"), "txt", folder / f"{n}.en.txt") for n in names]
    return translate_documents(run, jobs, store, At(action))


def replace_with(path: Path, text: str) -> Callable[[], object]:
    def act() -> None:
        fresh = path.with_name("fresh")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)

    return act


@pytest.mark.parametrize("name", ["a", "b"])  # the one being written, and one that was read ahead
def test_a_source_replaced_meanwhile_is_translated_by_the_next_run(tmp_path: Path, name: str) -> None:
    for one in "ab":
        (tmp_path / f"{one}.txt").write_text(OLD, encoding="utf-8")
    with Store(None) as store:
        source = tmp_path / f"{name}.txt"
        report = translate(tmp_path, store, replace_with(source, NEW), "ab")
        assert any("was replaced while it was read" in one for one in report.troubles)
        assert report.exit_code == 1
        translate(tmp_path, store, names="ab")
        assert "BBB" in (tmp_path / f"{name}.en.txt").read_text(encoding="utf-8")


def test_a_source_replaced_by_its_own_copy_is_not_up_to_date_by_chance(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(OLD, encoding="utf-8")
    with Store(None) as store:
        translate(tmp_path, store, replace_with(source, OLD))
        (document,) = translate(tmp_path, store).documents
        assert document.state == "written"
        (document,) = translate(tmp_path, store).documents
        assert document.state == "up_to_date"


def test_a_source_written_into_meanwhile_fails_and_leaves_the_output(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(OLD, encoding="utf-8")
    with Store(None) as store:
        report = translate(tmp_path, store, lambda: source.write_text(NEW, encoding="utf-8"))
        assert report.exit_code == 3
        assert "was changed while it was read" in report.documents[0].error
        assert not (tmp_path / "a.en.txt").exists()


def test_a_correction_made_meanwhile_is_not_forgotten(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OLD, encoding="utf-8")
    entry = Correction(OLD.strip(), "Device of model AAA.", "", "li", "x", 1.0)
    with Store(tmp_path / "m.sqlite") as store:
        translate(tmp_path, store, lambda: store.correct([(source_key(OLD.strip()), entry)]))
        (document,) = translate(tmp_path, store).documents
        assert document.state == "written"
        assert (tmp_path / "a.en.txt").read_text(encoding="utf-8") == "Device of model AAA.\n"
