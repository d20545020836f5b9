"""What must stand unchanged: URLs, e-mails, paths, code, placeholders, tags."""

from __future__ import annotations

import re
from collections import Counter

from batchtx.records import Flag, Segment, Severity
from batchtx.text.inline_codes import is_code
from batchtx.text.literals import literals
from batchtx.text.scripts import HAN
from batchtx.text.spans import find_words

_STRICT = re.compile(
    r".*\d|https?://|www\.|ftp|[^\s@]+@[^\s@]+\.|%|\{|\$\{|<|&|\[|`|--|[A-Za-z]:\\|\\\\|.*_", re.ASCII
)
_OPEN_END = re.compile(rf"((?:https?://|www\.)[!-;=?-_a-z{{|}}~]+[/=])[{HAN}]{{1,12}}")
_SHOWN = 5


def literals_kept(segment: Segment, target: str) -> Flag | None:
    """Every URL, e-mail, path, code, placeholder and tag of the source stands in the target, whole."""
    wanted = Counter(found for found in literals(segment.source) if not is_code(found[0]))
    lost = [literal for literal in wanted if not _whole(literal, target) and not _spelled(literal, target)]
    if not lost:
        open_end = _OPEN_END.search(segment.source)
        if open_end and open_end[0] in segment.source and open_end[1] in wanted:
            return Flag("placeholders", f"does the address go on in Chinese? {open_end[0]}", "minor")
        return None
    severity: Severity = "major" if any(_STRICT.match(literal) for literal in lost) else "minor"
    shown, spans = ", ".join(lost[:_SHOWN]), find_words(lost, segment.source)
    return Flag("placeholders", f"not in the target as it stands in the source: {shown}", severity, spans)


def _spelled(literal: str, target: str) -> bool:
    """Whether the target has the literal in other case or with other quotes around it."""
    bare = literal.strip("`").strip().casefold()
    return bool(bare) and _whole(bare, target.casefold())


def _whole(literal: str, target: str) -> bool:
    """Whether the target has the literal with no letter or figure of the same word around it."""
    start = r"(?<![A-Za-z0-9])" if literal[:1].isascii() and literal[:1].isalnum() else ""
    end = r"(?![A-Za-z0-9])" if literal[-1:].isascii() and literal[-1:].isalnum() else ""
    return re.search(f"{start}{re.escape(literal)}{end}", target) is not None
