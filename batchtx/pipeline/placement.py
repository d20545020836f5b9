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

from batchtx.pipeline.anchors import with_anchors
from batchtx.records import Code, Link, code_char
from batchtx.text.codes import strip_codes

Placed = Literal["exact", "aligned", "fallback"]

_WORD = re.compile(r"⟦\d+⟧|\w+(?:[-.'’/@:]\w+)*%?|[^\w\s]")
_AFTER_PUNCTUATION = re.compile(r"[,.;:!?)\]”’\"]*")
_NOTES = frozenset({"footnote", "endnote", "comment"})


@dataclass(slots=True)
class _Span:
    """A pair of codes, or half of one whose partner stands in another segment.

    `start`, `end`: characters of the stripped source. `first`, `last`: words of the target
    (half-open), once placed. `opening`, `closing`: indices of the codes, -1 when elsewhere.
    `droppable`: only a look, which goes when it has no words.
    """

    start: int
    end: int
    opening: int
    closing: int
    droppable: bool = True
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
    if links:
        links = with_anchors(links, plain, target)
    root, points = _tree(positions, codes, len(plain))
    words = [match.span() for match in _WORD.finditer(target)]
    if not words:
        return target + "".join(code_char(index) for _, index in positions), "fallback"
    sources, certain = _aligned_sources(words, links, len(plain), len(target))
    root.last = len(words)
    surely = _place_children(root, words, sources)
    inserts = _span_inserts(root, words)
    surely = _place_points(points, root, words, sources, codes, target, inserts) and surely
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


def _aligned_sources(
    words: Sequence[tuple[int, int]], links: Sequence[Link] | None, n_source: int, n_target: int
) -> tuple[list[list[float]], bool]:
    """For each target word the source characters (middle of the linked piece) that it stands for."""
    if links:
        sources = [
            [
                (link.source_start + link.source_end - 1) / 2
                for link in links
                if link.target_start < end and link.target_end > start
            ]
            for start, end in words
        ]
        if any(sources):
            return sources, True
    scale = n_source / max(1, n_target)
    return [[(start + end - 1) / 2 * scale] for start, end in words], False


def _place_children(parent: _Span, words: Sequence[tuple[int, int]], sources: Sequence[list[float]]) -> bool:
    """Give each child its words inside the parent's; True when every child found aligned words."""
    sure = True
    for child in parent.children:
        inside = [
            number
            for number in range(parent.first, parent.last)
            if any(child.start <= position < child.end for position in sources[number])
        ]
        if child.start == child.end:
            child.first = child.last = _word_after(parent, sources, child.start)
        elif inside:
            child.first, child.last = _densest(inside)
        else:
            sure = False
            child.first, child.last = _by_length(parent, child)
        if child.opening == -1:
            child.first = parent.first
        if child.closing == -1:
            child.last = parent.last
    _part_siblings(parent)
    for child in parent.children:
        sure = _place_children(child, words, sources) and sure
    return sure


def _densest(numbers: Sequence[int]) -> tuple[int, int]:
    """The run of words to enclose: neighbours with gaps of at most two words, the largest such run."""
    runs = [[numbers[0]]]
    for number in numbers[1:]:
        if number - runs[-1][-1] <= 3:
            runs[-1].append(number)
        else:
            runs.append([number])
    best = max(runs, key=len)
    return best[0], best[-1] + 1


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


def _span_inserts(root: _Span, words: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, str]]:
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
    words: Sequence[tuple[int, int]],
    sources: Sequence[list[float]],
    codes: Sequence[Code],
    target: str,
    inserts: list[tuple[int, int, int, str]],
) -> bool:
    """Add the points after the word that stands for the source text before them."""
    sure = True
    for order, (offset, index) in enumerate(points):
        span = _innermost(root, offset)
        number = _word_before(span, sources, offset)
        label = codes[index].label if index < len(codes) else ""
        rank = 0 if span is not root else 2  # inside a span: before its closing
        if number is None:
            place = words[span.first][0] if span.first < len(words) else len(target)
            rank = 4 if span is not root else 2
            sure = sure and offset == 0
        else:
            place = words[_leave_children(span, number)][1]
            if label in _NOTES and span is root:
                place = _AFTER_PUNCTUATION.match(target, place).end()  # type: ignore[union-attr]
        if offset >= root.end and label not in _NOTES:
            place = len(target)
        inserts.append((place, rank, order, code_char(index)))
    return sure


def _innermost(span: _Span, offset: int) -> _Span:
    for child in span.children:
        if child.start < offset < child.end and child.first < child.last:
            return _innermost(child, offset)
    return span


def _word_before(span: _Span, sources: Sequence[list[float]], offset: int) -> int | None:
    """The target word whose source stands closest before `offset`; the last one of equals."""
    best: tuple[float, int] | None = None
    for number in range(span.first, span.last):
        before = [position for position in sources[number] if position < offset]
        if before and (best is None or (max(before), number) >= best):
            best = (max(before), number)
    return best[1] if best else None


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
