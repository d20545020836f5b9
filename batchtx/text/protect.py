"""What must come through untouched (URLs, code, placeholders, inline codes) as placeholders ⟦1⟧ … ⟦16⟧."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from batchtx.records import Term
from batchtx.text.inline_codes import is_code
from batchtx.text.literals import literal_spans
from batchtx.text.scripts import is_han
from batchtx.text.spans import Quantity, merge_spans, overlaps

MAX_PLACEHOLDERS = 16
"""Engines know ⟦1⟧ to ⟦16⟧ (see protocols.Engine.placeholders)."""

PLACEHOLDER = re.compile(r"⟦\s*(\d{1,3})\s*⟧")
"""A placeholder in what an engine says, with its number."""

_SYMBOL = re.compile("[℃℉°Ω±×÷≤≥≠≈∞√µμ‰‱′″‴™®©→←↑↓⇒□■☐☑☒✓✔●○◆◇★☆▲△]")
"""Signs that a small vocabulary spells in bytes, and gets wrong."""

_PLURAL = re.compile(r"(⟦\s*\d{1,3}\s*⟧)s\b")
_JOINABLE = re.compile(r"[\s,，、;；/|·]{0,3}")
_NO_SPACE_BEFORE = frozenset(",.;:!?)]}”’%…,。，、；：！？）】》\"'")
_NO_SPACE_AFTER = frozenset("([{“‘（【《/\"'-–—@#$£€¥")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders in place of what must not change.

    `originals[n]` is what ⟦n+1⟧ stands for, `spans[n]` where it stood in the unmasked text.
    `verbatim`: all originals are what stood there, none is a quantity in English.
    """

    text: str
    originals: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    verbatim: bool = True


@dataclass(frozen=True, slots=True)
class Restored:
    """A target with its placeholders replaced; `spans[n]` is where the original of its placeholder
    number n stands, counted from the left."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


def protect(
    text: str,
    *,
    keep: Sequence[tuple[int, int]] = (),
    rendered: Sequence[Quantity] = (),
    numbers: bool = False,
) -> Masked | None:
    """Returns the text with placeholders for URLs, e-mails, paths, code, placeholders, tags and inline codes.

    `keep` are further spans (do-not-translate terms) by offset; `rendered` come back in English;
    `numbers` marks all other figures too. None when more than 16 marks are needed even after
    neighbours share one: cut the text first.
    """
    in_english = [(quantity.start, quantity.end) for quantity in rendered]
    symbols = [
        match.span()
        for match in (_SYMBOL.finditer(text) if not text.isascii() else ())
        if not overlaps(*match.span(), in_english)
    ]
    fixed = _merge(text, [*literal_spans(text), *symbols, *keep], distance=False)
    targets = {(q.start, q.end): q.target for q in rendered if not overlaps(q.start, q.end, fixed)}
    taken = [*fixed, *targets]
    if numbers:
        figures = literal_spans(text, numbers=True)
        fixed = _merge(
            text, [*fixed, *(span for span in figures if not overlaps(*span, taken))], distance=False
        )
    if len(fixed) + len(targets) > MAX_PLACEHOLDERS:
        fixed = _merge(text, fixed, distance=True)
        targets = _most_needed(text, targets, MAX_PLACEHOLDERS - len(fixed))
    spans = sorted([*fixed, *targets])
    if len(spans) > MAX_PLACEHOLDERS:
        return None
    parts: list[str] = []
    done = 0
    for number, (start, end) in enumerate(spans, 1):
        parts += [text[done:start], f"⟦{number}⟧"]
        done = end
    parts.append(text[done:])
    originals = tuple(targets.get((start, end), text[start:end]) for start, end in spans)
    return Masked("".join(parts), originals, tuple(spans), verbatim=not targets)


def _most_needed(text: str, targets: Mapping[tuple[int, int], str], n: int) -> dict[tuple[int, int], str]:
    """The first `n` of them, those first that English writes otherwise than the source."""
    ranked = sorted(targets, key=lambda span: (targets[span] == text[slice(*span)], span))
    return {span: targets[span] for span in ranked[: max(0, n)]}


def restore(target: str, masked: Masked) -> Restored | None:
    """Returns the target with its placeholders replaced, None when one is missing, doubled or unknown.

    Spaces are set as English needs them (between a word and a URL, none before a mark of
    punctuation); a placeholder that stands as it stood in the source, with the same neighbours, gets none.
    """
    if target == masked.text:
        return _joined(_filled(target, masked))
    if not masked.verbatim:
        target = _PLURAL.sub(r"\1", target)  # ⟦1⟧s, where the mark says "10 days"
    found = [int(match[1]) for match in PLACEHOLDER.finditer(target)]
    if sorted(found) != list(range(1, len(masked.originals) + 1)):
        return None
    if _has_stray_bracket(target):
        return None
    return _joined(_filled_spaced(target, masked))


def move_terms(terms: Sequence[Term], masked: Masked) -> tuple[Term, ...]:
    """Terms with their offsets in the masked text; those inside or across a placeholder are left out."""
    moved = []
    for term in terms:
        if overlaps(term.start, term.end, masked.spans):
            continue
        shift = sum(
            len(f"⟦{number}⟧") - (end - start)
            for number, (start, end) in enumerate(masked.spans, 1)
            if end <= term.start
        )
        moved.append(replace(term, start=term.start + shift, end=term.end + shift))
    return tuple(moved)


def _merge(text: str, spans: Sequence[tuple[int, int]], *, distance: bool) -> list[tuple[int, int]]:
    """Spans in order, overlapping and touching ones joined; with `distance` also close neighbours."""
    return merge_spans(
        spans, lambda end, start: start <= end or (distance and bool(_JOINABLE.fullmatch(text, end, start)))
    )


def _joined(parts: Sequence[str]) -> Restored:
    """Text, original, text, original, … text as one."""
    ends = list(accumulate(map(len, parts)))
    return Restored("".join(parts), tuple(zip(ends[::2], ends[1::2], strict=False)))


def _filled(target: str, masked: Masked) -> list[str]:
    parts = PLACEHOLDER.split(target)
    parts[1::2] = [masked.originals[int(number) - 1] for number in parts[1::2]]
    return parts


def _has_stray_bracket(target: str) -> bool:
    rest = PLACEHOLDER.sub("", target)
    return "⟦" in rest or "⟧" in rest


def _filled_spaced(target: str, masked: Masked) -> list[str]:
    parts: list[str] = []
    done = 0
    last = ""
    for match in PLACEHOLDER.finditer(target):
        before = target[done : match.start()]
        if last and before:
            before = _space_between(last, before[0]) + before
        number = int(match[1])
        original = masked.originals[number - 1]
        left = before[-1:] or last[-1:]
        if left and not (masked.verbatim and _stood_so(masked.text, number, target, match)):
            before += _space_between(left, original)
        parts += [before, original]
        stays = masked.verbatim and _stood_so_right(masked.text, number, target, match)
        last = "" if stays else original
        done = match.end()
    rest = target[done:]
    if last and rest:
        rest = _space_between(last, rest[0]) + rest
    return [*parts, rest]


def _space_between(left: str, right: str) -> str:
    """A space where English needs one between something restored and its neighbour."""
    a, b = left[-1], right[0]
    if a.isspace() or b.isspace() or _is_silent(left) or _is_silent(right) or is_han(a) or is_han(b):
        return ""
    if b in _NO_SPACE_BEFORE and not (len(right) > 1 and b in ".'\""):
        return ""
    if a in _NO_SPACE_AFTER and not (len(left) > 1 and a in "/\"'"):
        return ""
    return " "


def _is_silent(text: str) -> bool:
    """Inline codes and tags bring no space of their own."""
    return is_code(text[0]) or is_code(text[-1]) or (text[0] == "<" and text[-1] == ">")


def _stood_so(source: str, number: int, target: str, match: re.Match[str]) -> bool:
    before = source.partition(f"⟦{number}⟧")[0][-1:]
    return before == target[: match.start()][-1:] and before != ""


def _stood_so_right(source: str, number: int, target: str, match: re.Match[str]) -> bool:
    after = source.partition(f"⟦{number}⟧")[2][:1]
    return after == target[match.end() : match.end() + 1] and after != ""
