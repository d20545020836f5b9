"""Spaces as English sets them: none before a stop, one after it, figures and code left alone."""

from __future__ import annotations

import re

from batchtx.postprocess.masking import apply_masked, until_stable
from batchtx.records import Segment
from batchtx.text.inline_codes import strip_codes
from batchtx.text.scripts import HAN

_BLANK = r"[ \t\u00a0\u3000]"
_RULES = (
    (re.compile(r"(?<=\d) ([.]) (?=\d)"), r"\1"),
    (re.compile(r"(?<=\d) , (?=\d{3}(?!\d))"), ","),
    (re.compile(r"(?<=\b\d) : (?=\d{2}(?!\d))|(?<=\b\d\d) : (?=\d{2}(?!\d))"), ":"),
    (re.compile(rf"(?<=[^\s,;:]){_BLANK}+([,;]|:(?!\))|\.(?!\.))(?=[,;:!?]*(?:[\s)\]}}”’\"']|$))"), r"\1"),
    (re.compile(rf"(?<=[^\s,;:]){_BLANK}+([!?]+)(?=[”’\"']?(?:\s+[A-Z“\"]|\s*$))"), r"\1"),
    (re.compile(rf"(?<=[A-Za-z)]){_BLANK}+,(?=[A-Za-z])"), ", "),
    (re.compile(rf"(?<=\d){_BLANK}+%(?![\w(])"), "%"),
    (re.compile(rf"(?<=[(\[“‘]){_BLANK}+(?=[^\s)\]”’])"), ""),
    (re.compile(rf"(?<=[^\s(\[“‘]){_BLANK}+(?=[)\]]|”(?:[\s.,;:!?)]|$))"), ""),
    (re.compile(rf"(?<=[A-Za-z]){_BLANK}?(['’]){_BLANK}?(?=(?:s|t|re|ve|ll|d|m)(?:[\s.,;:!?)]|$))"), None),
    (re.compile(r"(?<=[A-Za-z)\]”])([,;])(?=[A-Za-z“(])"), r"\1 "),
    (re.compile(r"(?<=[a-z]{2}),(?=\d)"), ", "),
    (re.compile(r"(?<=[a-z])([:!?])(?=[A-Z][a-z])"), r"\1 "),
    (re.compile(r"(?<=[a-z]{2})\.(?=[A-Z][a-z])"), ". "),
    (re.compile(r"(?<=[A-Za-z]{2}[.!?])(?=“\w)"), " "),
    (re.compile(rf"(?<=\S){_BLANK}{{2,}}(?=\S)"), " "),
)
_DOUBT = re.compile(
    rf"{_BLANK}(?=[ \t\u00a0\u3000,;:!?.)\]”’'\"%]|$)|^{_BLANK}|[(\[“‘\"](?={_BLANK})"
    r"|[,;:!?.](?=[A-Za-z“(])|(?<=[a-z]),(?=\d)"
)
"""Stands in every text that a rule could change; most targets have none."""

_LINK = re.compile(rf"\]{_BLANK}+(?=\([^\s()]+\))")
"""Of Markdown, where text and target stand together."""

_QUOTED = re.compile(r'"')
_ENDS_APART, _STARTS_APART = re.compile(r"(?:^|\s)$"), re.compile(r"[\s,.;:!?]|$")
_KEY = re.compile("[A-Za-z_]:")
_GLUED = re.compile(
    r"(?P<word>[A-Za-z0-9%]{2,})(?P<bracket>\((?!(?:\d{1,2}|[a-z]{1,4}|[A-Z])\))(?=[\w“\"$¥€£]))"
    r"|(?P<close>\w\))(?=[A-Za-z]{2}|\d{2})"
    r"|(?P<end>[a-z]{3}\.)(?=\d)"
    r"|(?P<counted>[A-Za-z]{4,})(?=(?P<number>\d{1,4})(?![\w.]))"
    r"|(?P<colon>[A-Za-z)]{2}:)(?=\w)"
)
"""What Chinese writes without a space: 总价（人民币…）. Right in code: not where the source has the same."""


def english_spacing(target: str, segment: Segment) -> str:
    """Spaces stand where English sets them; 3.14, 10:30, 1,000, U.S., a/b, URLs and code stay.

    Spaces at the ends go, a row of spaces becomes one.
    """
    if "](" in segment.source:
        target = _LINK.sub("]", target)
    glued = _GLUED.search(target)
    if not _DOUBT.search(target) and not glued:
        return target
    if glued:
        target = _unglued(target, strip_codes(segment.source)[0])
    return until_stable(lambda text: apply_masked(_respace, text, segment.source), target)


def _unglued(text: str, source: str) -> str:
    """A space where Chinese needs none before a bracket, after one, after a full stop or colon."""

    def parted(match: re.Match[str]) -> str:
        glued = text[match.start() : match.end() + 1]
        if glued in source or (match["colon"] and _KEY.search(source)):
            return match[0]
        if match["counted"] and not re.search(rf"[{HAN}]{match['number']}(?!\d)", source):
            return match[0]
        return f"{match['word']} {match['bracket']}" if match["word"] else f"{match[0]} "

    return _GLUED.sub(parted, text)


def _respace(text: str) -> str:
    text = text.strip(" \t\u00a0\u3000")
    for pattern, replacement in _RULES:
        text = pattern.sub(_joined if replacement is None else replacement, text)
    return _straight_quotes(text)


def _joined(match: re.Match[str]) -> str:
    """The apostrophe of don't and John's, joined only when a space stood on its left."""
    return match[1] if match[0][0] != match[1] else match[0]


def _straight_quotes(text: str) -> str:
    """Inner spaces of " quoted text " gone, where quotes come in pairs; of one if the outside is apart."""
    parts = _QUOTED.split(text)
    if len(parts) % 2 == 0 or len(parts) < 3:
        return text
    for index in range(1, len(parts), 2):
        inner = parts[index]
        apart = _ENDS_APART.search(parts[index - 1]) and _STARTS_APART.match(parts[index + 1])
        if inner.strip() and (apart or (inner[0] == " " and inner[-1] == " ")):
            parts[index] = inner.strip(" ")
    return '"'.join(parts)
