"""Taking out what belongs to the machine and not to the text: marks, prompts, prefixes."""

from __future__ import annotations

import re

from batchtx.postprocess.masking import until_stable
from batchtx.records import Segment
from batchtx.text.inline_codes import codes_of

_ANNOTATION = re.compile(r"⟦t⟧([^⟦⟧]*)⟦=⟧([^⟦⟧]*)⟦/t⟧")
_MARKS = re.compile(r"⟦[^⟦⟧\n]{0,8}⟧|[⟦⟧]")
_TOKENS = re.compile(r"</?s>|<pad>|<unk>|<extra_id_\d+>|@@ (?=\w)")
_PREFIX = re.compile(
    r"\s*(?:(?:in )?english(?: translation| version)?|(?:the )?translat(?:ion|ed text)(?: is| into english)?"
    r"|here is the translation|output|target|译文|翻译|英文|英语)\s*[:：]\s*(?=\S)",
    re.IGNORECASE,
)
_ASKED = re.compile(r"英|译|翻|目标|输出|english|transl|target|output", re.IGNORECASE)
_HEAD = 24


def marks_removed(target: str, segment: Segment) -> str:
    """Marks ⟦…⟧ and model tokens that nothing replaced are gone, unless the source has them too.

    A term annotation that the engine copied leaves its English side.
    """
    if any(mark in segment.source for mark in ("⟦", "⟧")):
        return target
    return until_stable(lambda text: _without_marks(text, segment.source), target)


def prompts_removed(target: str, segment: Segment) -> str:
    """A prefix like "English:" or "Translation:" that the source does not ask for is gone."""
    if _ASKED.search(segment.source[:_HEAD]):
        return target
    return until_stable(lambda text: _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text, target)


def _without_marks(target: str, source: str) -> str:
    text = _ANNOTATION.sub(lambda match: _codes(match[1]) + match[2], target)
    text = _MARKS.sub(lambda match: _codes(match[0]), text)
    text = _TOKENS.sub(lambda match: match[0] if match[0].strip() in source else "", text)
    if "\ufffd" not in source:
        text = text.replace("\ufffd", "")
    if "▁" not in source:
        text = text.replace("▁", " ")
    return text.strip() if text != target else target


def _codes(text: str) -> str:
    return "".join(codes_of(text))
