"""Every seam takes what an installed package brings under its entry point, and names what nobody brings."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from batchtx import formats, language, registry
from batchtx.engines import build_engine, find_engine
from batchtx.engines.echo import EchoEngine
from batchtx.engines.kind import EngineKind
from batchtx.engines.spec import EngineSpec
from batchtx.errors import UnknownName
from batchtx.executors import build_executor
from batchtx.executors.serial import SerialExecutor
from batchtx.formats.format import Format
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language import pair as pairs
from batchtx.language.pair import LanguagePair, find_pair
from batchtx.records import Flag, Segment, Unit, UnitTarget
from batchtx.text.scripts import count_letters, has_letters
from batchtx.worker.worker import Worker, WorkSpec


class NoteDocument:
    """One line of text."""

    notes = ()
    read_bytes = 0

    def __init__(self, source: Source) -> None:
        with source.opened() as file:
            self._text = file.read().decode("utf-8")

    def units(self) -> Iterator[Unit]:
        yield Unit("line 1", "line 1", self._text)

    def write(self, targets: Iterable[UnitTarget], output: BinaryIO) -> None:
        output.writelines(target.text.encode("utf-8") for target in targets)

    def verify(self, output: Path) -> None: ...

    def progress(self) -> float:
        return 1.0


def open_note(source: Source, options: object, pair: LanguagePair) -> NoteDocument:
    return NoteDocument(source)


def build_toy(spec: EngineSpec) -> EchoEngine:
    return EchoEngine()


def build_here(workers: int, timeout_s: float) -> SerialExecutor:
    return SerialExecutor()


def shout(target: str, segment: Segment) -> str:
    """Makes every letter a capital."""
    return target.upper()


def always(segment: Segment, target: str) -> Flag | None:
    """Nothing is right."""
    return Flag("always", "look")


PROVIDED = {
    "formats": {"note": Format("note", (".note",), f"{__name__}:open_note")},
    "engines": {"toy": EngineKind("toy", f"{__name__}:build_toy", needs_model=False)},
    "executors": {"here": build_here},
    "languages": {"xx-yy": LanguagePair("xx", "yy", "yy-YY", has_letters, count_letters)},
    "steps": {"shout": shout},
    "checks": {"always": always},
}


class Point:
    def __init__(self, name: str, thing: object) -> None:
        self.name = name
        self._thing = thing

    def load(self) -> object:
        return self._thing


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def entry_points(group: str, name: str | None = None) -> Sequence[Point]:
        found = PROVIDED.get(group.removeprefix("batchtx."), {})
        return [Point(one, thing) for one, thing in found.items() if name in (None, one)]

    caches: list[Any] = [formats.find_format, formats._installed_extensions, find_pair]
    for module in (registry, formats):
        monkeypatch.setattr(module, "entry_points", entry_points)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def test_a_format_is_found_by_name_and_by_extension() -> None:
    assert formats.format_of("a.NOTE") == "note"
    source = Source("a.note", stream=io.BytesIO("你好".encode()))
    document = formats.open_document("note", source, FormatChoices(), find_pair("zh", "en"))
    assert [unit.text for unit in document.units() if isinstance(unit, Unit)] == ["你好"]


def test_an_engine_is_found_with_what_it_needs() -> None:
    assert not find_engine("toy").needs_model
    assert build_engine(EngineSpec("toy")).translate(["a"])[0].text == "a"


def test_an_executor_is_found() -> None:
    executor = build_executor("here", 1, 30.0)
    assert list(executor.map(lambda: lambda batch: [len(batch)], [["a", "b"]], lambda item, why: 0)) == [[2]]


def test_a_pair_of_languages_is_found() -> None:
    assert find_pair("xx", "yy").locale == "yy-YY"


def test_steps_and_checks_are_found_by_a_worker() -> None:
    spec = WorkSpec(EngineSpec("pseudo"), steps=("shout",), checks=("always",), estimate=False)
    (outcome,) = Worker(spec)([Segment("d", "a", "p", 0, "你好世界")])
    assert outcome.target.isupper()
    assert [flag.check for flag in outcome.flags] == ["always"]


UNKNOWN: dict[str, Callable[[], object]] = {
    "format": lambda: formats.find_format("dcx"),
    "engine": lambda: find_engine("ctranslate"),
    "executor": lambda: build_executor("locl", 1, 30.0),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_name_that_nobody_has_is_told_with_the_nearest(kind: str) -> None:
    with pytest.raises(UnknownName, match=f'unknown {kind} ".*did you mean'):
        UNKNOWN[kind]()


def test_an_unknown_pair_has_what_holds_for_any_two_languages() -> None:
    found = find_pair("qq", "zz")
    assert (found.steps, found.checks) == (pairs.NEUTRAL_STEPS, pairs.NEUTRAL_CHECKS)
    assert language.DEFAULT_SOURCE not in (found.source, found.target)
