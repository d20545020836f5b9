"""Alignment carried over from what an engine reads and says to what stands in the document.

An engine reads placeholders in place of dates, URLs and terms, and annotated terms; the document has what
they stand for. Placing codes needs the links between the source and the finished target.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from batchtx.inline.anchors import anchors, with_anchors
from batchtx.inline.target_words import Word
from batchtx.records import Link
from batchtx.text.normalize import normalize
from batchtx.text.protect import PLACEHOLDER, Restored

_CHANGED = re.compile(r"⟦(\d{1,3})⟧|⟦t⟧|⟦=⟧.*?⟦/t⟧", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AlignmentEvidence:
    """What is known about which words of a target stand for which of its source.

    `links` is the alignment, None when there is none. `placeholders` are those of the links that are
    certain: what a placeholder stood for in the one, and what it became in the other.
    `span_translations` are translations of spans of the source by themselves, by their text.
    """

    links: Sequence[Link] | None = None
    placeholders: Sequence[Link] = ()
    span_translations: Mapping[str, str] = field(default_factory=dict)


def source_spans(engine_source: str, plain: str, lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Returns for each character that the engine reads the characters of the source that it stands for.

    Args:
        engine_source: normalised, with placeholders, perhaps with annotated terms.
        plain: the source without codes.
        lengths: how many characters of the normalised source each placeholder stands for.
    """
    normal = normalize(plain)
    spans: list[tuple[int, int]] = []
    done = reach = 0
    for match in _CHANGED.finditer(engine_source):
        spans += [(reach + n, reach + n + 1) for n in range(match.start() - done)]
        reach += match.start() - done
        length = lengths[int(match[1]) - 1] if match[1] and int(match[1]) <= len(lengths) else 0
        spans += [(reach, reach + length)] * len(match[0])
        reach += length
        done = match.end()
    spans += [(reach + n, reach + n + 1) for n in range(len(engine_source) - done)]
    trace = [*_trace(normal, plain), len(plain)]
    last = len(normal)
    return [(trace[min(a, last)], max(trace[min(a, last)], trace[min(b, last)])) for a, b in spans]


def project_links(
    links: Sequence[Link], spans: Sequence[tuple[int, int]], engine_source: str, said: str, restored: Restored
) -> AlignmentEvidence:
    """Returns the links of an engine between the source and the restored target.

    Args:
        links: between `engine_source` and `said`.
        spans: of `source_spans`.
        said: what the engine gave, with its placeholders.
        restored: the same with what the placeholders stand for.
    """
    targets = _TargetSpans(said, restored)
    sources = {int(m[1]): spans[m.start()] for m in _CHANGED.finditer(engine_source) if m[1]}
    placeholders = [
        Link(*sources[number], *place)
        for number, place in zip(targets.numbers, restored.spans, strict=True)
        if number in sources
    ]
    projected = [
        Link(*source, *target)
        for link in links
        if link.source_end > link.source_start
        and (target := targets.of(link.target_start, link.target_end)) is not None
        and (source := (spans[link.source_start][0], spans[link.source_end - 1][1]))[0] < source[1]
    ]
    return AlignmentEvidence((*projected, *placeholders), tuple(placeholders))


def aligned_sources(
    words: Sequence[Word], evidence: AlignmentEvidence, plain: str, target: str
) -> tuple[list[list[float]], bool]:
    """Returns for each target word the source characters that it stands for.

    Without an alignment, from its place in the sentence, but for what stands for itself.
    """
    if evidence.links:
        sources = _linked(words, with_anchors(evidence.links, plain, target, evidence.placeholders))
        if any(sources):
            return sources, True
    certain = _linked(words, anchors(plain, target))
    scale = len(plain) / max(1, len(target))
    guessed = [[(word.start + word.end - 1) / 2 * scale] for word in words]
    return [known or guess for known, guess in zip(certain, guessed, strict=True)], False


def _linked(words: Sequence[Word], links: Sequence[Link]) -> list[list[float]]:
    return [
        [
            float(position)
            for link in links
            if link.target_start < word.end and link.target_end > word.start
            for position in range(link.source_start, link.source_end)
        ]
        for word in words
    ]


class _TargetSpans:
    """Where characters of what the engine said stand in the restored target."""

    def __init__(self, said: str, restored: Restored) -> None:
        pieces = PLACEHOLDER.split(said)
        self.numbers = [int(number) for number in pieces[1::2]] if restored.spans else []
        if len(self.numbers) != len(restored.spans):
            raise ValueError(
                f"{len(restored.spans)} placeholders were restored, {len(self.numbers)} were said"
            )
        matches = list(PLACEHOLDER.finditer(said)) if restored.spans else []
        self._placeholders = [match.span() for match in matches]
        self._starts = [0, *(match.end() for match in matches)]
        ends = [*(match.start() for match in matches), len(said)]
        new_starts = [0, *(end for _, end in restored.spans)]
        new_ends = [*(start for start, _ in restored.spans), len(restored.text)]
        self._shifts: list[tuple[int, int, int]] = []
        for start, end, new_start, new_end in zip(self._starts, ends, new_starts, new_ends, strict=True):
            old, new = said[start:end], restored.text[new_start:new_end]
            widened = (len(new) - len(new.lstrip())) - (len(old) - len(old.lstrip()))
            self._shifts.append((new_start - start + widened, new_start, new_end))

    def of(self, start: int, end: int) -> tuple[int, int] | None:
        """The same stretch; None for one that touches a placeholder, or is empty."""
        if start >= end or any(start < b and a < end for a, b in self._placeholders):
            return None
        shift, low, high = self._shifts[bisect_right(self._starts, start) - 1]
        first, last = (max(low, min(high, offset + shift)) for offset in (start, end))
        return (first, last) if first < last else None


def _trace(changed: str, original: str) -> list[int]:
    """For each character of `changed` the offset in `original` that it comes from."""
    if changed == original:
        return list(range(len(changed)))
    trace = [0] * len(changed)
    matcher = SequenceMatcher(None, changed, original, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for offset in range(a, b):
            trace[offset] = min(max(c, d - 1), c + (offset - a)) if d > c else max(0, c - 1)
    return trace
