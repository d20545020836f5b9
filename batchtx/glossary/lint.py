"""What is wrong with a glossary before a run finds out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from batchtx.glossary.fold import fold
from batchtx.glossary.inflect import target_pattern
from batchtx.glossary.table import Entry, read_entries
from batchtx.text.scripts import count_han

Kind = Literal[
    "duplicate",
    "conflict",
    "one_character",
    "chinese_target",
    "shadowed",
    "self_forbidden",
    "fullwidth",
    "cycle",
]

_FULLWIDTH = frozenset("，。；：？！（）【】《》“”‘’、　")


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one row (1-based) of a glossary file."""

    file: str
    row: int
    kind: Kind
    message: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.kind}: {self.message}"


def lint(path: str | Path) -> list[Finding]:
    """The findings of one file in row order; empty when it is clean.

    Raises:
        GlossaryError: the file cannot be read as a glossary at all.
    """
    entries, _ = read_entries(path)
    return lint_entries(entries)


def lint_entries(entries: Sequence[Entry]) -> list[Finding]:
    """The findings of entries in row order."""
    found = [finding for entry in entries for finding in _row_findings(entry)]
    found += _doubled(entries)
    found += _cycles(entries)
    return sorted(found, key=lambda finding: (finding.row, finding.kind))


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


def _doubled(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Rows whose source stands in an earlier row: the earlier one wins, so they do nothing."""
    first: dict[tuple[str, bool, str], Entry] = {}
    for entry in sorted(entries, key=lambda entry: -entry.priority):
        source = entry.source if entry.regex else fold(entry.source)
        earlier = first.setdefault((source, entry.regex, entry.domain), entry)
        if earlier is entry:
            continue
        if earlier.targets != entry.targets:
            message = f"{entry.source} is {earlier.targets[0]} in row {earlier.row}, which wins"
            yield _finding(entry, "conflict", message)
        elif earlier.source != entry.source:
            message = f"{entry.source} is the same as {earlier.source} in row {earlier.row}"
            yield _finding(entry, "shadowed", message)
        else:
            yield _finding(entry, "duplicate", f"{entry.source} stands in row {earlier.row} too")


def _cycles(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Targets that are the source of another entry: applied twice they would change again."""
    sources = {fold(entry.source): entry for entry in entries if not entry.dnt and not entry.regex}
    for entry in entries:
        other = sources.get(fold(entry.targets[0]))
        if other is not None and not entry.dnt and fold(other.targets[0]) != fold(entry.targets[0]):
            message = (
                f"{entry.targets[0]} is a source in row {other.row}, where it becomes {other.targets[0]}"
            )
            yield _finding(entry, "cycle", message)


def _finding(entry: Entry, kind: Kind, message: str) -> Finding:
    return Finding(entry.file, entry.row, kind, message)
