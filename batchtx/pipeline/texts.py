"""Texts in, translations out: the way of a segment without documents, sheet and report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from batchtx.executors.serial import SerialExecutor
from batchtx.glossary.matcher import Matcher
from batchtx.memory.lookup import Lookup
from batchtx.memory.store import Store
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


class TextTranslator:
    """Translates texts in this process, or many of them in workers; keeps its model.

    Args:
        ready: model, languages, glossary.
        store: the memory; one for nobody to see is as good.
        workers: does many segments at once; None: everything is done here.
    """

    def __init__(self, ready: Ready, store: Store, workers: Executor | None = None) -> None:
        self._ready, self._store, self._workers = ready, store, workers
        self._here = SerialExecutor(keep=True)
        self._matcher = Matcher(ready.glossary) if ready.glossary.entries else None
        self._run = store.start_run(ready.memory_signature, "{}")

    def translate(self, texts: Sequence[str]) -> list[TranslatedText]:
        """Returns the translation of each text, in order; sentences that are equal are translated once."""
        plans = [self._cut(number, text) for number, text in enumerate(texts)]
        n_segments = sum(len(plan.segments) for plan in plans)
        many = self._workers is not None and n_segments >= FEW_SEGMENTS
        executor = self._workers if many and self._workers is not None else self._here
        ready = self._ready
        lookup = Lookup(self._store, ready.memory_signature, self._run, ready.pair, kinds=ready.spec.kinds)
        items = prepared(_items(plans), self._matcher, ready.pair, ready.spec.kinds)
        waiting: list[Translation] = []
        done: list[TranslatedText] = []
        for item in translate(items, lookup, Workers(self._ready.spec, executor)):
            if isinstance(item, Translation):
                waiting.append(item)
            elif isinstance(item, UnitEnd):
                done.append(self._joined(item.plan, waiting))
                waiting = []
        return done

    def _cut(self, number: int, text: str) -> UnitPlan:
        return cut_unit(_DOCUMENT, Unit(f"text {number}", f"text {number + 1}", text), self._ready.pair)

    def _joined(self, plan: UnitPlan, translations: Sequence[Translation]) -> TranslatedText:
        target = join_targets(plan, [one.target for one in translations], spaced=self._ready.pair.spaced)
        scores = [one.score for one in translations if one.score is not None]
        flags = [flag for one in translations for flag in one.flags]
        flags.sort(key=lambda flag: -SEVERITIES.index(flag.severity))
        origins = {one.origin for one in translations}
        origin: Origin = next((one for one in _WORST_ORIGIN_FIRST if one in origins), "copied")
        return TranslatedText(plan.unit.text, target, min(scores, default=None), tuple(flags), origin)


def _items(plans: Sequence[UnitPlan]) -> Iterator[Segment | Marker]:
    for plan in plans:
        yield from plan.segments
        yield UnitEnd(plan)
