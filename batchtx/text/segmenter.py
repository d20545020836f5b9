"""Cutting a unit's text into sentences, so that joining gives the text back exactly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from batchtx.records import Code, UnitKind
from batchtx.text.columns import columns
from batchtx.text.inline_codes import CODE_BASE, CODES, code_index, is_code
from batchtx.text.scripts import HAN, SPACES

_ENDS = "。！？!?；;…｡‼⁇⁈⁉.．"
_OPENERS = dict(zip("（(《〈【「『“‘[〔", "）)》〉】」』”’]〕", strict=True))
_CLOSERS = frozenset(_OPENERS.values())
_CLOSING = "".join(sorted(_CLOSERS)) + "\"'"
_QUOTES = '“‘「『"'
_LONGEST_ASIDE = 150
_SHORTEST_CLAUSE = 12
_MAX_HEADS = 3

_LINE = re.compile(r"[^\n\r\t\v\f\x85\u2028\u2029]+")
_EDGE_SPACE = rf"{SPACES}\u200b\ufeff"
_TRIMMED = re.compile(rf"[{_EDGE_SPACE}]*(.*?)[{_EDGE_SPACE}]*$", re.DOTALL)
_END_RUN = re.compile(rf"[{re.escape(_ENDS)}]+")
_STOP_AGAIN = re.compile("[。｡！？；]+")
"""Marks after a quotation that ends with its own: “好的。”。"""

_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Z]|[A-Za-z](?:\.[A-Za-z])+|Mr|Mrs|Ms|Dr|Prof|Inc|Ltd|Co|Corp|No|Nos|Fig|Figs|Vol"
    r"|Art|Sec|St|Jr|Sr|vs|etc|al|approx|cf|pp?|Eq|Ref|Rev|Ver)$"
)
_LIST_NUMBER = re.compile(r"(?:^|[^\d.])\d{1,3}$")
_NEXT_SENTENCE = re.compile(rf"[{SPACES}]+[{CODES}]*[\"“‘「『(（\[【《]*[{CODES}]*[A-Z0-9{HAN}]")
_NEXT_HAN = re.compile(rf"[{CODES}]*[{HAN}“‘「『（《【①-⑳]")
_SAID = re.compile(
    r"[^。！？；，“”]{0,20}?(?:说|道|表示|称|问|答|指出|补充|写|喊|回答|强调|认为)[^。！？；“”]{0,6}[。！？；]"
)
"""Who said it, right after what was said."""

_GOES_ON = "，,、：:的之等和与及或而"


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence, or a numbering label, with the white space that stands before it.

    `gap` + `text` of all pieces in order give the cut text back. The last piece may have an empty
    text: the white space at the end. `forced` tells that a sentence was cut for its length.
    """

    gap: str
    text: str
    forced: bool = False


def _no_label(text: str, kind: UnitKind) -> int:
    return 0


def cut(
    text: str,
    kind: UnitKind = "text",
    codes: Sequence[Code] = (),
    label_length: Callable[[str, UnitKind], int] = _no_label,
) -> list[Piece]:
    """Returns the sentences of a unit's text, numbering labels split off; line breaks, tabs and the gaps
    between columns end a sentence.

    Not cut inside brackets and quotes of up to 150 characters, at decimal points, in file names
    or after abbreviations. With `codes` (the unit's), an opening code after an end mark goes with
    the next sentence; without, every code right after an end mark stays with its sentence.
    `label_length` tells how many characters of a line are its numbering label.
    """
    pieces: list[Piece] = []
    done = 0
    for line_start, line_end in _columns(text):
        for start, end in _sentences(text[line_start:line_end], kind, codes, label_length):
            start, end = _trim(text, line_start + start, line_start + end)
            if start < end:
                pieces.append(Piece(text[done:start], text[start:end]))
                done = end
    if done < len(text):
        pieces.append(Piece(text[done:], ""))
    return pieces


def _columns(text: str) -> Iterator[tuple[int, int]]:
    """The columns of all lines, as (start, end)."""
    for line in _LINE.finditer(text):
        for start, end in columns(line[0]):
            yield line.start() + start, line.start() + end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    match = _TRIMMED.match(text[start:end])
    assert match is not None
    return start + match.start(1), start + match.end(1)


def _sentences(
    line: str, kind: UnitKind, codes: Sequence[Code], label_length: Callable[[str, UnitKind], int]
) -> Iterator[tuple[int, int]]:
    start = 0
    for _ in range(_MAX_HEADS):
        length = label_length(line[start : start + 80], kind)
        if not length or not line[start + length :].strip():
            break
        yield start, start + length
        start += length
    asides = _asides(line)
    position = start
    while match := _END_RUN.search(line, position):
        position = match.end()
        closed = _with_closers(line, start, position, codes)
        if closed > position and (again := _STOP_AGAIN.match(line, closed)):
            closed = _with_closers(line, start, again.end(), codes)
        if _ends_sentence(line, match, start, closed, asides):
            yield start, closed
            start = position = closed
    if start < len(line):
        yield start, len(line)


def _with_closers(line: str, start: int, position: int, codes: Sequence[Code]) -> int:
    """Where the sentence ends when what closes right after its end mark stays with it."""
    while position < len(line):
        char = line[position]
        if char == '"' and line.count('"', start, position) % 2 == 0:
            break
        if char == "'" and line[position + 1 : position + 2].isalnum():
            break
        if is_code(char):
            index = code_index(char)
            if index is not None and index < len(codes) and codes[index].kind == "open":
                break
        elif char not in _CLOSING:
            break
        position += 1
    return position


def _ends_sentence(
    line: str, match: re.Match[str], start: int, closed: int, asides: list[tuple[int, int]]
) -> bool:
    if closed >= len(line):
        return True
    if not _is_end_mark(line, match, start, closed):
        return False
    aside = _aside_at(asides, match.start())
    if aside is None or aside[0] < start:
        return True
    if closed <= aside[1]:
        return False
    return _aside_ends_sentence(line, match, start, closed, aside)


def _aside_ends_sentence(
    line: str, match: re.Match[str], start: int, closed: int, aside: tuple[int, int]
) -> bool:
    """Whether an end mark just before a closing bracket or quote ends the sentence around it too."""
    following = line[closed]
    if following in _GOES_ON:
        return False
    whole = not line[start : aside[0]].strip(f" \u3000{chr(CODE_BASE)}")
    if line[aside[0]] in _QUOTES:
        ended = match[0][-1] in "。｡." or following in _QUOTES or following.isspace()
        return ended and not _SAID.match(line, closed)
    return whole and line[aside[0]] in "（([【〔"


def _is_end_mark(line: str, match: re.Match[str], start: int, closed: int) -> bool:
    marks = match[0]
    following = line[closed : closed + 1]
    if following and following in "，,、：:）)" and not set(marks) & set("。｡"):
        return False
    if set(marks) & set("。！？｡‼⁇⁈⁉"):
        return True
    if marks.strip("；;") == "":
        wide = "；" in marks or _is_cjk_context(line, match)
        return wide and match.start() - start >= _SHORTEST_CLAUSE
    if set(marks) <= set("…"):
        return len(marks) >= 2
    if marks[0] == "…":
        return True
    return _is_ascii_end(line, match, closed)


def _is_cjk_context(line: str, match: re.Match[str]) -> bool:
    return re.match(f"[{HAN}）】》”’」』]", line[match.start() - 1 : match.start()]) is not None


def _is_ascii_end(line: str, match: re.Match[str], closed: int) -> bool:
    """ASCII . ! ? end a sentence before a space and a capital or Han, or between Han characters."""
    before = line[: match.start()][-24:]
    if not before or before[-1].isspace():
        return False
    if match[0] == "." and (_LIST_NUMBER.search(before) or _ABBREVIATION.search(before)):
        return False
    if _NEXT_SENTENCE.match(line, closed):
        return True
    return _is_cjk_context(line, match) and _NEXT_HAN.match(line, closed) is not None


def _asides(line: str) -> list[tuple[int, int]]:
    """Outermost bracketed or quoted stretches of up to 150 characters, as (opening, closing)."""
    found: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    straight: int | None = None
    for index, char in enumerate(line):
        if char in _OPENERS:
            stack.append((_OPENERS[char], index))
        elif char in _CLOSERS:
            _close(stack, char, index, found)
        elif char == '"':
            if straight is not None and index - straight <= _LONGEST_ASIDE:
                found.append((straight, index))
                straight = None
            else:
                straight = index
    return _outermost(found)


def _close(stack: list[tuple[str, int]], char: str, index: int, found: list[tuple[int, int]]) -> None:
    for depth in range(len(stack) - 1, max(-1, len(stack) - 6), -1):
        if stack[depth][0] == char:
            if index - stack[depth][1] <= _LONGEST_ASIDE:
                found.append((stack[depth][1], index))
            del stack[depth:]
            return


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start > kept[-1][1]:
            kept.append((start, end))
    return kept


def _aside_at(asides: list[tuple[int, int]], position: int) -> tuple[int, int] | None:
    low, high = 0, len(asides)
    while low < high:
        middle = (low + high) // 2
        if asides[middle][1] < position:
            low = middle + 1
        else:
            high = middle
    if low < len(asides) and asides[low][0] < position:
        return asides[low]
    return None
