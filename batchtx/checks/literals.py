"""What must stand unchanged: URLs, e-mails, paths, code, placeholders, tags."""

from __future__ import annotations

import re
from collections import Counter

from batchtx.records import Flag, Segment, Severity
from batchtx.text.inline_codes import is_code
from batchtx.text.literals import literals

_STRICT = re.compile(
    r"https?://|www\.|ftp|[^\s@]+@[^\s@]+\.|%|\{|\$\{|<|&|\[|`|--|[A-Za-z]:\\|\\\\|.*_", re.ASCII
)
_SHOWN = 5


def literals_kept(segment: Segment, target: str) -> Flag | None:
    """Every URL, e-mail, path, code span, placeholder and tag of the source stands in the target."""
    wanted = Counter(found for found in literals(segment.source) if not is_code(found[0]))
    lost = [literal for literal in wanted if literal not in target and not _spelled(literal, target)]
    if not lost:
        return None
    severity: Severity = "major" if any(_STRICT.match(literal) for literal in lost) else "minor"
    shown = ", ".join(lost[:_SHOWN])
    return Flag("placeholders", f"not in the target as it stands in the source: {shown}", severity)


def _spelled(literal: str, target: str) -> bool:
    """Whether the target has the literal in other case or with other quotes around it."""
    bare = literal.strip("`").strip().casefold()
    return bool(bare) and bare in target.casefold()
