"""A translated text file against its original: what stands between the texts, their marks, and their words.

Texts are found in both; the rest is compared piece by piece, in the order of the file. Where a piece is
gone, those that follow are found again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import cast

from batchtx.formats import format_of, open_document
from batchtx.formats.audit import Audit, Difference, most_left
from batchtx.formats.coverage import span_coverage
from batchtx.formats.options import FormatChoices, FormatOptions
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.spans import Span
from batchtx.language.pair import LanguagePair
from batchtx.records import Problem
from batchtx.text.inline_codes import without_codes
from batchtx.text.literals import literals

_MAX_PIECES = 4_000
"""More pieces than this that do not fit are not matched one by one: it takes time by their square."""

_SHOWN_CHARS = 60


def audit_spans(original: Path, translated: Path, options: FormatOptions, pair: LanguagePair) -> Audit:
    """Compares two text files. Raises DocumentError when one cannot be read."""
    name = format_of(original.name) or ""
    choices = FormatChoices(((name, options),))
    before = cast(SpanDocument, open_document(name, Source(str(original), original), choices, pair))
    after = before.again(Source(str(translated), translated))
    left = list(left_texts(after, pair))
    n_left = sum(count for _, count in left)
    return Audit(
        str(original),
        str(translated),
        differences=tuple(span_differences(before, after, pair)),
        coverage=(span_coverage(before, pair, original.name, name),),
        left=((original.name, n_left),) if n_left else (),
        unread=tuple((one.address, one.message) for one in before.units() if isinstance(one, Problem)),
        places=most_left(left),
    )


def span_differences(
    before: SpanDocument, after: SpanDocument, pair: LanguagePair, part: str = ""
) -> Iterator[Difference]:
    """Yields what differs in two texts but their words, and where words are missing."""
    places = ["its beginning", *(span.unit.place for span in before.outer)]
    old, new = before.comparable(after)
    alike = len(old) == len(new)
    if alike:
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            if one != other:
                yield Difference(part, f"after {places[at]}", _became(one, other))
    else:
        message = f"{len(old) - 1} texts became {len(new) - 1}"
        yield Difference(part, "", message)
        for at, gone in _unlike(old, new):
            yield Difference(part, f"after {places[min(at, len(places) - 1)]}", gone)
    if not alike or [one.unit.address for one in before.outer] != [one.unit.address for one in after.outer]:
        return
    for span, old_marks, new_marks in zip(before.outer, before.marks(), after.marks(), strict=True):
        yield from _mark_differences(part, span, old_marks, new_marks)
    if before.addresses != after.addresses:
        yield Difference(part, "", "texts of attributes were lost or added")
        return
    for span, now, target in zip(before.spans, after.spans, after.said(), strict=True):
        if before.two_texts and span.unit.text != now.unit.text:
            yield Difference(part, span.unit.place, "the source changed")
        yield from _word_differences(part, span, target, pair)
    for holder, code in before.lost_codes(after):
        yield Difference(part, holder.unit.place, f"lost: {_short(code)}")


def _mark_differences(part: str, span: Span, old: list[str], new: list[str]) -> Iterator[Difference]:
    lost, added = Counter(old) - Counter(new), Counter(new) - Counter(old)
    for mark in lost.elements():
        yield Difference(part, span.unit.place, f"lost: {_short(mark)}")
    for mark in added.elements():
        yield Difference(part, span.unit.place, f"added: {_short(mark)}")


def _word_differences(part: str, span: Span, target: str, pair: LanguagePair) -> Iterator[Difference]:
    source = without_codes(span.unit.text)
    n_letters = sum(map(str.isalnum, target)) + 2 * pair.count_source(target)
    if n_letters < pair.least_letters(source):
        message = f"text is missing: {pair.count_source(source)} characters became {n_letters} letters"
        yield Difference(part, span.unit.place, message)
    for address in lost_addresses(source, target):
        yield Difference(part, span.unit.place, f"lost: {_short(address)}")


def lost_addresses(source: str, target: str) -> list[str]:
    """Returns web and mail addresses of a text that its translation has not."""
    wanted = [one for one in literals(source) if "://" in one or "@" in one or one.startswith("www.")]
    return [one for one in wanted if one not in target]


def _unlike(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(index, what became of it) of pieces of the old that are not in the new, and of new ones."""
    start, end = _shared_ends(old, new)
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old_middle), len(new_middle)) > _MAX_PIECES:
        yield start, f"{len(old_middle)} texts differ from here on"
        return
    matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "delete":
            yield start + a, f"{b - a} texts are missing: {_short(' … '.join(old_middle[a:b]))}"
        elif kind == "insert":
            yield start + a, f"{d - c} texts were added: {_short(' … '.join(new_middle[c:d]))}"
        elif kind == "replace":
            yield start + a, _became(" … ".join(old_middle[a:b]), " … ".join(new_middle[c:d]))


def _shared_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many items (of a text: characters) both begin with, and how many of the others both end with."""
    shortest = min(len(old), len(new))
    start = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    most = shortest - start
    return start, next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)


def _became(old: str, new: str) -> str:
    """What changed between two pieces, without what they share."""
    start, end = _shared_ends(old, new)
    begin = max(0, start - 12)
    shown = [_short(text[begin : len(text) - max(0, end - 12)]) for text in (old, new)]
    return f"{shown[0]} became {shown[1]}"


def _short(text: str) -> str:
    """A piece of a file on one line, between quotation marks."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _SHOWN_CHARS else f'"{line[:_SHOWN_CHARS]}…"'


def left_texts(document: SpanDocument, pair: LanguagePair) -> Iterator[tuple[str, int]]:
    """Yields (place, characters of the source language) of texts that are not translated, or not wholly."""
    for span, text in zip(document.spans, document.said(), strict=True):
        count = pair.count_source(without_codes(text))
        if count:
            yield span.unit.place, count
