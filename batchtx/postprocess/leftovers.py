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
_OPENING, _CLOSING = re.compile(r"[(（\[【]"), re.compile(r"[)）\]】]")
_BRACKET = re.compile(r"[()（）\[\]【】]")


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


def term_brackets_removed(target: str, segment: Segment) -> str:
    """A bracket of a term's source that the engine wrote beside the term's target is gone."""
    return until_stable(lambda text: _without_term_brackets(text, segment), target)


def _without_term_brackets(target: str, segment: Segment) -> str:
    for term in segment.terms:
        if not _BRACKET.search(term.source) or _unpaired(segment.source):
            continue
        for wanted in term.targets:
            if _BRACKET.search(wanted) or not _unpaired(target):
                continue
            target = re.sub(rf"({re.escape(wanted)})\s?[)）\]】]", r"\1", target, count=1)
            target = re.sub(rf"[(（\[【]\s?({re.escape(wanted)})", r"\1", target, count=1)
    return target


def _unpaired(text: str) -> bool:
    return len(_OPENING.findall(text)) != len(_CLOSING.findall(text))


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
