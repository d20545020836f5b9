"""Characters that no text for people has: line ends of old kinds, controls, halves of pairs."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNUSABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")


def cleaned(text: str) -> str:
    """Returns the text as any document can hold it: line breaks as line feeds, no controls, no half pairs.

    PowerPoint and Word copy a line break as a vertical tab.
    """
    return _UNUSABLE.sub("", _LINE_ENDS.sub("\n", text))


def unusable(text: str) -> list[str]:
    """Returns the characters that `cleaned` leaves out, as U+0007, each once."""
    return [f"U+{ord(char):04X}" for char in dict.fromkeys(_UNUSABLE.findall(text))]
