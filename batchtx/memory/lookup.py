"""What is known already: human corrections, finished segments, repeats of this run, the phrasebook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from batchtx.language.pair import LanguagePair
from batchtx.memory.keys import output_place_key, place_key, segment_key, source_key
from batchtx.memory.store import Finished, Store
from batchtx.records import Origin, Outcome, Segment, Translation
from batchtx.text.control import cleaned
from batchtx.text.inline_codes import code_fault


class Lookup:
    """Looks segments up and remembers outcomes.

    Args:
        store: the memory.
        signature: engine, model and steps; what was made under another one is not reused.
        run: number of this run; what it made itself counts as a repeat.
        pair: the languages, to tell what needs no translation.
        outputs: for a sheet that goes back, the output of each document (as `path_key` gives it): what
            stands there counts, whatever has become of glossaries and settings, and nothing is added.
        kinds: the kinds of rules that hold; with "phrases" short texts without glossary terms are looked
            up in the phrasebook of the pair.
    """

    def __init__(
        self,
        store: Store,
        signature: str,
        run: int,
        pair: LanguagePair,
        outputs: Mapping[str, str] | None = None,
        kinds: Collection[str] = (),
    ) -> None:
        self._store = store
        self._signature = signature
        self._run = run
        self._pair = pair
        self._outputs = outputs
        self._phrases = "phrases" in kinds
        self._failed: dict[bytes, Outcome] = {}  # not tried again in this run

    def key(self, segment: Segment) -> bytes:
        """Returns the key under which the segment is remembered."""
        return segment_key(segment, self._signature)

    def find(self, segments: Sequence[Segment], keys: Sequence[bytes]) -> list[Translation | None]:
        """Returns the known translation of each segment, None where an engine is needed."""
        places = [place_key(segment) for segment in segments]
        sources = [source_key(segment.source) for segment in segments]
        corrections = self._store.find_corrections({*places, *sources})
        finished = self._finished(segments, keys)
        found: list[Translation | None] = []
        for key, segment, place, source, machine in zip(
            keys, segments, places, sources, finished, strict=True
        ):
            person = corrections.get(place) or corrections.get(source)
            if self._pair.stays(segment.source) and place not in corrections:
                found.append(Translation(segment, segment.source, "copied"))
            elif person and code_fault(segment.source, person.target, segment.codes) is None:
                said = machine.target if machine else person.machine
                target = cleaned(person.target)  # an import may hold what no document can
                found.append(Translation(segment, target, "human", machine=said))
            elif key in self._failed:
                found.append(to_translation(segment, self._failed[key], repeated=True))
            else:
                found.append(_from_memory(segment, machine, self._run) if machine else self._phrase(segment))
        return found

    def _phrase(self, segment: Segment) -> Translation | None:
        if not self._phrases or segment.terms:
            return None
        target = self._pair.rules.phrase(segment.source, segment.kind)
        return None if target is None else Translation(segment, target, "phrasebook")

    def remember(self, outcomes: Sequence[tuple[bytes, Outcome]]) -> None:
        """Keeps what the engine made; failures are not kept, so that the next run tries again."""
        self._failed.update((key, outcome) for key, outcome in outcomes if outcome.failed)
        if self._outputs is not None:  # a cell of a sheet, which a spreadsheet may have changed
            return
        self._store.remember(
            (key, Finished(outcome.target, outcome.score, outcome.flags, self._run))
            for key, outcome in outcomes
            if not outcome.failed
        )

    def place(self, output: str, translations: Iterable[Translation]) -> None:
        """Notes what stands in the output, so that a sheet can go back there."""
        self._store.set_places(
            (output_place_key(output, one.segment), self.key(one.segment))
            for one in translations
            if one.origin in ("mt", "repeat", "memory")
        )

    def _output_place(self, segment: Segment) -> bytes:
        return output_place_key((self._outputs or {}).get(segment.document, ""), segment)

    def _finished(self, segments: Sequence[Segment], keys: Sequence[bytes]) -> list[Finished | None]:
        """What is remembered of each segment."""
        if self._outputs is None:
            known = self._store.find(set(keys))
            return [known.get(key) for key in keys]
        places = [self._output_place(segment) for segment in segments]
        standing = self._store.find_places(set(places))
        known = self._store.find({*keys, *standing.values()})
        return [
            known.get(standing.get(place, key)) or known.get(key)
            for key, place in zip(keys, places, strict=True)
        ]


def to_translation(segment: Segment, outcome: Outcome, *, repeated: bool) -> Translation:
    """Returns the outcome of one segment as the translation of an equal one."""
    origin: Origin = "failed" if outcome.failed else "repeat" if repeated else "mt"
    return Translation(segment, outcome.target, origin, outcome.score, outcome.flags)


def _from_memory(segment: Segment, machine: Finished, run: int) -> Translation:
    origin: Origin = "repeat" if machine.run == run else "memory"
    return Translation(segment, machine.target, origin, machine.score, machine.flags)
