"""The texts of index and table-of-contents entries (XE, TC), which stand inside field codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENTRY = re.compile(r'(?:^\s*(?:XE|TC)|\\t)\s*"([^"\\]*)"', re.IGNORECASE)
_IN_CODE = re.compile(r'\b((?:XE|TC)\s*"|\\t\s*")[^"]*"', re.IGNORECASE)
_IS_ENTRY = re.compile(r"\s*(?:XE|TC)\b", re.IGNORECASE)


def is_entry(instruction: str) -> bool:
    """Returns whether the instruction marks an entry."""
    return _IS_ENTRY.match(instruction) is not None


def entry_texts(instruction: str) -> Iterator[str]:
    """Yields the texts in the instruction of an XE or TC field; a colon parts the levels of an XE entry."""
    if not is_entry(instruction):
        return
    for match in _ENTRY.finditer(instruction):
        levels = match[1].split(":") if _is_index(instruction) else [match[1]]
        yield from (level.strip() for level in levels)


def with_entry_text(instruction: str, text: str, target: str) -> str:
    """Returns the instruction with `target` in place of one of its texts, in the notation of field codes."""
    target = target.replace('"', "'").replace("\\", "/")
    if _is_index(instruction):
        target = target.replace(":", "\\:")
    place = re.search(rf'[":]\s*({re.escape(text)})\s*[":]', instruction)
    if place is None:
        return instruction
    return instruction[: place.start(1)] + target + instruction[place.end(1) :]


def without_entry_texts(instructions: str) -> str:
    """Instructions with the texts of their entries left out, to compare codes."""
    return _IN_CODE.sub(r'\1"', instructions)


def _is_index(instruction: str) -> bool:
    return instruction.lstrip()[:2].upper() == "XE"
