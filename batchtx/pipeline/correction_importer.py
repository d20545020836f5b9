"""Takes corrections out of the rows of one document, as far as they fit its present text."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from batchtx.cells import looks_converted
from batchtx.glossary.table import Glossary
from batchtx.memory.keys import place_key, source_key
from batchtx.memory.store import Correction, Store
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.reading import DocumentEnd, KeepingReader, Marker
from batchtx.pipeline.run_plan import RunPlan
from batchtx.pipeline.standing import standing
from batchtx.records import Segment, Translation
from batchtx.review.apply_report import Applied, AppliedCorrection
from batchtx.review.corrections import SheetRow
from batchtx.text.control import cleaned, unusable
from batchtx.text.fingerprint import source_hash
from batchtx.text.inline_codes import code_fault, read_codes, show_codes


class CorrectionImporter:
    """Takes the corrections of one document that fit its present text.

    `elsewhere`: rows, by hash of their source, that stand for equal places without rows of their own.
    """

    def __init__(
        self,
        store: Store,
        job: Job,
        glossary: Glossary,
        reviewer: str,
        applied: Applied,
        elsewhere: Mapping[str, Sequence[SheetRow]] = MappingProxyType({}),
    ) -> None:
        self._store = store
        self._job = job
        self._glossary = glossary
        self._reviewer = reviewer
        self._applied = applied
        self._elsewhere = elsewhere
        self._edited: list[SheetRow] = []
        self.n_equal = 0
        """How many places take the decision of such a row."""

    def corrections(
        self, rows: dict[str, SheetRow], plan: RunPlan, reader: KeepingReader
    ) -> Iterator[tuple[bytes, Correction]]:
        """Yields the corrections, each under its place and, if it holds for all equal ones, its source."""
        wanted = {row_id: row for row_id, row in rows.items() if row.decided}
        self._applied.n_unchanged += len(rows) - len(wanted)
        segments = _segments(reader.look_at(self._job), self._applied)
        for segment, known in standing(segments, self._store, plan, self._job, self._glossary):
            row = rows.get(f"{segment.address}/{segment.index + 1}")
            if row is None:
                yield from self._equal_place(segment, known)
                continue
            if wanted.pop(row.id, None) is None:
                self._look_for_edits(row, segment, known)
                continue
            correction = self._correction(row, segment, known)
            if correction is not None:
                yield place_key(segment), correction
                if row.scope != "here":
                    yield source_key(segment.source), correction
        refuse_all(wanted, "no such place in the document any more", self._applied)
        if self._edited:
            self._applied.notes.append(
                f"{len(self._edited)} rows have another translation than the memory (the first: "
                f"{self._edited[0]}); it is not read: write into the column correction"
            )

    def _equal_place(self, segment: Segment, known: Translation | None) -> Iterator[tuple[bytes, Correction]]:
        """A place that stands in the sheet by an equal one: what is decided there holds here.

        What was corrected here alone before gives way; else the correction of the source does.
        """
        shown = None if known is None else show_codes(known.target, segment.codes)
        for row in self._elsewhere.get(source_hash(segment.source), ()):
            if shown != row.translation or _fault(row, segment, known):
                continue
            self.n_equal += 1
            key = place_key(segment)
            target = _read(row, segment)
            if target is not None and key in self._store.find_corrections([key]):
                machine = _machine(row, segment, known)
                reviewer = row.reviewer or self._reviewer
                yield key, Correction(segment.source, target, machine, reviewer, self._job.name, time.time())
            return

    def _look_for_edits(self, row: SheetRow, segment: Segment, known: Translation | None) -> None:
        """Note a row without a correction whose translation somebody, or a spreadsheet, has changed."""
        same = known is None or show_codes(known.target, segment.codes) == row.translation
        if not same and row.hash == source_hash(segment.source):
            self._edited.append(row)

    def _correction(self, row: SheetRow, segment: Segment, known: Translation | None) -> Correction | None:
        """None when the row changes nothing, or is refused."""
        fault = _fault(row, segment, known)
        if fault:
            self._applied.refuse(row, fault)
            return None
        target = _checked(row, segment, self._applied)
        if target is None:
            return None
        key = place_key(segment)
        here = self._store.find_corrections([key]).get(key)
        if here is not None and here.target == target:
            self._applied.n_unchanged += 1
            return None
        if row.status != "approved" and row.final == row.translation:
            self._applied.n_unchanged += 1
            return None
        machine = _machine(row, segment, known)
        reviewer = row.reviewer or self._reviewer
        shown = show_codes(target, segment.codes)
        self._applied.changed.append(
            AppliedCorrection(row, shown, show_codes(machine, segment.codes), reviewer)
        )
        if row.note:
            self._applied.notes.append(f"{row}: {row.note}")
        return Correction(segment.source, target, machine, reviewer, self._job.name, time.time())


def _machine(row: SheetRow, segment: Segment, known: Translation | None) -> str:
    """What the machine had said: as the memory knows it, else as the sheet shows it."""
    if known is not None:
        return known.machine if known.origin == "human" else known.target
    try:
        return read_codes(row.translation, segment.codes)
    except ValueError:
        return row.translation


def _segments(items: Iterable[Segment | Marker], applied: Applied) -> Iterator[Segment]:
    for item in items:
        if isinstance(item, Segment):
            yield item
        elif isinstance(item, DocumentEnd) and item.error is not None:
            applied.notes.append(str(item.error))


def _fault(row: SheetRow, segment: Segment, known: Translation | None) -> str:
    """Why the row cannot be used, whatever marks it has; "" when it can."""
    if row.fault:
        return row.fault
    if row.hash != source_hash(segment.source):
        return "the source has changed since the sheet was written"
    shown = show_codes(segment.source, segment.codes)
    if is_damaged(row.source, shown):
        lost = row.final.count("?") > sum(map(shown.count, "?？"))
        if lost or row.source.count("?") <= shown.count("?"):
            return "its source does not come out: the sheet was saved in another encoding; take CSV (UTF-8)"
    if not row.correction.strip() and known is not None:
        stands = show_codes(known.target, segment.codes)
        if stands != row.translation:
            return (
                "approved, but a person or a spreadsheet has changed the translation, which was: "
                f"{stands}; write what is right into correction"
            )
    elif not row.correction.strip() and looks_converted(row.translation):
        return "approved, but a spreadsheet seems to have changed the translation; write it into correction"
    return ""


def is_damaged(found: str, source: str) -> bool:
    """Returns whether the source in a sheet is no more what it was, but for a few letters that a person
    changed.
    """
    wide = Counter(char for char in source if char > "\x7f")
    if not wide or not found:
        return False
    return (wide & Counter(found)).total() * 2 < wide.total()


def _checked(row: SheetRow, segment: Segment, applied: Applied) -> str | None:
    """What shall stand there, with real codes; None, and the reason noted, when it cannot be used."""
    final = row.final
    if row.correction.strip():
        final = cleaned(final)
        left_out = unusable(row.final)
        if not final.strip():
            applied.refuse(row, f"there is nothing but control characters in it ({', '.join(left_out)})")
            return None
        if left_out:
            applied.notes.append(f"{row}: control characters are left out: {', '.join(left_out)}")
    try:
        target = read_codes(final, segment.codes)
    except ValueError as error:
        applied.refuse(row, str(error))
        return None
    fault = code_fault(segment.source, target, segment.codes)
    if fault is not None:
        shown = show_codes(segment.source, segment.codes)
        applied.refuse(row, f"{fault}; the source has: {shown}")
        return None
    return target


def _read(row: SheetRow, segment: Segment) -> str | None:
    """What shall stand there, with real codes; None when it does not fit."""
    try:
        target = read_codes(cleaned(row.final), segment.codes)
    except ValueError:
        return None
    return target if code_fault(segment.source, target, segment.codes) is None else None


def refuse_all(rows: dict[str, SheetRow], reason: str, applied: Applied) -> None:
    """Refuses the corrections of rows that belong nowhere."""
    for row in rows.values():
        if row.decided:
            applied.refuse(row, reason)
        else:
            applied.n_unchanged += 1
