"""Inline codes in texts: taking them out, showing them to people, reading them back, checking them.

A place inside a text that is not text (a footnote mark, a drawing, the start or end of a link or of
bold type) is one character from Unicode's plane 15 in `Unit.text` and `Segment.source`: the n-th code
of a unit (counted from 0) is `chr(CODE_BASE + n)`. One character, so that cutting, joining and matching
need no parser.

People see code n (counted from 1) as ⟦n⟧ when it stands alone or opens, and ⟦/n⟧ when it closes;
a closing code shows the number of its opening partner. A text that has such brackets of its own
shows them doubled: ⟦⟦.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from batchtx.records import Code

CODE_BASE = 0xF0000
"""Code n of a unit is the character CODE_BASE + n."""

CODE_LIMIT = 0xFFFD
"""A unit has at most this many codes (the size of plane 15)."""

CODES = f"{chr(CODE_BASE)}-{chr(CODE_BASE + CODE_LIMIT)}"
"""Character class content of inline codes."""

CODE = re.compile(f"[{CODES}]")
_SHOWN = re.compile(r"⟦⟦|⟦(/?)(\d+)⟧")


def code_char(index: int) -> str:
    """Returns the character that stands for code `index` of a unit."""
    return chr(CODE_BASE + index)


def code_index(char: str) -> int | None:
    """Returns the index of the code that `char` stands for, None when it is ordinary text."""
    index = ord(char) - CODE_BASE
    return index if 0 <= index < CODE_LIMIT else None


def is_code(char: str) -> bool:
    """Returns whether the character is an inline code."""
    return 0 <= ord(char) - CODE_BASE < CODE_LIMIT


def codes_of(text: str) -> list[str]:
    """Returns the inline codes of a text in order."""
    return CODE.findall(text)


def without_codes(text: str) -> str:
    """Returns the text with its inline codes taken out."""
    return CODE.sub("", text)


def strip_codes(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Returns the text without codes, and each code as (offset in the stripped text, index of the code)."""
    if CODE.search(text) is None:
        return text, []
    plain: list[str] = []
    positions: list[tuple[int, int]] = []
    length = 0
    done = 0
    for match in CODE.finditer(text):
        plain.append(text[done : match.start()])
        length += match.start() - done
        positions.append((length, ord(match.group()) - CODE_BASE))
        done = match.end()
    plain.append(text[done:])
    return "".join(plain), positions


def show_codes(text: str, codes: Sequence[Code]) -> str:
    """Returns the text as people see it in a sheet."""

    def shown(match: re.Match[str]) -> str:
        index = ord(match.group()) - CODE_BASE
        if index < len(codes) and codes[index].kind == "close":
            return f"⟦/{codes[index].pair + 1}⟧"
        return f"⟦{index + 1}⟧"

    return CODE.sub(shown, text.replace("⟦", "⟦⟦"))


def read_codes(shown: str, codes: Sequence[Code]) -> str:
    """Returns the inverse of `show_codes`.

    Raises:
        ValueError: a mark names a code that the unit does not have.
    """

    def code(match: re.Match[str]) -> str:
        if match.group() == "⟦⟦":
            return "⟦"
        index = int(match[2]) - 1
        if not 0 <= index < len(codes) or (match[1] and codes[index].kind != "open"):
            raise ValueError(f"there is no {match.group()} in the source")
        return code_char(codes[index].pair if match[1] else index)

    return _SHOWN.sub(code, shown)


def code_fault(source: str, target: str, codes: Sequence[Code]) -> str | None:
    """Returns what is wrong with the codes of `target`, as a sentence for people; None when all is well.

    Every code of the source stands in the target once (a pair that only changes the look may be
    missing altogether), none is added, and pairs nest.
    """
    wanted = [code_index(char) for char in CODE.findall(source)]
    found = [code_index(char) for char in CODE.findall(target)]
    for index in wanted:
        assert index is not None
        optional = index < len(codes) and codes[index].format_only
        count = found.count(index)
        if count > 1 or (count == 0 and not optional):
            return f"{show_codes(code_char(index), codes)} stands {count} times in the target, not once"
        if count == 0 and codes[index].pair in found:
            return f"{show_codes(code_char(index), codes)} lost its partner"
    extra = [index for index in found if index not in wanted]
    if extra:
        return f"{show_codes(code_char(extra[0] or 0), codes)} is not in the source"
    return _nesting_fault([index for index in found if index is not None], codes)


def codes_at_edges(source: str, target: str) -> str:
    """Returns the codes as a last resort when they are lost, doubled or crossed: those before the source's
    first word stand in front of the target, the others behind it, in the order of the source.
    """
    first_word = next((i for i, c in enumerate(source) if not CODE.match(c) and not c.isspace()), len(source))
    in_front = "".join(CODE.findall(source[:first_word]))
    behind = "".join(CODE.findall(source[first_word:]))
    return in_front + CODE.sub("", target) + behind


def _nesting_fault(found: Sequence[int], codes: Sequence[Code]) -> str | None:
    present = set(found)
    opened: list[int] = []
    for index in found:
        code = codes[index] if index < len(codes) else Code("point", "")
        if code.kind == "open" and code.pair in present:
            opened.append(index)
        elif code.kind == "close" and code.pair in present and (not opened or opened.pop() != code.pair):
            return f"{show_codes(code_char(index), codes)} closes what was not opened last"
    return None
