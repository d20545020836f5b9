"""Nothing translated: an empty target, or the source once more."""

from __future__ import annotations

from batchtx.records import Flag, Segment
from batchtx.text.inline_codes import without_codes
from batchtx.text.literals import literals
from batchtx.text.normalize import normalize
from batchtx.text.scripts import count_han, has_han, has_letters


def not_blank(segment: Segment, target: str) -> Flag | None:
    """The target says something when the source does."""
    if without_codes(target).strip() or not without_codes(segment.source).strip():
        return None
    return Flag("blank", "the target is empty: translate the source", "critical")


def translated(segment: Segment, target: str) -> Flag | None:
    """The target is not the source again, in whole or for the most part.

    Do-not-translate terms and addresses with Chinese in them do not count.
    """
    kept = [term.source for term in segment.terms if term.targets == (term.source,)]
    kept += [literal for literal in literals(segment.source) if count_han(literal)]
    source, target = segment.source, without_codes(target)
    for text in kept:
        source, target = source.replace(text, " "), target.replace(without_codes(text), " ")
    source = normalize(without_codes(source))
    if not has_han(source):
        return None
    if normalize(target) == source:
        return Flag("unchanged", "the target is the source unchanged: translate it", "critical")
    n_source, n_target = count_han(source), count_han(target)
    if n_target >= 4 and n_target > 0.5 * n_source and n_target > 0.5 * len(target.split()):
        return Flag("unchanged", f"{n_target} of {n_source} Chinese characters stand in the target", "major")
    return None


def not_copied(segment: Segment, target: str) -> Flag | None:
    """The target is not the source again, in any two languages.

    Sources of one word (a name, a code) and do-not-translate terms do not count.
    """
    source = without_codes(segment.source)
    for term in segment.terms:
        source = source.replace(term.source, " ") if term.targets == (term.source,) else source
    words = [word for word in source.split() if has_letters(word)]
    if len(words) < 2 or normalize(without_codes(target)) != normalize(without_codes(segment.source)):
        return None
    return Flag("copied", "the target is the source unchanged: translate it", "critical")
