"""Where the pieces of a SentencePiece model stand in a text, by walking along it.

The library can tell too, but under names that changed between its releases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BYTE = re.compile(r"<0x([0-9A-F]{2})>")
_SPACE_MARK = "▁"


def piece_spans(text: str, pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Returns the character offsets (start, end) of each piece in `text`.

    Exact where normalisation maps a character to one character (as batchtx's students do) and drops
    or collapses only white space; else close. The byte pieces of one character share its span.
    """
    spans: list[tuple[int, int]] = []
    position = 0
    n_missing = 0  # bytes of the current character still to come
    for piece in pieces:
        byte = _BYTE.fullmatch(piece)
        if byte and n_missing:
            n_missing -= 1
            spans.append(spans[-1])
            continue
        while position < len(text) and text[position].isspace():
            position += 1
        start = position
        if byte:
            n_missing = _following_bytes(int(byte[1], 16))
            position += 1
        else:
            for _ in piece.replace(_SPACE_MARK, ""):
                while position < len(text) and text[position].isspace():
                    position += 1
                position += 1
        position = min(position, len(text))
        spans.append((min(start, position), position))
    return spans


def _following_bytes(first: int) -> int:
    """How many bytes of a UTF-8 character follow its first one."""
    return 3 if first >= 0xF0 else 2 if first >= 0xE0 else 1 if first >= 0xC0 else 0
