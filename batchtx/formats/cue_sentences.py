"""Sentences that run over cues: translated as one text, and divided again where the cues part.

Many subtitles have no marks at the ends of sentences at all; in those nothing tells that a sentence goes on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from batchtx.formats.spans import Span
from batchtx.records import Code
from batchtx.text.inline_codes import CODE, CODE_LIMIT, code_char, code_index, without_codes

MAX_CUES = 3
MAX_CHARS = 120
MAX_GAP_S = 0.2
_MARKED_SHARE = 0.4
"""So many cues must end with a mark before one that does not is taken for a sentence that goes on."""

_FINAL = re.compile(r"[。！？!?….;；:：][\s”’」』）)\]》】\"'♪]*\Z")
_CLOSED = re.compile(r"[）)\]】》♪—–-]\s*\Z")
_OPENS = re.compile(r"\s*[（(\[【《♪—–-]")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue, or a part of one that a blank line parts: its number, its times, where its text stands. Only
    cues of one `look` hold one sentence."""

    number: int
    begin: str
    finish: str
    start: int
    end: int
    part: int = 1
    look: str = ""


def sentence_runs(cues: Sequence[tuple[Cue, Sequence[Span]]]) -> dict[int, int]:
    """Returns how many cues, from which one on (by its number), hold one sentence."""
    texts = [without_codes(spans[0].unit.text) if len(spans) == 1 else "" for _, spans in cues]
    shown = [text for text in texts if text]
    if sum(1 for text in shown if _FINAL.search(text)) < _MARKED_SHARE * len(shown):
        return {}
    runs: dict[int, int] = {}
    at = 0
    while at < len(cues):
        size = 1
        while (
            size < MAX_CUES
            and at + size < len(cues)
            and sum(map(len, texts[at : at + size + 1])) <= MAX_CHARS
            and _goes_on(cues, texts, at + size - 1)
        ):
            size += 1
        if size > 1:
            runs[cues[at][0].number] = size
        at += size
    return runs


def _goes_on(cues: Sequence[tuple[Cue, Sequence[Span]]], texts: Sequence[str], at: int) -> bool:
    """Whether the sentence of a cue goes on in the next one."""
    (one, spans), (other, next_spans) = cues[at], cues[at + 1]
    text, following = texts[at], texts[at + 1]
    if (
        one.look != other.look
        or not text
        or not following
        or one.part != 1
        or other.part != 1
        or other.number != one.number + 1
    ):
        return False
    if at + 2 < len(cues) and cues[at + 2][0].number == other.number:
        return False  # the next one has blank lines in it
    if _FINAL.search(text) or _CLOSED.search(text) or _OPENS.match(following):
        return False
    whole = all(code.kind != "point" for span in (*spans, *next_spans) for code in span.unit.codes)
    gap_s = _seconds(other.begin) - _seconds(one.finish)
    return whole and 0 <= gap_s <= MAX_GAP_S


def _seconds(time: str) -> float:
    """A time of a cue in seconds: 00:00:01,000 or 01:02.5; infinite for what is none."""
    try:
        parts = [float(part) for part in re.sub("[,，．]", ".", time).replace("：", ":").split(":")]
    except ValueError:
        return math.inf
    total = 0.0
    for part in parts:
        total = 60 * total + part
    return total


def one_text(text: str, spans: Sequence[Span], layout: Callable[[str], str]) -> Span | None:
    """Returns the texts of several cues as one, with a code where a cue ends; None where they hold too
    many.
    """
    first = spans[0]
    parts, codes, originals, borders = [first.unit.text], list(first.unit.codes), list(first.originals), []
    places, marks = list(first.places), list(first.marks)
    for before, span in pairwise(spans):
        bounds = (before.end, span.start)
        borders.append(len(codes))
        offset = len(codes) + 1
        parts += [code_char(len(codes)), CODE.sub(partial(_shifted, by=offset), span.unit.text)]
        codes.append(Code("point", "cue"))
        codes += [replace(one, pair=one.pair + offset) if one.pair >= 0 else one for one in span.unit.codes]
        originals += [text[slice(*bounds)], *span.originals]
        places += [bounds, *span.places]
        marks += [bounds, *span.marks]
    if len(codes) > CODE_LIMIT:
        return None
    lengths = tuple(len(without_codes(span.unit.text)) for span in spans)
    last = spans[-1]
    return replace(
        first,
        end=last.end,
        unit=replace(first.unit, text="".join(parts), codes=tuple(codes)),
        originals=tuple(originals),
        places=tuple(places),
        marks=tuple(marks),
        block=(first.block[0], last.block[1]),
        layout=partial(laid_out, borders=frozenset(borders), lengths=lengths, layout=layout),
    )


def _shifted(match: re.Match[str], by: int) -> str:
    return code_char((code_index(match[0]) or 0) + by)


def laid_out(
    target: str, borders: frozenset[int], lengths: tuple[int, ...], layout: Callable[[str], str]
) -> str:
    """Returns a target with the text of each cue laid out by itself.

    Where a cue would be left without a word, the words are divided as the source's characters were.
    """
    found = [match for match in CODE.finditer(target) if code_index(match[0]) in borders]
    ends = [*(match.start() for match in found), len(target)]
    starts = [0, *(match.end() for match in found)]
    pieces = [target[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    marks = sorted(match[0] for match in found)
    if len(pieces) == len(lengths) and not all(any(map(str.isalnum, without_codes(one))) for one in pieces):
        pieces = _divided(" ".join(filter(None, pieces)), lengths)
    laid = [layout(piece) for piece in pieces]
    return "".join([laid[0], *(mark + piece for mark, piece in zip(marks, laid[1:], strict=True))])


def _divided(target: str, lengths: tuple[int, ...]) -> list[str]:
    """The words of a target in as many pieces, as long in proportion as these; each has a word, if it can."""
    words = target.split(" ")
    total, done, start = sum(lengths) or 1, 0, 0
    pieces: list[str] = []
    for number, length in enumerate(lengths, 1):
        done += length
        most = len(words) - (len(lengths) - number)
        end = max(start, min(most, max(start + 1, round(len(words) * done / total))))
        pieces.append(" ".join(words[start:end]))
        start = end
    return pieces
