"""The capital at the start of a sentence."""

from __future__ import annotations

import re

from batchtx.postprocess.edges import final_mark_of
from batchtx.records import Segment
from batchtx.text.inline_codes import CODE, CODES

_FIRST_WORD = re.compile(
    rf"([\s{CODES}\"'“‘(\[]*)([a-z]+(?:['’-][A-Za-z]+)*)(?=[\s,;:!?)\]\"”’—{CODES}]|\.?$|\.[\s\"”’])"
)
_SPELLED = re.compile(rf"[{CODES}]*[a-z]{{3,}}")
_LABEL = re.compile(rf"[{CODES}]*[^：:，。;；]{{1,12}}[：:]")
_SENTENCE_KINDS = frozenset({"heading", "title", "caption"})


def sentence_capital(target: str, segment: Segment) -> str:
    """A sentence, heading, caption, cell or label starts with a capital, unless its first word is a name.

    A first word that stands in the source as it is (npm, iPhone, x) keeps its spelling.
    """
    if segment.forced or not (_is_sentence(segment) or _is_whole_cell(segment, target)):
        return target
    match = _FIRST_WORD.match(target)
    if not match or re.search(rf"(?<![A-Za-z0-9]){re.escape(match[2])}(?![A-Za-z0-9])", segment.source):
        return target
    start = match.start(2)
    return target[:start] + target[start].upper() + target[start + 1 :]


def _is_whole_cell(segment: Segment, target: str) -> bool:
    """A cell of one's own words; not a unit (kg) or a remark in brackets."""
    if segment.kind != "cell" or segment.index > 0 or not _SPELLED.match(target):
        return False
    plain = CODE.sub("", target)
    return not any(term.case == "keep" and plain.startswith(term.targets) for term in segment.terms)


def _is_sentence(segment: Segment) -> bool:
    if segment.kind in _SENTENCE_KINDS or _LABEL.match(segment.source):
        return True
    return final_mark_of(segment.source) in (".", "?", "!", "...")
