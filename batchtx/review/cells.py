"""Cells that a spreadsheet would run as formulas are neutralised, and restored exactly.

A cell that begins with = + - @ tab or carriage return gets an apostrophe in front (OWASP, "CSV
injection"); one that begins with an apostrophe gets another, so that the way back is unambiguous.
"""

from __future__ import annotations

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUL_SHOWN = "\u2400"


def neutralise(cell: str) -> str:
    """The cell as it may stand in a spreadsheet. NUL, which no spreadsheet keeps, shows as ␀."""
    cell = cell.replace(_NUL_SHOWN, _NUL_SHOWN * 2).replace("\0", f"{_NUL_SHOWN} ") if _odd(cell) else cell
    return f"'{cell}" if cell.startswith((*_DANGEROUS, "'")) else cell


def restore(cell: str) -> str:
    """The inverse of `neutralise`; a cell that a person typed without an apostrophe stays as it is."""
    if cell.startswith("'") and cell[1:2] in {*_DANGEROUS, "'"}:
        cell = cell[1:]
    if _NUL_SHOWN in cell:
        parts = cell.split(_NUL_SHOWN * 2)
        cell = _NUL_SHOWN.join(part.replace(f"{_NUL_SHOWN} ", "\0") for part in parts)
    return cell


def _odd(cell: str) -> bool:
    return "\0" in cell or _NUL_SHOWN in cell
