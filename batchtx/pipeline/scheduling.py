"""Segments in batches to workers and back, all in order (docs/architecture.md, "The way of a segment").

Everything streams: a room takes an iterator and gives one, and reads ahead only as far as batches
of similar length and busy workers need. Things that are not segments (the start of a document, the
end of a unit) travel along in order, so that the writing side needs no second look at the input.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from batchtx.engines.identity import describe_engine
from batchtx.errors import ModelError
from batchtx.glossary.matcher import Matcher
from batchtx.language.pair import LanguagePair
from batchtx.memory.lookup import Lookup, to_translation
from batchtx.pipeline.person_names import know_persons
from batchtx.pipeline.reading import DocumentStart, Marker
from batchtx.protocols import Document, Executor
from batchtx.records import Outcome, Segment, Translation
from batchtx.worker.worker import Worker, WorkSpec, build_worker, give_up

_FIRST_WINDOW = 64  # small, so that the first translation comes soon
_MAX_BATCH = 512
"""Segments in a batch where the engine says nothing."""

_LARGEST_WINDOW = 8192
_LARGEST_WINDOW_BYTES = 2**20  # of input, so that lines of 30 kB with a word to translate are not piled up
_MARKERS_PER_SEGMENT = 4
_MIN_BATCH_SEGMENTS = 16
_BATCHES_PER_WINDOW = 8  # so that small inputs keep all workers busy
_CHARS_PER_SEGMENT = 60


_Task = tuple[bytes, Segment]
"""What an executor hands out: a segment, and the key that it is remembered under."""


@dataclass(slots=True)
class _Slot:
    """A place in the queue: a marker, or a segment that waits for its translation."""

    segment: Segment | None
    value: Translation | Marker | None


def find_terms(items: Iterable[Segment | Marker], matcher: Matcher | None) -> Iterator[Segment | Marker]:
    """Yields segments with the glossary terms that stand in them."""
    for item in items:
        if matcher is not None and isinstance(item, Segment):
            yield replace(item, terms=matcher.find_terms(item.source))
        else:
            yield item


@dataclass(frozen=True, slots=True)
class Workers:
    """Who translates what nobody knows: the workers of an executor."""

    spec: WorkSpec
    executor: Executor
    model: str = ""
    """What a worker's model must be called, with its hash; "" where nobody else could have another."""


Rest = Callable[[Segment], Outcome]
"""Says what becomes of a segment that nobody knows, where no engine is to be asked."""


def prepared(
    items: Iterable[Segment | Marker], matcher: Matcher | None, pair: LanguagePair, kinds: Collection[str]
) -> Iterator[Segment | Marker]:
    """Rooms 4 and 5: segments with the persons that their document tells, and with glossary terms."""
    return find_terms(know_persons(items, pair, wanted="persons" in kinds), matcher)


def translate(
    items: Iterable[Segment | Marker], lookup: Lookup, unknown: Workers | Rest
) -> Generator[Translation | Marker, None, None]:
    """Rooms 4 and 6 to 9: each segment's translation, markers in between, all in order."""
    scheduler = OrderedScheduler(lookup)
    if isinstance(unknown, Workers):
        return scheduler.run(items, unknown)
    return scheduler.look_up(items, unknown)


class OrderedScheduler:
    """Keeps the order while batches of other orders are away.

    `_slots`: all that was read and not yet given on. `_waiting`: for each key the slots that need
    it; the first of them goes to a worker, the others are repeats.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._slots: deque[_Slot] = deque()
        self._waiting: dict[bytes, list[_Slot]] = {}

    def run(
        self, items: Iterable[Segment | Marker], workers: Workers
    ) -> Generator[Translation | Marker, None, None]:
        """Yields what the memory knows, and what workers make of the rest."""
        batches = self._batches(items, workers.spec.engine.max_batch or _MAX_BATCH)
        # Closed here and now: what is raised while workers stop (a second Ctrl-C) must reach the caller.
        with closing(
            workers.executor.map(partial(_build, workers.spec, workers.model), batches, _give_up)
        ) as results:
            for outcomes in results:
                self._settle(outcomes)
                yield from self._ready()
        yield from self._ready()

    def look_up(
        self, items: Iterable[Segment | Marker], rest: Rest
    ) -> Generator[Translation | Marker, None, None]:
        """Yields what the memory knows, and what `rest` says of the others; no worker is needed."""
        for window in _windows(items):
            self._settle([(key, rest(segment)) for key, segment in self._take_in(window)])
            yield from self._ready()

    def _batches(self, items: Iterable[Segment | Marker], max_batch: int) -> Iterator[Sequence[_Task]]:
        """Batches of unknown segments, of similar length; an empty one where all is known."""
        for window in _windows(items):
            unknown = self._take_in(window)
            yield from _by_length(unknown, max_batch)
            if not unknown:
                yield ()

    def _take_in(self, window: Sequence[Segment | Marker]) -> list[_Task]:
        segments = [item for item in window if isinstance(item, Segment)]
        keys = [self._lookup.key(segment) for segment in segments]
        known = iter(zip(keys, self._lookup.find(segments, keys), strict=True))
        unknown: list[_Task] = []
        for item in window:
            if not isinstance(item, Segment):
                self._slots.append(_Slot(None, item))
                continue
            key, translation = next(known)
            slot = _Slot(item, translation)
            self._slots.append(slot)
            if translation is None:
                if key not in self._waiting:
                    self._waiting[key] = []
                    unknown.append((key, item))
                self._waiting[key].append(slot)
        return unknown

    def _settle(self, pairs: Sequence[tuple[bytes, Outcome]]) -> None:
        for key, outcome in pairs:
            for number, slot in enumerate(self._waiting.pop(key)):
                assert slot.segment is not None
                slot.value = to_translation(slot.segment, outcome, repeated=number > 0)
        if pairs:
            self._lookup.remember(pairs)

    def _ready(self) -> Iterator[Translation | Marker]:
        while self._slots and self._slots[0].value is not None:
            value = self._slots.popleft().value
            assert value is not None
            yield value


class _KeyedWorker:
    """A worker whose results carry the keys of their tasks: no order has to be kept on the way."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def __call__(self, tasks: Sequence[_Task]) -> list[tuple[bytes, Outcome]]:
        outcomes = self._worker([segment for _, segment in tasks])
        return [(key, outcome) for (key, _), outcome in zip(tasks, outcomes, strict=True)]


def _build(spec: WorkSpec, model: str) -> _KeyedWorker:
    """Builds a worker, wherever it is; with the very model of the run.

    Raises:
        ModelError: this machine has no such model, or another one of its name.
    """
    if model and (here := describe_engine(spec.engine).model) != model:
        raise ModelError(f"a machine of the cluster has the model {here}, the run wants {model}")
    return _KeyedWorker(build_worker(spec))


def _give_up(task: _Task, reason: str) -> tuple[bytes, Outcome]:
    key, segment = task
    return key, give_up(segment, reason)


def _windows(items: Iterable[Segment | Marker]) -> Iterator[list[Segment | Marker]]:
    """Room 6: read ahead, a little at first, then more, so that batches of one length are full."""
    window: list[Segment | Marker] = []
    size = _FIRST_WINDOW
    n_segments = n_bytes = 0
    document: Document | None = None
    for item in items:
        window.append(item)
        n_segments += isinstance(item, Segment)
        if isinstance(item, DocumentStart):
            document, n_bytes = item.document, 0
        many = n_segments >= size or len(window) >= size * _MARKERS_PER_SEGMENT
        if many or (document is not None and document.read_bytes - n_bytes > _LARGEST_WINDOW_BYTES):
            yield window
            window, n_segments = [], 0
            n_bytes = document.read_bytes if document is not None else 0
            size = min(size * 2, _LARGEST_WINDOW) if many else size
    if window:
        yield window


def _by_length(segments: Sequence[_Task], max_batch: int) -> Iterator[Sequence[_Task]]:
    """Segments (with their keys) of similar length together, long ones first: they take longest."""
    size = min(max_batch, max(_MIN_BATCH_SEGMENTS, -(-len(segments) // _BATCHES_PER_WINDOW)))
    batch: list[_Task] = []
    n_chars = 0
    for item in sorted(segments, key=lambda item: -len(item[1].source)):
        length = len(item[1].source)
        if batch and (n_chars + length > size * _CHARS_PER_SEGMENT or len(batch) >= size):
            yield batch
            batch, n_chars = [], 0
        batch.append(item)
        n_chars += length
    if batch:
        yield batch
