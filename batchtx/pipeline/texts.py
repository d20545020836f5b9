"""Texts in, translations out: the way of a segment without documents, sheet and report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from batchtx.executors.serial import SerialExecutor
from batchtx.glossary.matcher import Matcher
from batchtx.memory.lookup import Lookup
from batchtx.memory.store import NO_PLAN, Store
from batchtx.pipeline.reading import Marker, UnitEnd
from batchtx.pipeline.scheduling import Workers, prepared, translate
from batchtx.pipeline.segments import UnitPlan, cut_unit, join_targets
from batchtx.pipeline.setup import Ready
from batchtx.protocols import Executor
from batchtx.records import SEVERITIES, Flag, Origin, Segment, Translation, Unit

FEW_SEGMENTS = 200
"""Below so many segments worker processes cost more than they bring."""

_DOCUMENT = "text"
_WORST_ORIGIN_FIRST: tuple[Origin, ...] = (
    "failed",
    "mt",
    "memory",
    "repeat",
    "phrasebook",
    "human",
    "copied",
)


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A text and what became of it.

    `score` is the estimated quality of its worst sentence, 0 to 1; None where nothing is known. `flags` are
    those of all its sentences, the worst first. `origin` is where its least certain sentence comes from.
    """

    source: str
    target: str
    score: float | None
    flags: tuple[Flag, ...]
    origin: Origin

    def __str__(self) -> str:
        return self.target


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """Units that belong together, as those of one page or request, and the terms to find in them.

    A person whom one of them names is known in all of them; other groups of a call know nothing of it.
    """

    units: tuple[Unit, ...]
    matcher: Matcher | None = None

    @staticmethod
    def of_texts(texts: Sequence[str], matcher: Matcher | None = None) -> UnitGroup:
        """Makes a group of plain texts."""
        units = (Unit(f"text {n}", f"text {n + 1}", text) for n, text in enumerate(texts))
        return UnitGroup(tuple(units), matcher)


@dataclass(frozen=True, slots=True)
class TranslatedUnit:
    """A unit cut into sentences, its target, and the translation of each sentence."""

    plan: UnitPlan
    target: str
    translations: tuple[Translation, ...]

    def as_text(self) -> TranslatedText:
        """Returns the unit as a text, with the doubts of all its sentences."""
        scores = [one.score for one in self.translations if one.score is not None]
        flags = [flag for one in self.translations for flag in one.flags]
        flags.sort(key=lambda flag: -SEVERITIES.index(flag.severity))
        origins = {one.origin for one in self.translations}
        origin: Origin = next((one for one in _WORST_ORIGIN_FIRST if one in origins), "copied")
        source = self.plan.unit.text
        return TranslatedText(source, self.target, min(scores, default=None), tuple(flags), origin)


class TextTranslator:
    """Translates texts in this process, or many of them in workers; keeps its model.

    Args:
        ready: model, languages, glossary.
        store: the memory; one for nobody to see is as good.
        workers: does many segments at once; None: everything is done here.
        between: is called after each batch that is done here; it may have other texts translated.
    """

    def __init__(
        self,
        ready: Ready,
        store: Store,
        workers: Executor | None = None,
        between: Callable[[], None] | None = None,
    ) -> None:
        self._ready, self._store, self._workers = ready, store, workers
        self._here = SerialExecutor(keep=True, between=between)
        self._matcher = Matcher(ready.glossary) if ready.glossary.entries else None
        self._run = store.start_run(ready.memory_signature, NO_PLAN)

    def warm(self) -> None:
        """Loads the model and translates a sentence, of which nothing is remembered.

        Raises:
            EngineError: the model cannot be loaded.
        """
        with Store(None) as store:
            lookup = Lookup(store, "", 0, self._ready.pair, kinds=self._ready.spec.kinds)
            group = UnitGroup.of_texts([self._ready.pair.sample])
            self._translated([group], lookup, self._here)

    def translate(self, texts: Sequence[str]) -> list[TranslatedText]:
        """Returns the translation of each text, in order; sentences that are equal are translated once."""
        (units,) = self.translate_groups([UnitGroup.of_texts(texts, self._matcher)])
        return [unit.as_text() for unit in units]

    def translate_groups(self, groups: Sequence[UnitGroup]) -> list[list[TranslatedUnit]]:
        """Returns the translated units of each group, in order: the same as of each group alone.

        Raises:
            EngineError: the model cannot be loaded.
            StoreError: the memory cannot be read or written.
        """
        ready = self._ready
        lookup = Lookup(self._store, ready.memory_signature, self._run, ready.pair, kinds=ready.spec.kinds)
        return self._translated(groups, lookup, None)

    def _translated(
        self, groups: Sequence[UnitGroup], lookup: Lookup, executor: Executor | None
    ) -> list[list[TranslatedUnit]]:
        ready = self._ready
        plans = [[cut_unit(_DOCUMENT, unit, ready.pair) for unit in group.units] for group in groups]
        n_segments = sum(len(plan.segments) for group in plans for plan in group)
        if executor is None:
            many = n_segments >= FEW_SEGMENTS
            executor = self._workers if many and self._workers is not None else self._here
        items = chain.from_iterable(
            prepared(_items(group_plans), group.matcher, ready.pair, ready.spec.kinds)
            for group, group_plans in zip(groups, plans, strict=True)
        )
        done = iter(list(self._joined(translate(items, lookup, Workers(ready.spec, executor)))))
        return [[next(done) for _ in group_plans] for group_plans in plans]

    def _joined(self, items: Iterator[Translation | Marker]) -> Iterator[TranslatedUnit]:
        waiting: list[Translation] = []
        for item in items:
            if isinstance(item, Translation):
                waiting.append(item)
            elif isinstance(item, UnitEnd):
                targets = [one.target for one in waiting]
                target = join_targets(item.plan, targets, spaced=self._ready.pair.spaced)
                yield TranslatedUnit(item.plan, target, tuple(waiting))
                waiting = []


def _items(plans: Sequence[UnitPlan]) -> Iterator[Segment | Marker]:
    for plan in plans:
        yield from plan.segments
        yield UnitEnd(plan)
