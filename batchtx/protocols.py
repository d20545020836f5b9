"""The seams: what a format, an engine, an executor, a check and a step must do.

Each seam has one contract test suite in tests/contract that every implementation runs through.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from batchtx.records import Flag, Hypothesis, Problem, Segment, Unit, UnitTarget

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Document(Protocol):
    """One opened document. `units` and `write` may run interleaved (streaming), each at most once.

    `units` yields the places that hold text in document order, and a Problem for each place that
    cannot be read. `write` takes exactly one UnitTarget per Unit, in the same order, pulls them
    lazily, and writes the whole document; a place with a Problem is written as it was. With
    UnitTargets that equal the units' texts the output is the input (byte for byte in line formats
    in UTF-8; part for part in DOCX).
    """

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know ("encoding: gb18030", "signature removed"); complete after `write`."""
        ...

    def units(self) -> Iterator[Unit | Problem]: ...

    def write(self, targets: Iterable[UnitTarget], output: BinaryIO) -> None: ...

    def verify(self, output: Path) -> None:
        """Raises DocumentError when the written file does not open or lost structure."""
        ...

    @property
    def read_bytes(self) -> int:
        """Bytes read so far, which are held until their targets come; 0 where the whole is held anyway."""
        ...

    def progress(self) -> float:
        """Returns the share of the document that was read so far, 0 to 1."""
        ...


class Engine(Protocol):
    """Turns text into text. Built once in each worker process.

    The hypothesis of a source does not depend on the other sources of the call (tested).
    """

    translates: bool
    """False for an engine that gives sources back: then no rule and no step of a language touches them."""

    placeholders: bool
    """True when ⟦1⟧…⟦16⟧ in a source are copied to the right place of the target."""

    inline_terms: bool
    """True when `…⟦t⟧术语⟦=⟧term⟦/t⟧…` in a source makes the engine use that term."""

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        """Returns one hypothesis per source, in order. `align` asks for alignments where the engine has
        them.
        """
        ...

    def count_tokens(self, source: str) -> int:
        """Returns the length of a source in the engine's tokens, for the limit `max_source_tokens`."""
        ...

    max_source_tokens: int


class Check(Protocol):
    """Raises one doubt about a target, or none. Pure; the docstring's first line says what is right."""

    def __call__(self, segment: Segment, target: str) -> Flag | None: ...


class Step(Protocol):
    """One post-processing step. Pure and idempotent: step(step(t)) == step(t)."""

    def __call__(self, target: str, segment: Segment) -> str: ...


class Executor(Protocol):
    """Runs batches of items somewhere. Knows nothing of translation.

    `build` runs once per worker and returns the function that does a batch (it holds the model) and
    gives one result per item. `map` yields the results of each batch in the order of the batches and
    pulls batches only while fewer than a fixed number are unfinished; an empty batch passes straight
    through as an empty list; a source that has nothing just now says so with one, and is soon asked again.
    A batch whose worker raised, died or hung is tried again and then
    halved until the poisonous item stands alone; its result is `give_up(item, reason)`. Closing the
    generator stops the workers.
    """

    def map(
        self,
        build: Callable[[], Callable[[Sequence[ItemT]], list[ResultT]]],
        batches: Iterable[Sequence[ItemT]],
        give_up: Callable[[ItemT, str], ResultT],
    ) -> Generator[list[ResultT], None, None]: ...

    @property
    def peak_worker_bytes(self) -> int:
        """The largest resident memory that any worker has had so far; 0 when unknown."""
        ...
