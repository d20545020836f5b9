"""What is known already: human corrections first, then finished segments, then repeats of this run."""

from __future__ import annotations

from collections.abc import Sequence

from batchtx.language.pair import LanguagePair
from batchtx.memory.keys import place_key, segment_key, source_key
from batchtx.memory.store import Finished, Store
from batchtx.records import Origin, Outcome, Segment, Translation
from batchtx.text.inline_codes import code_fault


class Recall:
    """Looks segments up and remembers outcomes.

    Args:
        store: the memory.
        signature: engine, model and steps; what was made under another one is not reused.
        run: number of this run; what it made itself counts as a repeat.
        pair: the languages, to tell what needs no translation.
    """

    def __init__(self, store: Store, signature: str, run: int, pair: LanguagePair) -> None:
        self._store = store
        self._signature = signature
        self._run = run
        self._pair = pair
        self._failed: dict[bytes, Outcome] = {}  # not tried again in this run

    def key(self, segment: Segment) -> bytes:
        """Under what the segment is remembered."""
        return segment_key(segment, self._signature)

    def find(self, segments: Sequence[Segment], keys: Sequence[bytes]) -> list[Translation | None]:
        """The known translation of each segment, None where an engine is needed."""
        places = [place_key(segment) for segment in segments]
        sources = [source_key(segment.source) for segment in segments]
        corrections = self._store.find_corrections({*places, *sources})
        finished = self._store.find(set(keys))
        found: list[Translation | None] = []
        for key, segment, place, source in zip(keys, segments, places, sources, strict=True):
            machine = finished.get(key)
            person = corrections.get(place) or corrections.get(source)
            if self._pair.stays(segment.source):
                found.append(Translation(segment, segment.source, "copied"))
            elif person and code_fault(segment.source, person.target, segment.codes) is None:
                said = machine.target if machine else person.machine
                found.append(Translation(segment, person.target, "human", machine=said))
            elif key in self._failed:
                found.append(to_translation(segment, self._failed[key], repeated=True))
            else:
                found.append(_from_memory(segment, machine, self._run) if machine else None)
        return found

    def remember(self, outcomes: Sequence[tuple[bytes, Outcome]]) -> None:
        """Keep what the engine made; failures are not kept, so that the next run tries again."""
        self._failed.update((key, outcome) for key, outcome in outcomes if outcome.failed)
        self._store.remember(
            (key, Finished(outcome.target, outcome.score, outcome.flags, self._run))
            for key, outcome in outcomes
            if not outcome.failed
        )


def to_translation(segment: Segment, outcome: Outcome, *, repeated: bool) -> Translation:
    """The outcome of one segment as the translation of an equal one."""
    origin: Origin = "failed" if outcome.failed else "repeat" if repeated else "mt"
    return Translation(segment, outcome.target, origin, outcome.score, outcome.flags)


def _from_memory(segment: Segment, machine: Finished, run: int) -> Translation:
    origin: Origin = "repeat" if machine.run == run else "memory"
    return Translation(segment, machine.target, origin, machine.score, machine.flags)
