"""Puts the inline codes of a source into its translation.

The model translates the sentence without codes; word alignment then says which words of the target
stand for the words that a code enclosed or followed (docs/architecture.md, "Inline codes"). Rules:
every code once, pairs nested, no formatting without words, note marks after punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from batchtx.pipeline.anchors import anchors, with_anchors
from batchtx.pipeline.target_words import SENTENCE_END, Word, words_of
from batchtx.records import Code, Link, code_char
from batchtx.text.codes import strip_codes
from batchtx.text.scripts import count_han

Placed = Literal["exact", "aligned", "fallback"]

_AFTER_PUNCTUATION = re.compile(r"[,.;:!?)\]”’\"]*")
_LATIN = re.compile(r"[A-Za-z0-9]+")
_SIZE_WEIGHT = 0.5
"""What a word too many or too few costs a run, against 1 for a word that surely belongs to it."""

_NEAR = 0.5
_PER_CHAR = 0.2
"""What an aligned word costs that stands for the text beside a span, and for each character farther off."""

_CLAUSE_END = "，；：,;:"
_NOTES = frozenset({"footnote", "endnote", "comment"})


@dataclass(slots=True)
class _Span:
    """A pair of codes, or half of one whose partner stands in another segment.

    `start`, `end`: characters of the stripped source. `first`, `last`: words of the target
    (half-open), once placed. `opening`, `closing`: indices of the codes, -1 when elsewhere.
    `droppable`: only a look, which goes when it has no words. `n_words`: how many words it should
    have, 0 when nothing is known.
    """

    start: int
    end: int
    opening: int
    closing: int
    droppable: bool = True
    n_words: float = 0.0
    first: int = 0
    last: int = 0
    children: list[_Span] = field(default_factory=list)

    @property
    def needs_words(self) -> bool:
        """A link or field that has text in the source must not end up empty."""
        return self.start < self.end and not self.droppable


def place_codes(
    source: str, target: str, codes: Sequence[Code], links: Sequence[Link] | None
) -> tuple[str, Placed]:
    """The target with the codes of the source, and how well their places are known.

    Args:
        source: with codes.
        target: without codes.
        codes: the codes of the unit.
        links: alignment between the source without its codes and the target; None when unknown,
            then places follow from the order and length alone ("fallback").
    """
    plain, positions = strip_codes(source)
    if not positions:
        return target, "exact"
    if plain == target:
        return source, "exact"
    root, points = _tree(positions, codes, len(plain))
    words = words_of(target)
    if not words:
        return target + "".join(code_char(index) for _, index in positions), "fallback"
    sources, certain = _aligned_sources(words, links, plain, target)
    if certain:
        _count_words(root, plain)
    root.last = len(words)
    surely = _place_children(root, words, sources)
    inserts = _span_inserts(root, words)
    surely = _place_points(points, root, words, sources, codes, plain, target, inserts) and surely
    placed: Placed = "aligned" if certain and surely else "fallback"
    return _insert(target, inserts), placed


def _tree(
    positions: Sequence[tuple[int, int]], codes: Sequence[Code], length: int
) -> tuple[_Span, list[tuple[int, int]]]:
    """The spans as a tree under a root that covers everything, and the points."""
    root = _Span(0, length, -1, -1)
    open_spans = [root]
    points: list[tuple[int, int]] = []
    for offset, index in positions:
        code = codes[index] if index < len(codes) else Code("point", "")
        if code.kind == "open":
            span = _Span(offset, length, index, -1, code.format_only)
            open_spans[-1].children.append(span)
            open_spans.append(span)
        elif code.kind == "close" and len(open_spans) > 1 and open_spans[-1].opening == code.pair:
            closed = open_spans.pop()
            closed.end, closed.closing = offset, index
        elif code.kind == "close":  # opened in an earlier segment: it covers all so far
            span = _Span(0, offset, -1, index, code.format_only)
            span.children = open_spans[-1].children
            open_spans[-1].children = [span]
        else:
            points.append((offset, index))
    return root, points


def _count_words(root: _Span, plain: str) -> None:
    """Words with a meaning that English takes for a span: one for two Han characters or a Latin word."""
    stack = [root]
    while stack:
        span = stack.pop()
        stack += span.children
        text = plain[span.start : span.end]
        span.n_words = max(1.0, count_han(text) / 2 + len(_LATIN.findall(text)))


def _aligned_sources(
    words: Sequence[Word], links: Sequence[Link] | None, plain: str, target: str
) -> tuple[list[list[float]], bool]:
    """For each target word the source characters (middle of the linked piece) that it stands for.

    Without an alignment, from its place in the sentence, but for what stands for itself.
    """
    if links:
        sources = _linked(words, with_anchors(links, plain, target))
        if any(sources):
            return sources, True
    certain = _linked(words, anchors(plain, target))
    scale = len(plain) / max(1, len(target))
    guessed = [[(word.start + word.end - 1) / 2 * scale] for word in words]
    return [known or guess for known, guess in zip(certain, guessed, strict=True)], False


def _linked(words: Sequence[Word], links: Sequence[Link]) -> list[list[float]]:
    return [
        [
            (link.source_start + link.source_end - 1) / 2
            for link in links
            if link.target_start < word.end and link.target_end > word.start
        ]
        for word in words
    ]


def _place_children(parent: _Span, words: Sequence[Word], sources: Sequence[list[float]]) -> bool:
    """Give each child its words inside the parent's; True when every child found aligned words."""
    sure = True
    for child in parent.children:
        found = None if child.start == child.end else _best_run(parent, child, words, sources)
        if child.start == child.end:
            child.first = child.last = _word_after(parent, sources, child.start)
        elif found is not None:
            child.first, child.last = found
        else:
            sure = False
            guess = _by_length(parent, child)
            child.first, child.last = (
                _without_light_edges(parent, words, *guess) if guess[0] < guess[1] else guess
            )
        if child.opening == -1:
            child.first = parent.first
        if child.closing == -1:
            child.last = parent.last
    _part_siblings(parent)
    for child in parent.children:
        sure = _place_children(child, words, sources) and sure
    return sure


def _best_run(
    parent: _Span, child: _Span, words: Sequence[Word], sources: Sequence[list[float]]
) -> tuple[int, int] | None:
    """The words to enclose: the run in which those that stand for the child's text outweigh the
    others most. None when no word with a meaning stands for it.

    Articles, prepositions and punctuation count little, for their alignment is mostly chance, and
    none of them stays at the edge of a run that has better words. Names are not cut.
    """
    values = [
        words[number].weight * _nearness(child, sources[number])
        for number in range(parent.first, parent.last)
    ]
    best = (0.0, 0, 0)
    longest = int(3 * child.n_words) + 12 if child.n_words else len(values)
    for first, value in enumerate(values):
        if value <= 0:
            continue
        total, n_words = 0.0, 0
        for last in range(first, min(len(values), first + longest)):
            total += values[last]
            n_words += words[parent.first + last].weight == 1
            score = total - (_SIZE_WEIGHT * abs(n_words - child.n_words) if child.n_words else 0.0)
            if total > 0 and (best[2] == 0 or score > best[0]):
                best = (score, first, last + 1)
    if best[2] == 0:
        return None
    return _without_light_edges(parent, words, parent.first + best[1], parent.first + best[2])


def _nearness(child: _Span, positions: list[float]) -> float:
    """How surely a word belongs to the child: 1 when all it stands for is in it, -1 when none is and
    it is far away, near 0 for neighbours."""
    if not positions:
        return 0.0
    return sum(_value(child, position) for position in positions) / len(positions)


def _value(child: _Span, position: float) -> float:
    if child.start <= position < child.end:
        return 1.0
    distance = max(child.start - position, position - child.end + 1)
    return -min(1.0, _NEAR + _PER_CHAR * distance)


def _without_light_edges(parent: _Span, words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    if all(word.weight < 1 for word in words[first:last]):
        return _neighbour(parent, words, first, last)
    while words[first].weight < 1:
        first += 1
    while words[last - 1].weight < 1:
        last -= 1
    while first > parent.first and words[first].name and words[first - 1].name == words[first].name:
        first -= 1
    while last < parent.last and words[last].name and words[last].name == words[last - 1].name:
        last += 1
    return first, last


def _neighbour(parent: _Span, words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """Nothing but light words: the word with a meaning after them, or before a mark of punctuation."""
    after = next((n for n in range(last, parent.last) if words[n].weight == 1), None)
    before = next((n for n in range(first - 1, parent.first - 1, -1) if words[n].weight == 1), None)
    number = before if words[first].weight < 0.2 or after is None else after
    return (first, last) if number is None else (number, number + 1)


def _by_length(parent: _Span, child: _Span) -> tuple[int, int]:
    """Words at the same share of the parent's length; at least one."""
    size = max(1, parent.end - parent.start)
    n_words = parent.last - parent.first
    first = parent.first + round((child.start - parent.start) / size * n_words)
    last = parent.first + round((child.end - parent.start) / size * n_words)
    first = min(first, max(parent.first, parent.last - 1))
    return first, min(parent.last, max(last, first + 1))


def _word_after(parent: _Span, sources: Sequence[list[float]], offset: int) -> int:
    for number in range(parent.first, parent.last):
        if any(position >= offset for position in sources[number]):
            return number
    return parent.last


def _part_siblings(parent: _Span) -> None:
    """Siblings do not overlap in the target: the later one begins where the earlier one ends, and
    each leaves a word for every later one that needs one."""
    parent.children.sort(key=lambda span: (span.first, span.last))
    reach = parent.first
    n_waiting = sum(span.needs_words for span in parent.children)
    for span in parent.children:
        n_waiting -= span.needs_words
        limit = max(reach, parent.last - n_waiting)
        span.first = min(max(span.first, reach), max(reach, limit - span.needs_words))
        span.last = min(max(span.last, span.first + span.needs_words), limit)
        reach = span.last


def _span_inserts(root: _Span, words: Sequence[Word]) -> list[tuple[int, int, int, str]]:
    """What to insert: (offset, rank at that offset, order, text); closings before points before openings."""
    inserts: list[tuple[int, int, int, str]] = []
    stack = [(child, 1) for child in root.children]
    while stack:
        span, depth = stack.pop()
        stack += [(child, depth + 1) for child in span.children]
        empty = span.first >= span.last
        if empty and span.droppable and span.opening != -1 and span.closing != -1:
            continue  # no formatting without words
        start = words[span.first][0] if span.first < len(words) else words[-1][1]
        end = start if empty else words[span.last - 1][1]
        if empty:
            inserts.append((start, 2, depth, _codes(span.opening) + _codes(span.closing)))
            continue
        if span.opening != -1:
            inserts.append((start, 3, depth, code_char(span.opening)))
        if span.closing != -1:
            inserts.append((end, 1, -depth, code_char(span.closing)))
    return inserts


def _place_points(
    points: Sequence[tuple[int, int]],
    root: _Span,
    words: Sequence[Word],
    sources: Sequence[list[float]],
    codes: Sequence[Code],
    source: str,
    target: str,
    inserts: list[tuple[int, int, int, str]],
) -> bool:
    """Add the points after the word that stands for the source text before them."""
    sure = True
    for order, (offset, index) in enumerate(points):
        span = _innermost(root, offset)
        number = _word_before(span, words, sources, offset)
        label = codes[index].label if index < len(codes) else ""
        rank = 0 if span is not root else 2  # inside a span: before its closing
        if number is None:
            place = words[span.first][0] if span.first < len(words) else len(target)
            rank = 4 if span is not root else 2
            sure = sure and offset == 0
        else:
            place = words[_leave_children(span, number)][1]
            if label in _NOTES and span is root:
                place = _after_clause(source, offset, number, words, sources, target, place)
        if offset >= root.end and label not in _NOTES:
            place = len(target)
        inserts.append((place, rank, order, code_char(index)))
    return sure


def _after_clause(
    source: str,
    offset: int,
    number: int,
    words: Sequence[Word],
    sources: Sequence[list[float]],
    target: str,
    place: int,
) -> int:
    """Where a note goes: after punctuation; and when it ends a sentence or clause of the source, to the
    end of the sentence or clause of the target."""
    rest = source[offset:]
    if not rest.strip(SENTENCE_END):
        return len(target)
    if rest[0] in _CLAUSE_END:
        for later in range(number + 1, len(words)):
            if target[words[later].start] in ",.;:!?":
                place = words[later].start
                break
            if sources[later] and min(sources[later]) > offset and words[later].weight == 1:
                break
    return _AFTER_PUNCTUATION.match(target, place).end()  # type: ignore[union-attr]


def _innermost(span: _Span, offset: int) -> _Span:
    for child in span.children:
        if child.start < offset < child.end and child.first < child.last:
            return _innermost(child, offset)
    return span


def _word_before(
    span: _Span, words: Sequence[Word], sources: Sequence[list[float]], offset: int
) -> int | None:
    """The target word whose source stands closest before `offset`; the last one of equals.

    An article or preposition only where no better word has a source before it.
    """
    best: tuple[bool, float, int] | None = None
    for number in range(span.first, span.last):
        before = [position for position in sources[number] if position < offset]
        if before:
            candidate = (words[number].weight == 1, max(before), number)
            best = candidate if best is None else max(best, candidate)
    return best[2] if best else None


def _leave_children(span: _Span, number: int) -> int:
    """A point that is outside a child span in the source goes behind it, not into it."""
    for child in span.children:
        if child.first <= number < child.last:
            return child.last - 1
    return number


def _insert(target: str, inserts: list[tuple[int, int, int, str]]) -> str:
    parts: list[str] = []
    done = 0
    for offset, _, _, text in sorted(inserts, key=lambda insert: insert[:3]):
        parts += [target[done:offset], text]
        done = offset
    return "".join([*parts, target[done:]])


def _codes(index: int) -> str:
    return code_char(index) if index != -1 else ""
