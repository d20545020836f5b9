"""A translated text or JSONL file against its original, line by line, however long the files are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path

from batchtx.formats.audit import Audit, Difference, PartCoverage, most_left
from batchtx.formats.json_scan import FoundValue, find_values
from batchtx.formats.jsonl import JsonlOptions, read_fields
from batchtx.formats.lines import Input, Line
from batchtx.formats.options import FormatOptions
from batchtx.formats.source import Source
from batchtx.formats.span_audit import lost_addresses
from batchtx.formats.txt import TxtOptions, columns
from batchtx.language.pair import LanguagePair

_MAX_LEFT = 10_000
"""Places that are remembered; of more, all are counted."""


class _Lines:
    """Counts what a pair of lines tells."""

    def __init__(self, part: str, pair: LanguagePair) -> None:
        self._part, self._pair = part, pair
        self.differences: list[Difference] = []
        self.kept: Counter[str] = Counter()
        self.left: list[tuple[str, int]] = []
        self.n_units = self.n_left = 0

    def differ(self, place: str, message: str) -> None:
        """Something was lost or changed."""
        self.differences.append(Difference("", place, message))

    def words(self, place: str, source: str, target: str) -> None:
        """A text and its translation."""
        count, left = self._pair.count_source(source), self._pair.count_source(target)
        self.n_units += count
        self.n_left += left
        if left and len(self.left) < _MAX_LEFT:
            self.left.append((place, left))
        n_letters = sum(map(str.isalnum, target)) + 2 * left
        if n_letters < self._pair.least_letters(source):
            self.differ(place, f"text is missing: {count} characters became {n_letters} letters")
        for address in lost_addresses(source, target):
            self.differ(place, f'lost: "{address}"')

    def keep(self, reason: str, text: str) -> None:
        """Text of the original that is not translated."""
        self.kept[reason] += self._pair.count_source(text)

    def audit(self, original: Path, translated: Path) -> Audit:
        """What was counted."""
        kept = tuple((reason, count) for reason, count in self.kept.most_common() if count)
        n_found = self.n_units + sum(self.kept.values())
        coverage = PartCoverage(original.name, "text", n_found, self.n_units, kept)
        left = ((original.name, self.n_left),) if self.n_left else ()
        names = str(original), str(translated)
        return Audit(*names, tuple(self.differences), (coverage,), left, places=most_left(self.left))


def audit_lines(original: Path, translated: Path, options: FormatOptions, pair: LanguagePair) -> Audit:
    """Compares two files of lines. Raises DocumentError when one cannot be read."""
    counts = _Lines(original.name, pair)
    if isinstance(options, TxtOptions) and options.wrapped:
        _compare_wrapped(counts, original, translated, options.encoding)
        return counts.audit(original, translated)
    encoding = getattr(options, "encoding", None)
    before, after = _lines(original, encoding), _lines(translated, None)
    compare = _compare_json(options) if isinstance(options, JsonlOptions) else _compare_text
    number = 0
    for number, (old, new) in enumerate(zip_longest(before, after), 1):
        if old is None or new is None:
            n_more = 1 + sum(1 for _ in (before if new is None else after))
            what = "are missing at the end" if new is None else "were added at the end"
            counts.differ(f"line {number}", f"{n_more} lines {what}")
            break
        if bool(old.end) != bool(new.end):
            counts.differ(f"line {number}", "the end of the last line changed")
        compare(counts, f"line {number}", _text(old), _text(new))
    return counts.audit(original, translated)


def _lines(path: Path, encoding: str | None) -> Iterator[Line]:
    return Input(Source(str(path), path), encoding).lines()


def _text(line: Line) -> str:
    return line.content.decode("utf-8", "replace")


def _compare_text(counts: _Lines, place: str, old: str, new: str) -> None:
    """Columns and what stands around them."""
    spans, others = list(columns(old)), list(columns(new))
    if len(spans) != len(others):
        what = "texts" if spans and others else "a text that was there, or is new"
        counts.differ(place, f"{len(spans)} became {len(others)} {what}")
        return
    if _around(old, spans) != _around(new, others):
        counts.differ(place, "tabs, indents or marks around the texts changed")
    for at, ((start, end), (begin, stop)) in enumerate(zip(spans, others, strict=True), 1):
        column = f", column {at}" if len(spans) > 1 else ""
        counts.words(place + column, old[start:end], new[begin:stop])


def _around(text: str, spans: list[tuple[int, int]]) -> list[str]:
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def _compare_wrapped(counts: _Lines, original: Path, translated: Path, encoding: str | None) -> None:
    """Paragraphs between blank lines; inside of them lines were joined."""
    paragraphs = zip_longest(_paragraphs(original, encoding), _paragraphs(translated, None))
    for number, (old, new) in enumerate(paragraphs, 1):
        if old is None or new is None:
            counts.differ(f"paragraph {number}", "the paragraphs after it are missing or were added")
            return
        counts.words(f"paragraph {number}", old, new)


def _paragraphs(path: Path, encoding: str | None) -> Iterator[str]:
    group: list[str] = []
    for line in _lines(path, encoding):
        text = _text(line).strip()
        if text:
            group.append(text)
        elif group:
            yield " ".join(group)
            group = []
    if group:
        yield " ".join(group)


def _compare_json(options: JsonlOptions) -> Callable[[_Lines, str, str, str], None]:
    tree = read_fields(options)

    def compare(counts: _Lines, place: str, old: str, new: str) -> None:
        try:
            values = find_values(old, tree, options.target_field)
        except ValueError:
            counts.keep("lines that cannot be read", old)
            if old != new:
                counts.differ(place, "the line was kept as it is, and changed")
            return
        try:
            targets = find_values(new, tree, options.target_field)
        except ValueError as error:
            counts.differ(place, f"is no longer one JSON object: {error}")
            return
        if [value.path for value in values] != [value.path for value in targets]:
            counts.differ(place, "fields were lost or added")
            return
        if options.target_field is None:
            if _without(old, values) != _without(new, targets):
                counts.differ(place, "something else than the texts changed")
        elif [value.text for value in values] != [value.text for value in targets]:
            counts.differ(place, "a source changed")
        counts.keep("other fields", _without(old, values))
        for value, target in zip(values, targets, strict=True):
            said = target.text if options.target_field is None else _beside(new, target)
            if value.text is not None:
                counts.words(f"{place}, {value.path}", value.text, said or "")

    return compare


def _without(line: str, values: list[FoundValue]) -> str:
    parts, done = [], 0
    for value in sorted(values, key=lambda value: value.start):
        parts.append(line[done : value.start])
        done = value.end
    return "".join([*parts, line[done:]])


def _beside(line: str, value: FoundValue) -> str:
    """The translation beside a source, "" where there is none."""
    if value.beside is None:
        return ""
    said = json.loads(line[slice(*value.beside)])
    return said if isinstance(said, str) else ""
