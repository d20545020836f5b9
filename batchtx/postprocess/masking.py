"""Keeping steps away from what must not change: inline codes, URLs, code, literals of the source."""

from __future__ import annotations

import re
from collections.abc import Callable

from batchtx.text.inline_codes import CODES
from batchtx.text.literals import literal_spans, literals
from batchtx.text.spans import merge_spans

_FIRST = 0x100000
_CAPACITY = 0xFFFE
_STAND_IN = re.compile("[\U00100000-\U0010fffd]")
_PLAIN = re.compile(r"[\U00100000-\U0010fffd\ufeff]")
_ALWAYS = re.compile(r"https?://|www\.|[^\s@]+@[^\s@]+\.|`", re.ASCII)
_CODE_RUN = re.compile(f"[{CODES}]")

OPAQUE = "\U00100000-\U0010fffd"
"""Character class content of the stand-ins that a step sees in place of shielded text."""

_ROUNDS = 6
_TOKEN = re.compile(r"[!-~]{3,}")
_INNER = re.compile(r"[A-Za-z0-9][,;:!?.'\"()\[\]]+[A-Za-z0-9]")
_EDGES = ".,;:!?"


def until_stable(change: Callable[[str], str], text: str) -> str:
    """Returns the change applied until nothing changes any more; the text as it was if that never comes."""
    current = text
    for _ in range(_ROUNDS):
        following = change(current)
        if following == current:
            return current
        current = following
    return text


def apply_masked(change: Callable[[str], str], target: str, source: str) -> str:
    """Returns the change applied to a target in which each literal and code is one opaque character.

    Literals are those of the source that stand in the target, other ASCII words of it with marks inside
    (pid,user,rss), and URLs, e-mails and code spans of
    the target. A change that loses or doubles one is not applied.
    """
    spans = _spans(target, source)
    if len(spans) > _CAPACITY:
        return target
    parts: list[str] = []
    done = 0
    for index, (start, end) in enumerate(spans):
        parts += [target[done:start], chr(_FIRST + index)]
        done = end
    changed = change("".join([*parts, target[done:]]))
    stand_ins = _STAND_IN.findall(changed)
    if [ord(char) - _FIRST for char in stand_ins] != list(range(len(spans))):
        return target
    pieces = _STAND_IN.split(changed)
    kept = [target[start:end] for start, end in spans] + [""]
    return "".join(piece + literal for piece, literal in zip(pieces, kept, strict=True))


def _spans(target: str, source: str) -> list[tuple[int, int]]:
    found = [match.span() for match in _PLAIN.finditer(target)]
    found += [match.span() for match in _CODE_RUN.finditer(target)]
    found += [(start, end) for start, end in literal_spans(target) if _kept(target[start:end], source)]
    tokens = {match[0].strip(_EDGES) for match in _TOKEN.finditer(source)}
    wanted = sorted(
        {*literals(source), *filter(_INNER.search, tokens)}, key=lambda literal: (-len(literal), literal)
    )
    if wanted:
        pattern = re.compile("|".join(map(re.escape, wanted)))
        found += [match.span() for match in pattern.finditer(target) if _whole(target, match)]
    return merge_spans(found, lambda end, start: start < end)


def _kept(literal: str, source: str) -> bool:
    return literal in source or _ALWAYS.match(literal) is not None


def _whole(target: str, match: re.Match[str]) -> bool:
    """Whether a literal that is a word stands as a whole word."""
    start, end = match.span()
    before, after = target[start - 1 : start], target[end : end + 1]
    return not (
        (match[0][0].isalnum() and before.isascii() and before.isalnum())
        or (match[0][-1].isalnum() and after.isascii() and after.isalnum())
    )
