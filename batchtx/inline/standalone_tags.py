"""Where a note, a picture or a field goes: after the word that stands for the text before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from batchtx.inline.alignment import AlignmentEvidence
from batchtx.inline.span_tree import NOTES, SpanNode, clause_before, roots_of
from batchtx.inline.target_words import SENTENCE_END, Word

_AFTER_PUNCTUATION = re.compile(r"[,.;:!?)\]”’\"]*")
_CLAUSE_END = "，；：,;:"
_MARKS = SENTENCE_END + _CLAUSE_END
_LONGEST_GAP = 3
"""Words that a rendering may lack in the middle of what it shares with the target."""


@dataclass(frozen=True, slots=True)
class AlignedText:
    """A source without codes, its target, the words of it, and the source characters of each."""

    source: str
    target: str
    words: Sequence[Word]
    sources: Sequence[list[float]]
    evidence: AlignmentEvidence


@dataclass(frozen=True, slots=True)
class PointPlace:
    """An offset in the target; `rank` orders what stands at the same one. `sure`: a word was found."""

    offset: int
    rank: int
    sure: bool


def place_point(text: AlignedText, root: SpanNode, offset: int, label: str) -> PointPlace:
    """Returns where a point goes that stands at this offset of the source; `root` with its spans placed."""
    span = _innermost(root, text.source, offset, label)
    if offset >= root.end and label not in NOTES:
        return PointPlace(len(text.target), 2, sure=True)
    before = next((m for m in text.evidence.placeholders if m.source_start == offset and m.target_end), None)
    if before is not None and label not in NOTES and span is root:
        return PointPlace(before.target_start, 2, sure=True)
    number = _word_before(span, text, offset)
    if number is None:
        first = text.words[span.first].start if span.first < len(text.words) else len(text.target)
        return PointPlace(first, 4 if span is not root else 2, sure=offset == 0)
    if label in NOTES:
        number = _end_of_phrase(span, text, number, offset)
    place = text.words[_leave_children(span, number)].end
    if label in NOTES and span is root:
        place = _after_clause(text, offset, number, place)
    elif text.source[:offset].rstrip().endswith(("：", ":")) and text.target.startswith(":", place):
        place += 1
    return PointPlace(place, 0 if span is not root else 2, sure=True)  # 0: before the span's closing


def _end_of_phrase(span: SpanNode, text: AlignedText, number: int, offset: int) -> int:
    """From a word on, the last one in a row of those that the clause before a note has by itself:
    a note after 会议的纪要 stands after "the minutes of the meeting", not after "the minutes"."""
    roots = roots_of(text.evidence.span_translations.get(clause_before(text.source, offset), ""))
    gap = 0
    for later in range(number + 1, span.last if roots else number):
        word = text.words[later]
        gap += 1
        if gap > _LONGEST_GAP or word.weight < 0.2:
            break
        if word.root in roots:
            number, gap = later, 0
    return number


def _after_clause(text: AlignedText, offset: int, number: int, place: int) -> int:
    """Where a note goes: after punctuation; and when it ends a sentence or clause of the source, to the
    end of the sentence or clause of the target."""
    rest = text.source[offset:]
    if not rest.strip(SENTENCE_END):
        return len(text.target)
    if rest[0] in _CLAUSE_END:
        for later in range(number + 1, len(text.words)):
            word, sources = text.words[later], text.sources[later]
            if text.target[word.start] in ",.;:!?":
                place = word.start
                break
            if sources and min(sources) > offset and word.weight == 1:
                break
    return _AFTER_PUNCTUATION.match(text.target, place).end()  # type: ignore[union-attr]


def _innermost(span: SpanNode, source: str, offset: int, label: str) -> SpanNode:
    """The span that an offset is inside of; a note with nothing but marks behind it ends a look."""
    for child in span.children:
        if not (child.start < offset < child.end and child.first < child.last):
            continue
        if label in NOTES and child.droppable and not source[offset : child.end].strip(_MARKS):
            return span
        return _innermost(child, source, offset, label)
    return span


def _word_before(span: SpanNode, text: AlignedText, offset: int) -> int | None:
    """The target word whose source stands closest before `offset`; the last one of equals.

    An article or preposition only where no better word has a source before it.
    """
    best: tuple[bool, float, int] | None = None
    for number in range(span.first, span.last):
        before = [position for position in text.sources[number] if position < offset]
        if before:
            candidate = (text.words[number].weight == 1, max(before), number)
            best = candidate if best is None else max(best, candidate)
    return best[2] if best else None


def _leave_children(span: SpanNode, number: int) -> int:
    """A point that is outside a child span in the source goes behind it, not into it."""
    for child in span.children:
        if child.first <= number < child.last:
            return child.last - 1
    return number
