"""Words: none twice by mistake, and no abbreviation lost."""

from __future__ import annotations

import re

from batchtx.records import Flag, Segment, Severity
from batchtx.text.literals import without_literals
from batchtx.text.spans import find_words

_TWICE = re.compile(r"(?<![\w'’-])([A-Za-z]{2,})\s+\1(?![\w'’-])")
_FINE_TWICE = frozenset(("had", "that", "very", "bye", "ha", "no", "so", "is", "far", "long", "many", "her"))
_ACRONYM = re.compile(r"(?<![A-Za-z0-9_.@/\\+-])[A-Z][A-Z0-9]{1,9}(?![A-Za-z0-9_@/\\+-])")
_SHOWN = 5


def no_doubled_words(segment: Segment, target: str) -> Flag | None:
    """No word stands twice in a row ("the the"), unless English does that (had had) or the source has it."""
    for match in _TWICE.finditer(target):
        word = match[1].lower()
        if word not in _FINE_TWICE and match[1] not in segment.source and not match[1].isupper():
            return Flag(
                "doublewords", f"a word stands twice in a row: {match[0]}", "minor", (), (match.span(),)
            )
    return None


def acronyms_kept(segment: Segment, target: str) -> Flag | None:
    """Abbreviations in Latin capitals (GDP, VAT, ISO) that the source has stand in the target too.

    What a glossary term covers is the glossary's business.
    """
    found = _ACRONYM.findall(segment.source)
    if not found:
        return None
    covered = " ".join(term.source for term in segment.terms)
    folded = target.casefold()
    wanted = [word for word in _ACRONYM.findall(without_literals(segment.source)) if word not in covered]
    lost = [word for word in dict.fromkeys(wanted) if not _has_word(folded, word.casefold())]
    if not lost:
        return None
    severity: Severity = "major" if any(map(str.isdigit, "".join(lost))) else "minor"  # K86 is no word
    return Flag(
        "acronyms",
        f"not in the target as in the source: {', '.join(lost[:_SHOWN])}",
        severity,
        find_words(lost, segment.source),
    )


def _has_word(target: str, word: str) -> bool:
    """Whether the word stands there, alone or with an ending (APIs), not inside of another (IT in with)."""
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?:'?s|es)?(?![a-z0-9])", target) is not None
