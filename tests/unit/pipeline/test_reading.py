"""Documents are read once, also where they are looked at before they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.engines.spec import EngineSpec
from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.memory.store import Store
from batchtx.pipeline import reading
from batchtx.pipeline.apply import ApplyOptions, apply_sheets
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.options import TranslateOptions
from batchtx.pipeline.reading import KeepingReader
from batchtx.pipeline.run import translate_documents
from batchtx.pipeline.setup import set_up
from batchtx.pipeline.silent import Silent
from batchtx.records import Segment
from tests.helpers.sheets import correct

Opened = list[str]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The names of the documents that were opened, in order."""
    names: Opened = []

    def watched(format_name: str, source: Source, *more: object) -> object:
        names.append(Path(source.name).name)
        return open_document(format_name, source, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "open_document", watched)
    return names


@pytest.fixture
def job(tmp_path: Path) -> Job:
    path = tmp_path / "a.txt"
    path.write_text("甲方应付款。\n乙方应交货。\n", encoding="utf-8")
    return Job(Source("a.txt", path=path), "txt", tmp_path / "a.en.txt")


def sources(items: object) -> list[str]:
    return [item.source for item in items if isinstance(item, Segment)]  # type: ignore[attr-defined]


def test_what_was_looked_at_is_not_read_again(job: Job, opened: Opened) -> None:
    reader = KeepingReader(FormatChoices(), PAIR, lambda: 7)
    first = sources(reader.look_at(job))
    assert sources(reader.read([job])) == first == ["甲方应付款。", "乙方应交货。"]
    assert opened == ["a.txt"]


def test_what_is_too_large_to_keep_is_read_again(
    job: Job, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MOST_KEPT_BYTES", 10)
    reader = KeepingReader(FormatChoices(), PAIR, lambda: 7)
    assert sources(reader.look_at(job)) == sources(reader.read([job]))
    assert opened == ["a.txt", "a.txt"]


def test_a_kept_document_is_as_new_as_the_newest_correction(job: Job) -> None:
    numbers = iter((3, 9))
    reader = KeepingReader(FormatChoices(), PAIR, lambda: next(numbers))
    list(reader.look_at(job))
    list(reader.read([job]))
    snapshot = reader.snapshot(job)
    assert snapshot is not None
    assert (snapshot.correction, reader.snapshot(job)) == (9, None)


@pytest.mark.parametrize("most_kept_bytes", [0, 2**20])
def test_apply_writes_the_same_whether_it_keeps_or_reads_again(
    job: Job,
    opened: Opened,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    most_kept_bytes: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reading, "_MOST_KEPT_BYTES", most_kept_bytes)
    options = TranslateOptions(
        ("a.txt",), engine=EngineSpec("pseudo"), executor="serial", sheet=Path("r.csv")
    )
    with Store(tmp_path / "m.sqlite") as store:
        made, plan = set_up(options)
        translate_documents(made, plan.jobs, store, Silent())
        n_runs = len(list(store.plans()))
        opened.clear()
        correct(Path("r.csv"), {"乙方": "Party B delivers."})
        applied = apply_sheets([Path("r.csv")], store, ApplyOptions(reviewer="li"), Silent())
        assert (applied.exit_code, len(list(store.plans()))) == (0, n_runs)  # no run of its own
    assert Path("a.en.txt").read_text(encoding="utf-8").splitlines()[1] == "Party B delivers."
    assert opened == ["a.txt"] * (1 if most_kept_bytes else 2)
