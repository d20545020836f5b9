"""Puts the inline codes of a source into its translation.

The model translates the sentence without codes; word alignment then says which words of the target
stand for the words that a code enclosed or followed (docs/architecture.md, "Inline codes"). Rules:
every code once, pairs nested, formatting that has words in the source on a word of the target, note marks
after punctuation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from batchtx.inline.alignment import AlignmentEvidence, aligned_sources
from batchtx.inline.span_tree import SpanNode, know_spans, span_tree
from batchtx.inline.standalone_tags import AlignedText, place_point
from batchtx.inline.target_words import SYMBOL, Word, words_of
from batchtx.records import Code
from batchtx.text.inline_codes import code_char, strip_codes

Placed = Literal["exact", "aligned", "fallback"]

_SIZE_WEIGHT = 0.5
"""What a word too many or too few costs a run, against 1 for a word that surely belongs to it."""

_NEAR = 0.5
_PER_CHAR = 0.2
"""What an aligned word costs that stands for the text beside a span, and for each character farther off."""

_SAME_WORD = 1.3
"""What speaks for a word that the span has when it is translated by itself."""


def place_codes(
    source: str, target: str, codes: Sequence[Code], evidence: AlignmentEvidence
) -> tuple[str, Placed]:
    """Returns the target with the codes of the source, and how well their places are known.

    Args:
        source: with codes.
        target: without codes.
        codes: the codes of the unit.
        evidence: the alignment between the source without its codes and the target; without one, places
            follow from the order and length alone ("fallback").
    """
    plain, positions = strip_codes(source)
    if not positions:
        return target, "exact"
    if plain == target:
        return source, "exact"
    root, points = span_tree(positions, codes, len(plain))
    words = words_of(target)
    if not words:
        return target + "".join(code_char(index) for _, index in positions), "fallback"
    sources, certain = aligned_sources(words, evidence, plain, target)
    know_spans(root, plain, evidence.span_translations, sized=certain)
    root.last = len(words)
    surely = _place_children(root, words, sources)
    surely = not _rescue(root, words) and surely
    inserts = _span_inserts(root, words)
    text = AlignedText(plain, target, words, sources, evidence)
    for order, (offset, index) in enumerate(points):
        label = codes[index].label if index < len(codes) else ""
        place = place_point(text, root, offset, label)
        inserts.append((place.offset, place.rank, order, code_char(index)))
        surely = surely and place.sure
    placed: Placed = "aligned" if certain and surely else "fallback"
    return _insert(target, inserts), placed


def _place_children(parent: SpanNode, words: Sequence[Word], sources: Sequence[list[float]]) -> bool:
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
    parent: SpanNode, child: SpanNode, words: Sequence[Word], sources: Sequence[list[float]]
) -> tuple[int, int] | None:
    """The words to enclose: the run in which those that stand for the child's text outweigh the
    others most. None when no word with a meaning stands for it.

    Articles, prepositions and punctuation count little, for their alignment is mostly chance, and
    none of them stays at the edge of a run that has better words. Names are not cut.
    """
    values = [
        words[number].weight * _nearness(child, words[number], sources[number])
        for number in range(parent.first, parent.last)
    ]
    own = [word.root in child.roots for word in words[parent.first : parent.last]]
    if not child.n_words and any(own):  # places are guessed: the words decide
        values = [1.0 if is_own else -_NEAR for is_own in own]
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
    run = _without_light_edges(parent, words, parent.first + best[1], parent.first + best[2])
    return _with_symbols(parent, child, words, sources, *run)


def _nearness(child: SpanNode, word: Word, positions: list[float]) -> float:
    """How surely a word belongs to the child: 1 when all it stands for is in it, -1 when none is and
    it is far away, near 0 for neighbours; more when the child by itself is translated with that word."""
    value = sum(_value(child, position) for position in positions) / max(1, len(positions))
    return min(1.0, value + _SAME_WORD) if word.root in child.roots else value


def _value(child: SpanNode, position: float) -> float:
    if child.start <= position < child.end:
        return 1.0
    distance = max(child.start - position, position - child.end + 1)
    return -min(1.0, _NEAR + _PER_CHAR * distance)


def _without_light_edges(parent: SpanNode, words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
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


def _with_symbols(
    parent: SpanNode,
    child: SpanNode,
    words: Sequence[Word],
    sources: Sequence[list[float]],
    first: int,
    last: int,
) -> tuple[int, int]:
    """The run with the symbols that touch it and stand for something in the child: -5℃, (net)."""

    def is_own(number: int) -> bool:
        inside = all(child.start <= position < child.end for position in sources[number])
        return words[number].weight == SYMBOL and bool(sources[number]) and inside

    while first > parent.first and is_own(first - 1) and words[first - 1].end == words[first].start:
        first -= 1
    while last < parent.last and is_own(last) and words[last].start == words[last - 1].end:
        last += 1
    return first, last


def _neighbour(parent: SpanNode, words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """Nothing but light words: the word with a meaning after them, or before a mark of punctuation."""
    after = next((n for n in range(last, parent.last) if words[n].weight == 1), None)
    before = next((n for n in range(first - 1, parent.first - 1, -1) if words[n].weight == 1), None)
    number = before if words[first].weight < 0.2 or after is None else after
    return (first, last) if number is None else (number, number + 1)


def _by_length(parent: SpanNode, child: SpanNode) -> tuple[int, int]:
    """Words at the same share of the parent's length; at least one."""
    size = max(1, parent.end - parent.start)
    n_words = parent.last - parent.first
    first = parent.first + round((child.start - parent.start) / size * n_words)
    last = parent.first + round((child.end - parent.start) / size * n_words)
    first = min(first, max(parent.first, parent.last - 1))
    return first, min(parent.last, max(last, first + 1))


def _word_after(parent: SpanNode, sources: Sequence[list[float]], offset: int) -> int:
    for number in range(parent.first, parent.last):
        if any(position >= offset for position in sources[number]):
            return number
    return parent.last


def _part_siblings(parent: SpanNode) -> None:
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


def _rescue(parent: SpanNode, words: Sequence[Word]) -> bool:
    """Give looks that found no word the nearest one of their parent, a free one if there is any; whether
    any needed it."""
    rescued = False
    for span in list(parent.children):
        if not (span.needs_words and span.droppable) or _word_numbers(span, words):
            continue
        rescued = True
        free = [n for n in _word_numbers(parent, words) if _covering(parent, n, span) is None]
        near = free or _word_numbers(parent, words)
        if near:
            _move(span, parent, min(near, key=lambda number: abs(number - span.first)))
    for child in parent.children:
        rescued = _rescue(child, words) or rescued
    return rescued


def _word_numbers(span: SpanNode, words: Sequence[Word]) -> list[int]:
    return [number for number in range(span.first, span.last) if words[number].weight > SYMBOL]


def _covering(parent: SpanNode, number: int, but: SpanNode) -> SpanNode | None:
    return next((one for one in parent.children if one is not but and one.first <= number < one.last), None)


def _move(span: SpanNode, parent: SpanNode, number: int) -> None:
    """Let a span enclose one word, inside of what encloses it already."""
    host = parent
    while (inner := _covering(host, number, span)) is not None:
        host = inner
    if host is not parent:
        parent.children.remove(span)
        host.children.append(span)
    stack = [span]
    while stack:
        one = stack.pop()
        stack += one.children
        one.first, one.last = number, number + (one is span)  # what is inside has its turn next


def _span_inserts(root: SpanNode, words: Sequence[Word]) -> list[tuple[int, int, int, str]]:
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


def _insert(target: str, inserts: list[tuple[int, int, int, str]]) -> str:
    parts: list[str] = []
    done = 0
    for offset, _, _, text in sorted(inserts, key=lambda insert: insert[:3]):
        parts += [target[done:offset], text]
        done = offset
    return "".join([*parts, target[done:]])


def _codes(index: int) -> str:
    return code_char(index) if index != -1 else ""
