"""Numbers that are names: telephones, postcodes, ID cards, accounts. They stay as they are."""

from __future__ import annotations

import re

from batchtx.language.zh.figures import Reader

_PHONE = re.compile(
    r"(?<![A-Za-z0-9_.+-])(?:\+\d{1,3}[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    r"|\+\d{1,3}[ -]\d{2,4}[ -]\d{3,4}[ -]?\d{4}"
    r"|[(（]0\d{2,3}[)）][ -]?\d{3,4}[ -]?\d{4}|0\d{2,3}[- ]\d{3,4}[- ]?\d{4}(?:-\d{1,6})?"
    r"|1[3-9]\d[ -]\d{4}[ -]\d{4}|[48]00[- ]\d{3,4}[- ]\d{3,4})(?![A-Za-z0-9_])"
)
_LONG = re.compile(
    r"(?<=编[：: ])\d{6}(?!\d)|(?<=编码[：: ])\d{6}(?!\d)"
    r"|(?<![A-Za-z0-9_.,+)）-])(?<![)）] )(?:\d{4}(?: \d{4}){2,4}(?: \d{1,4})?|\d{17}[\dXx]|\d{7,30})"
    r"(?![A-Za-z0-9_]|[.,]\d|\s?[万亿千百元%％年月日点个])"
)
_CLOSED = re.compile(r"[)）] ?")


def _verbatim(match: re.Match[str]) -> str:
    return match[0]


def _phone(match: re.Match[str]) -> str:
    return _CLOSED.sub(") ", match[0].replace("（", "("))


READERS: tuple[Reader, ...] = ((_LONG, _verbatim), (_PHONE, _phone))
