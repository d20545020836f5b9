"""Brackets and quotes: what opens also closes."""

from __future__ import annotations

import re

from batchtx.records import Flag, Segment
from batchtx.text.literals import without_literals

_PAIRS = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【"}
_LIST_MARK = re.compile(r"(?:^|[\s。；;.,，、：:])[\w.]{1,4}$")


def brackets_balanced(segment: Segment, target: str) -> Flag | None:
    """Brackets open and close in the target where they do in the source."""
    found = _unbalanced(without_literals(target))
    if not found or _unbalanced(without_literals(segment.source)):
        return None
    return Flag("brackets", f"a bracket stands alone in the target: {found}", "minor")


def quotes_balanced(segment: Segment, target: str) -> Flag | None:
    """Double quotes come in pairs in the target where they do in the source."""
    target, source = without_literals(target), without_literals(segment.source)
    odd = target.count('"') % 2 == 1 or target.count("“") != target.count("”")
    if not odd or source.count('"') % 2 == 1 or source.count("“") != source.count("”"):
        return None
    if re.search(r"\d\"", target):
        return None
    return Flag("quotes", "a quotation mark has no partner in the target", "minor")


_BRACKET = re.compile(f"[{re.escape(''.join([*_PAIRS, *_PAIRS.values()]))}]")


def _unbalanced(text: str) -> str:
    """The first bracket without a partner, "" when there is none; 1) and a) are list marks."""
    stack: list[str] = []
    for match in _BRACKET.finditer(text):
        index, char = match.start(), match[0]
        if char not in _PAIRS:
            stack.append(char)
        elif not stack and _LIST_MARK.search(text[max(0, index - 6) : index]):
            continue
        elif not stack or stack.pop() != _PAIRS[char]:
            return char
    return stack[-1] if stack else ""
