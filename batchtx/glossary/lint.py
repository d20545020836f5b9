"""What is wrong with glossaries before a run finds out.

Errors would make a translation wrong (conflicts, Chinese or damaged targets, cycles); warnings are
for a person to look at. Of several files the first one wins, so a conflict between files is a
warning, while one within a file is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from batchtx.errors import GlossaryError
from batchtx.glossary.fold import fold
from batchtx.glossary.table import Entry, read_file
from batchtx.language.en.inflect import target_pattern
from batchtx.text.scripts import count_han

Kind = Literal[
    "unreadable",
    "conflict",
    "chinese_target",
    "self_forbidden",
    "cycle",
    "damaged",
    "encoding",
    "left_out",
    "duplicate",
    "overruled",
    "shadowed",
    "one_character",
    "fullwidth",
    "chain",
    "invisible",
]
ERRORS: frozenset[Kind] = frozenset(
    {"unreadable", "conflict", "chinese_target", "self_forbidden", "cycle", "damaged"}
)
"""The kinds that fail a glossary; all others are warnings."""

_FULLWIDTH = frozenset("，。；：？！（）【】《》“”‘’、　")
_DAMAGED = re.compile("\ufffd|锟斤拷|â€|Ã[\u0080-\u00bf]|ï»¿|\\?{3,}|[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one row (1-based) of a glossary file; row 0 is the file as a whole."""

    file: str
    row: int
    kind: Kind
    message: str

    @property
    def severity(self) -> Literal["error", "warning"]:
        """Whether the glossary should not be used as it is."""
        return "error" if self.kind in ERRORS else "warning"

    def __str__(self) -> str:
        place = f", row {self.row}" if self.row else ""
        return f"{self.file}{place}: {self.kind}: {self.message}"


def lint(path: str | Path) -> list[Finding]:
    """Returns the findings of one file in row order; empty when it is clean.

    Raises:
        GlossaryError: the file cannot be read as a glossary at all.
    """
    return _lint_readings([_read(path)])


def lint_files(paths: Sequence[str | Path]) -> list[Finding]:
    """Returns the findings of several files, in their order, conflicts between them too.

    A file that cannot be read as a glossary is a finding of kind "unreadable".
    """
    readings: list[_Read] = []
    for path in paths:
        try:
            readings.append(_read(path))
        except GlossaryError as error:
            name = Path(path).name
            message = str(error).removeprefix(f"{path}: ").removeprefix(f"{name}: ")
            readings.append(_Read((), (Finding(name, 0, "unreadable", message),)))
    return _lint_readings(readings)


def lint_entries(entries: Sequence[Entry]) -> list[Finding]:
    """Returns the findings of the entries of one file in row order."""
    return _lint_readings([_Read(tuple(entries), ())])


@dataclass(frozen=True, slots=True)
class _Read:
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    """About the file as a whole."""


def _read(path: str | Path) -> _Read:
    reading = read_file(path)
    name = Path(path).name
    findings = [Finding(name, 0, "left_out", note.removeprefix(f"{name}: ")) for note in reading.notes]
    if reading.encoding == "gb18030":
        message = "is not UTF-8 and was read as GB18030; if characters look wrong, save it as UTF-8"
        findings.append(Finding(name, 0, "encoding", message))
    return _Read(reading.entries, tuple(findings))


def _lint_readings(readings: Sequence[_Read]) -> list[Finding]:
    merged = [entry for reading in readings for entry in reading.entries]
    across: dict[int, list[Finding]] = {}
    for entry, finding in (*_overruled(readings), *_cycles(merged)):
        across.setdefault(id(entry), []).append(finding)
    found: list[Finding] = []
    for reading in readings:
        own = list(reading.findings)
        for entry in reading.entries:
            own += _row_findings(entry)
            own += across.get(id(entry), ())
        own += _doubled(reading.entries)
        found += sorted(own, key=lambda finding: (finding.row, finding.kind))
    return found


def _row_findings(entry: Entry) -> Iterator[Finding]:
    if not entry.regex and count_han(entry.source) == 1 == len(entry.source):
        yield _finding(entry, "one_character", f"{entry.source} stands inside many other words")
    if not entry.dnt:
        for target in entry.targets:
            if count_han(target):
                yield _finding(entry, "chinese_target", f"the target {target} is Chinese")
            if not _FULLWIDTH.isdisjoint(target):
                yield _finding(entry, "fullwidth", f"the target {target} has Chinese punctuation")
    for word in entry.forbidden:
        if any(target_pattern(word).fullmatch(target) for target in entry.targets):
            yield _finding(entry, "self_forbidden", f"{word} is allowed and forbidden")
    yield from _character_findings(entry)


def _character_findings(entry: Entry) -> Iterator[Finding]:
    for cell in dict.fromkeys(("" if entry.regex else entry.source, *entry.targets, *entry.forbidden)):
        if _DAMAGED.search(cell):
            message = f"{cell!r} looks damaged; save the file as UTF-8 from the program it was made in"
            yield _finding(entry, "damaged", message)
        elif _INVISIBLE.search(cell):
            yield _finding(entry, "invisible", f"{cell!r} has characters that nobody sees; type it anew")


def _doubled(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Rows whose source stands in another row of the same file that wins: they do nothing."""
    first: dict[tuple[str, bool, str], Entry] = {}
    any_case: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda entry: -entry.priority):
        key, regex = _key(entry)
        earlier = first.setdefault((key, regex, entry.domain), entry)
        folded = fold(entry.source)
        if not regex and not folded:
            yield _finding(entry, "shadowed", "nothing of the source is left to look for")
        elif earlier is not entry:
            yield _finding(entry, *_doubled_message(entry, earlier))
        elif entry.case == "keep" and not regex and folded in any_case:
            other = any_case[folded]
            message = f"{entry.source} is never reached: {other.source} in row {other.row} takes any case"
            yield _finding(entry, "shadowed", message)
        elif entry.case != "keep" and not regex:
            any_case.setdefault(folded, entry)


def _doubled_message(entry: Entry, earlier: Entry) -> tuple[Kind, str]:
    if earlier.targets != entry.targets:
        kind: Kind = "conflict" if earlier.priority == entry.priority else "overruled"
        return kind, f"{entry.source} is {earlier.targets[0]} in row {earlier.row}, which wins"
    if earlier.source != entry.source:
        return "shadowed", f"{entry.source} is the same as {earlier.source} in row {earlier.row}"
    return "duplicate", f"{entry.source} stands in row {earlier.row} too"


def _overruled(readings: Sequence[_Read]) -> Iterator[tuple[Entry, Finding]]:
    """Entries whose source has another target in another file that wins."""
    winner: dict[tuple[str, bool], tuple[int, Entry]] = {}
    numbered = [(number, entry) for number, reading in enumerate(readings) for entry in reading.entries]
    for number, entry in sorted(numbered, key=lambda pair: -pair[1].priority):
        place, other = winner.setdefault(_key(entry), (number, entry))
        if place != number and other.targets != entry.targets:
            message = f"{entry.source} is {other.targets[0]} in {other.file}, row {other.row}, which wins"
            yield entry, _finding(entry, "overruled", message)


def _cycles(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Finding]]:
    """Targets that are themselves the source of an entry: a cycle when the way leads back."""
    plain = [entry for entry in entries if not entry.dnt and not entry.regex]
    sources: dict[str, Entry] = {}
    for entry in plain:
        sources.setdefault(fold(entry.source), entry)
    for entry in plain:
        way = _way(entry, sources)
        if len(way) < 2:
            continue
        shown = " → ".join([entry.source, *(step.targets[0] for step in way)])
        kind: Kind = "cycle" if fold(way[-1].targets[0]) == fold(entry.source) else "chain"
        yield entry, _finding(entry, kind, f"{shown} (row {way[1].row}): which one is meant?")


def _way(entry: Entry, sources: dict[str, Entry]) -> list[Entry]:
    """The entries that follow when each target is looked up again, until one comes a second time."""
    way = [entry]
    seen = {fold(entry.source)}
    while (following := fold(way[-1].targets[0])) in sources and following not in seen:
        seen.add(following)
        way.append(sources[following])
        if fold(way[-1].targets[0]) == following:  # a source that is its own target ends the way
            way.pop()
            break
    return way


def _key(entry: Entry) -> tuple[str, bool]:
    """What makes two entries the same for precedence, as in `table.merge`."""
    return entry.source if entry.regex or entry.case == "keep" else fold(entry.source), entry.regex


def _finding(entry: Entry, kind: Kind, message: str) -> Finding:
    return Finding(entry.file, entry.row, kind, message)
