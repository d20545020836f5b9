"""Dates to be filled in by hand: 　　年　　月　　日 in a form, 自____年__月__日起 in a contract."""

from __future__ import annotations

import re

from batchtx.text.inline_codes import CODES
from batchtx.text.scripts import SPACES
from batchtx.text.spans import Quantity

_GAP = f"[{CODES}{SPACES}_＿]"
_DATE = re.compile(rf"(?:(?<!\d)(\d{{4}}){_GAP}*)?年({_GAP}*)月({_GAP}*)日")
_LINE = re.compile(rf"({_GAP}*){_DATE.pattern}")
_NORMAL = re.compile(r"(?:(?<!\d)\d{4}[\s_]*)?年[\s_]*月[\s_]*日")
_CODE = re.compile(f"[{CODES}]")
_WIDE = {0x3000: "  ", 0xFF3F: "_"}
_EN_SPACE = "\u2002"
"""A space that stays as wide as it is: a row of plain ones becomes one in running text."""


def blank_date(text: str) -> str | None:
    """Returns a line that is a date to fill in, its gaps kept: "　　年　　月　　日" is "    Year    Month
    Day".

    A gap is spaces, underscores or inline codes. None for any other text.
    """
    match = _LINE.fullmatch(text)
    if match is None or not (match[3] and match[4]):
        return None
    first, month, day = (match[number].translate(_WIDE) for number in (1, 3, 4))
    words = [(f"{first}{month}", "Month"), (day, f"Day, {match[2]}")]
    if not match[2]:
        words = [(first, "Year"), (month, "Month"), (day, "Day")]
    line = "".join(f"{_set_apart(gap)}{word}" for gap, word in words)
    return line if words[0][0][:1].isspace() else line.removeprefix(" ")


def blank_dates(piece: str, text: str) -> list[Quantity]:
    """Returns the dates to fill in inside a sentence, by their offsets in the normalised text.

    Args:
        piece: the sentence as it stands in the document; without gaps (出生年月日) a date is a word.
        text: the same normalised and without codes. Codes are placed between the words afterwards.
    """
    written, normal = list(_DATE.finditer(piece)), list(_NORMAL.finditer(text))
    if len(written) != len(normal):
        return []
    return [
        Quantity(*there.span(), _in_english(here))
        for here, there in zip(written, normal, strict=True)
        if here[2] and here[3]
    ]


def _in_english(match: re.Match[str]) -> str:
    month, day = (_visible(gap) for gap in (match[2], match[3]))
    if match[1]:
        return f"Month{day}Day, {match[1]}"
    return f"Year{month}Month{day}Day"


def _visible(gap: str) -> str:
    """A gap without its codes: one space, or as many en spaces as it was wide."""
    plain = _CODE.sub("", gap).translate(_WIDE)
    if "_" in plain:
        return f" {plain.strip()} "
    return " " if len(plain) < 2 else _EN_SPACE * len(plain)


def _set_apart(gap: str) -> str:
    return gap if gap.strip() != gap else f" {gap} " if gap else " "
