"""Text as a cell may hold it, and exactly back.

Characters that CSV, XLSX, XML or Excel itself would lose or change (controls, a lone carriage return,
half a surrogate pair) show as ␛{hexadecimal}; so does ␛ itself, and the x of "_x0041_", which Excel
takes for an escape of its own. A cell that a spreadsheet would run as a formula gets an apostrophe in
front (OWASP, "CSV injection").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

CELL_LIMIT = 16_000
"""How long a cell may be, in UTF-16 units. Excel keeps 32,767; LibreOffice saves a line end into
mixed Chinese and English of more than 16,367."""

_LOST = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff␛]"
    "|x(?=[0-9A-Fa-f]{4}_)"
)
_ESCAPED = re.compile(r"␛\{([0-9A-F]{1,6})\}")
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_CONVERTED = re.compile(
    rf"\d{{1,2}}-(?:{_MONTH})(?:-\d\d(?:\d\d)?)?|(?:{_MONTH})-\d\d|\d(?:\.\d+)?E[+-]\d\d+|#{{3,}}"
)
_DANGEROUS = re.compile("'*[=+\\-@\t\n\r＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@\t\n\r＝＋－＠]")


def escape(text: str) -> str:
    """Returns the text without characters that some format cannot hold."""
    return _LOST.sub(lambda match: f"␛{{{ord(match[0]):X}}}", text)


def unescape(text: str) -> str:
    """Returns the inverse of `escape`; line ends that a program put in become single line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPED.sub(_char, text)


def guard(cell: str) -> str:
    """Returns the cell as it may stand in a spreadsheet without being run."""
    return f"'{cell}" if _DANGEROUS.match(cell) or looks_converted(cell.lstrip("'")) else cell


def unguard(cell: str) -> str:
    """Returns the inverse of `guard`; a cell that a person typed without an apostrophe stays as it is."""
    guarded = _GUARDED.match(cell) or (cell[:1] == "'" and looks_converted(cell.lstrip("'")))
    return cell[1:] if guarded else cell


def looks_converted(cell: str) -> bool:
    """Returns whether a spreadsheet seems to have made a date or a rounded number of what a person typed."""
    return _CONVERTED.fullmatch(cell.strip()) is not None


def cut(text: str, limit: int = CELL_LIMIT - 1) -> list[str]:
    """Returns the text in pieces of at most `limit` UTF-16 units (one is left for `guard`); at least one
    piece.
    """
    return list(_pieces(text, limit)) or [""]


def _pieces(text: str, limit: int) -> Iterator[str]:
    start = 0
    size = 0
    for place, char in enumerate(text):
        units = 2 if char > "\uffff" else 1
        if size + units > limit:
            yield text[start:place]
            start, size = place, 0
        size += units
    if start < len(text):
        yield text[start:]


def _char(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def display_width(text: str) -> int:
    """Returns how many columns a line takes on a terminal or in a cell: Han characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
