"""Terminology: the glossary's terms are used, its forbidden words are not."""

from __future__ import annotations

from batchtx.glossary.enforce import forbidden_used, missed
from batchtx.records import Flag, Segment, Severity
from batchtx.text.spans import find_words

_SHOWN = 5


def terms_used(segment: Segment, target: str) -> Flag | None:
    """Every glossary term of the source stands in the target, inflected or not."""
    lost = missed(segment.terms, target)
    if not lost:
        return None
    severity: Severity = "critical" if any(term.required for term in lost) else "minor"
    spans = tuple((term.start, term.end) for term in lost)
    shown = "; ".join(f"{term.source} → {' / '.join(term.targets)}" for term in lost[:_SHOWN])
    return Flag("term_missed", f"the glossary asks for {shown}", severity, spans)


def no_forbidden_terms(segment: Segment, target: str) -> Flag | None:
    """No word that the glossary forbids for a term of the source stands in the target."""
    used = forbidden_used(segment.terms, target)
    if not used:
        return None
    return Flag(
        "term_forbidden",
        f"the glossary forbids here: {', '.join(used[:_SHOWN])}",
        "major",
        (),
        find_words(used, target),
    )
