"""The spans and points of a source: what its codes enclose, and where they stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from batchtx.inline.target_words import words_of
from batchtx.records import Code
from batchtx.text.inline_codes import strip_codes
from batchtx.text.scripts import count_han

NOTES = frozenset({"footnote", "endnote", "comment"})
_LATIN = re.compile(r"[A-Za-z0-9]+")
_CLAUSE_MARK = re.compile("[，。；：！？、,;:!?]")
_LONGEST_ALONE = 30
"""Han characters; longer spans are found by alignment as well, and cost more."""


@dataclass(slots=True)
class SpanNode:
    """A pair of codes, or half of one whose partner stands in another segment.

    `start`, `end`: characters of the stripped source. `first`, `last`: words of the target
    (half-open), once placed. `opening`, `closing`: indices of the codes, -1 when elsewhere.
    `droppable`: only a look, which goes when it has no words in the source either; `wordy`: it has some.
    `n_words`: how many words it should have, 0 when nothing is known; `roots` those of the words that it has
    when translated by itself.
    """

    start: int
    end: int
    opening: int
    closing: int
    droppable: bool = True
    wordy: bool = False
    n_words: float = 0.0
    roots: frozenset[str] = frozenset()
    first: int = 0
    last: int = 0
    children: list[SpanNode] = field(default_factory=list)

    @property
    def needs_words(self) -> bool:
        """What has words in the source, and a link or field that has any text, must not end up empty."""
        return self.start < self.end and (self.wordy or not self.droppable)


def span_tree(
    positions: Sequence[tuple[int, int]], codes: Sequence[Code], length: int
) -> tuple[SpanNode, list[tuple[int, int]]]:
    """Returns the spans as a tree under a root that covers everything, and the points."""
    root = SpanNode(0, length, -1, -1)
    open_spans = [root]
    points: list[tuple[int, int]] = []
    for offset, index in positions:
        code = codes[index] if index < len(codes) else Code("point", "")
        if code.kind == "open":
            span = SpanNode(offset, length, index, -1, code.format_only)
            open_spans[-1].children.append(span)
            open_spans.append(span)
        elif code.kind == "close" and len(open_spans) > 1 and open_spans[-1].opening == code.pair:
            closed = open_spans.pop()
            closed.end, closed.closing = offset, index
        elif code.kind == "close":  # opened in an earlier segment: it covers all so far
            span = SpanNode(0, offset, -1, index, code.format_only)
            span.children = open_spans[-1].children
            open_spans[-1].children = [span]
        else:
            points.append((offset, index))
    return root, points


def know_spans(root: SpanNode, plain: str, span_translations: Mapping[str, str], *, sized: bool) -> None:
    """Returns what is known of each span before it is placed: the words it has by itself, and (`sized`)
    how many words with a meaning English takes for it, one for two Han characters or a Latin word.
    """
    stack = [root]
    while stack:
        span = stack.pop()
        stack += span.children
        text = plain[span.start : span.end]
        span.wordy = any(map(str.isalnum, text))
        if sized:
            span.n_words = max(1.0, count_han(text) / 2 + len(_LATIN.findall(text)))
        if span is not root:
            span.roots = roots_of(span_translations.get(text, ""))


def span_texts(source: str, codes: Sequence[Code]) -> Iterator[str]:
    """Yields the texts whose translation by itself helps to place codes: what pairs enclose, and what
    leads to a note; but for figures, long ones and the whole source (see
    `AlignmentEvidence.span_translations`).
    """
    plain, positions = strip_codes(source)
    offsets = {index: offset for offset, index in positions}
    for offset, index in positions:
        code = codes[index] if index < len(codes) else Code("point", "")
        text = ""
        if code.kind == "open" and code.pair in offsets:
            text = plain[offset : offsets[code.pair]]
        elif code.kind == "point" and code.label in NOTES:
            text = clause_before(plain, offset)
        if len(text) < len(plain) and 0 < count_han(text) <= _LONGEST_ALONE:
            yield text


def clause_before(plain: str, offset: int) -> str:
    """Returns the text from the last mark of punctuation to an offset, empty when the clause ends there."""
    if offset >= len(plain) or _CLAUSE_MARK.match(plain, offset):
        return ""
    return _CLAUSE_MARK.split(plain[:offset])[-1]


def roots_of(text: str) -> frozenset[str]:
    """Returns the roots of the words with a meaning in an English text."""
    return frozenset(word.root for word in words_of(text) if word.root)
