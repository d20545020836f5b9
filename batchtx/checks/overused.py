"""A term or a party of the contract more often in the target than in the source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from batchtx.glossary.enforce import occurrences
from batchtx.language.zh.parties import READERS
from batchtx.records import Flag, Segment, Severity
from batchtx.text.inline_codes import strip_codes
from batchtx.text.spans import find_words

_PARTY = re.compile(r"\bParty [A-E]\b")
_ITS_OWN = re.compile("[其己它]")


def no_term_too_often(segment: Segment, target: str) -> Flag | None:
    """A party or a name of the glossary stands in the target as often as in the source, once more at most.

    English may name again what Chinese calls 其; beyond that somebody does what he does not do.
    """
    whole, source, target = target, strip_codes(segment.source)[0], strip_codes(target)[0]
    spare = len(_ITS_OWN.findall(source))
    doubts = [(name, said, n) for name, said, n in _counts(segment, source, target) if said > n + spare]
    if not doubts:
        return None
    severity: Severity = "major" if any(said > n + spare + 1 or not n for _, said, n in doubts) else "minor"
    shown = "; ".join(f"{name}: {said} in the target, {n} in the source" for name, said, n in doubts)
    return Flag("term_overused", shown, severity, (), find_words([name for name, *_ in doubts], whole))


def _counts(segment: Segment, source: str, target: str) -> Iterator[tuple[str, int, int]]:
    """Each name with how often it stands in target and source."""
    here = Counter(_PARTY.findall(target))
    there = Counter(
        party
        for pattern, read in READERS
        for match in pattern.finditer(source)
        for party in _PARTY.findall(read(match) or "")
    )
    if there or segment.terms:
        yield from ((party, n, there[party]) for party, n in here.items() if n > there[party])
    terms = Counter(term.targets for term in segment.terms)
    first = {term.targets: term for term in segment.terms}
    for targets, n in terms.items():
        if targets[0][:1].isupper() and not _PARTY.search(targets[0]):
            yield targets[0], sum(1 for _ in occurrences(first[targets], target)), n
