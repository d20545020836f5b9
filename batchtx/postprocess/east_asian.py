"""Punctuation of Chinese and Japanese: full-width after Han characters and kana."""

from __future__ import annotations

import re

from batchtx.postprocess.masking import OPAQUE, apply_masked, until_stable
from batchtx.records import Segment
from batchtx.text.scripts import HAN

_WIDE = {",": "，", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！"}
_LETTER = rf"[{HAN}\u3041-\u30ff”’）》」』]"
_STOP = re.compile(
    rf"({_LETTER}[{OPAQUE}]*)"
    rf"(?:([,.;:?!])(?![.\w])(?:[ \t]+(?=\S)|[ \t]*$)?|([,;:?!])(?=[{HAN}]))"
)
_BRACKETED = re.compile(rf"(?<={_LETTER})\(([^()]*{_LETTER}[^()]*)\)")


def east_asian_punctuation(target: str, segment: Segment) -> str:
    """Stops and brackets after Han characters and kana are full-width, without a space behind them.

    Decimal points, URLs and code stay, and marks after Latin words.
    """
    return until_stable(lambda text: apply_masked(_convert, text, segment.source), target)


def _convert(text: str) -> str:
    text = _BRACKETED.sub(r"（\1）", text)
    return _STOP.sub(lambda match: match[1] + _WIDE[match[2] or match[3]], text)
