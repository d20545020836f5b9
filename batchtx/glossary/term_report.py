"""How far finished translations obey a glossary: used, missed, forbidden, consistent.

Counting, as the WMT terminology tasks do: a term counts once for each segment whose source holds it
(`n_segments`), and is used where one of its targets stands in the segment's target, inflected or
not. `n_times` and `n_found` count every occurrence besides; they are lower where good English says
"it" the second time. Only required terms enter the success rate.

Consistency is the share of the most frequent target among all that a term was given, over terms
that come up at least twice; a segment that missed the term counts as given some other target.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from batchtx.glossary.enforce import forbidden_used, occurrences
from batchtx.glossary.fold import fold
from batchtx.glossary.matcher import Matcher
from batchtx.records import Term
from batchtx.text.inline_codes import without_codes


@dataclass(frozen=True, slots=True)
class Translated:
    """One segment with its target and where it stands, as a review sheet has it."""

    document: str
    place: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """What became of one term. `used` counts the targets it was given, by the glossary's spelling."""

    source: str
    targets: tuple[str, ...]
    required: bool
    n_times: int
    n_found: int
    n_segments: int
    n_missed: int
    forbidden: Mapping[str, int]
    used: Mapping[str, int]
    mixed_in: tuple[str, ...]
    """Documents that use more than one of the targets, or miss the term in some places."""

    @property
    def n_used(self) -> int:
        """Segments that use the term."""
        return self.n_segments - self.n_missed


@dataclass(frozen=True, slots=True)
class Miss:
    """A segment that holds a term and none of its targets, or (`missed` False) a forbidden word beside."""

    term: str
    targets: tuple[str, ...]
    row: Translated
    required: bool
    missed: bool
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GlossaryReport:
    """The figures of one sheet against one glossary; terms with the most misses come first."""

    n_rows: int
    terms: tuple[TermStatistics, ...]
    misses: tuple[Miss, ...]
    consistency_in_documents: float | None
    consistency_across_documents: float | None

    @property
    def success(self) -> float | None:
        """Share of required terms that were used, by segment; None when no source holds one."""
        required = [use for use in self.terms if use.required]
        return _share(sum(use.n_used for use in required), sum(use.n_segments for use in required))

    @property
    def success_by_occurrence(self) -> float | None:
        """The same, counting every occurrence."""
        required = [use for use in self.terms if use.required]
        return _share(sum(use.n_found for use in required), sum(use.n_times for use in required))


@dataclass(slots=True)
class _Tally:
    """What was counted of one term so far."""

    term: Term
    n_times: int = 0
    n_found: int = 0
    n_segments: int = 0
    n_missed: int = 0
    forbidden: Counter[str] = field(default_factory=Counter)
    by_document: dict[str, Counter[str]] = field(default_factory=dict)


_SHOWN_CODE = re.compile(r"⟦(⟦)|⟦/?\d+⟧")
_OTHER = ""
"""The target of a segment that uses none of the allowed ones."""


def measure(rows: Iterable[Translated], matcher: Matcher) -> GlossaryReport:
    """Counts what became of every term of the rows' sources."""
    tallies: dict[tuple[str, tuple[str, ...]], _Tally] = {}
    misses: list[Miss] = []
    n_rows = 0
    for row in rows:
        n_rows += 1
        terms = matcher.find_terms(row.source)
        forbidden = set(forbidden_used(terms, row.target)) if terms else set()
        groups: dict[tuple[str, tuple[str, ...]], list[Term]] = {}
        for term in terms:
            groups.setdefault((fold(term.source), term.targets), []).append(term)
        for key, group in groups.items():
            tally = tallies.setdefault(key, _Tally(replace(group[0], source=without_codes(group[0].source))))
            miss = _count(tally, len(group), row, forbidden)
            misses += [miss] if miss else []
    uses = [_use(tally) for tally in tallies.values()]
    return GlossaryReport(
        n_rows=n_rows,
        terms=tuple(sorted(uses, key=lambda use: (-use.n_missed, -use.n_times, use.source))),
        misses=tuple(misses),
        consistency_in_documents=consistency(
            counter for tally in tallies.values() for counter in tally.by_document.values()
        ),
        consistency_across_documents=consistency(
            _total(tally) for tally in tallies.values() if len(tally.by_document) > 1
        ),
    )


def hide_codes(shown: str) -> str:
    """Returns a text of a review sheet without the marks of inline codes (⟦1⟧, ⟦/1⟧; a doubled ⟦⟦ is one
    ⟦).
    """
    return _SHOWN_CODE.sub(lambda match: match[1] or "", shown)


def targets_used(term: Term, target: str) -> Counter[str]:
    """Returns how often a target uses each of the term's allowed targets; overlaps count for the longest."""
    if len(term.targets) == 1:
        n_found = sum(1 for _ in occurrences(term, target))
        return Counter({term.targets[0]: n_found} if n_found else {})
    spans = [
        (start, end, allowed)
        for allowed in term.targets
        for start, end in occurrences(replace(term, targets=(allowed,)), target)
    ]
    used: Counter[str] = Counter()
    done = 0
    for start, end, allowed in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= done:
            used[allowed] += 1
            done = end
    return used


def consistency(groups: Iterable[Mapping[str, int]]) -> float | None:
    """Returns the share of the most frequent target, over groups (target → times) that were seen twice or
    more.

    The target "" stands for any other; it is never the most frequent one. None without such groups.
    """
    most = total = 0
    for group in groups:
        n = sum(group.values())
        if n >= 2:
            most += max((times for target, times in group.items() if target), default=0)
            total += n
    return _share(most, total)


def _count(tally: _Tally, n_times: int, row: Translated, forbidden: set[str]) -> Miss | None:
    term = tally.term
    target = without_codes(row.target)
    used = targets_used(term, target)
    words = tuple(word for word in term.forbidden if word in forbidden)
    tally.n_times += n_times
    tally.n_found += min(n_times, used.total())
    tally.n_segments += 1
    tally.n_missed += not used
    tally.forbidden.update(words)
    tally.by_document.setdefault(row.document, Counter()).update(used or {_OTHER: 1})
    if used and not words:
        return None
    return Miss(term.source, term.targets, row, term.required, not used, words)


def _use(tally: _Tally) -> TermStatistics:
    total = _total(tally)
    return TermStatistics(
        source=tally.term.source,
        targets=tally.term.targets,
        required=tally.term.required,
        n_times=tally.n_times,
        n_found=tally.n_found,
        n_segments=tally.n_segments,
        n_missed=tally.n_missed,
        forbidden=dict(tally.forbidden),
        used={target: times for target, times in total.most_common() if target},
        mixed_in=tuple(document for document, used in tally.by_document.items() if len(used) > 1),
    )


def _total(tally: _Tally) -> Counter[str]:
    total: Counter[str] = Counter()
    for used in tally.by_document.values():
        total.update(used)
    return total


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def to_json(report: GlossaryReport) -> dict[str, object]:
    """Returns the report as plain values."""
    required = [use for use in report.terms if use.required]
    return {
        "rows": report.n_rows,
        "required": sum(use.n_segments for use in required),
        "used": sum(use.n_used for use in required),
        "missed": sum(use.n_missed for use in required),
        "preferred_missed": sum(use.n_missed for use in report.terms if not use.required),
        "forbidden_used": sum(sum(use.forbidden.values()) for use in report.terms),
        "success": report.success,
        "success_by_occurrence": report.success_by_occurrence,
        "consistency_in_documents": report.consistency_in_documents,
        "consistency_across_documents": report.consistency_across_documents,
        "terms": [_use_to_json(use) for use in report.terms],
        "misses": [_miss_to_json(miss) for miss in report.misses],
    }


def _use_to_json(use: TermStatistics) -> dict[str, object]:
    return {
        "source": use.source,
        "targets": list(use.targets),
        "required": use.required,
        "times": use.n_times,
        "segments": use.n_segments,
        "used": use.n_used,
        "missed": use.n_missed,
        "forbidden": dict(use.forbidden),
        "targets_used": dict(use.used),
        "mixed_in": list(use.mixed_in),
    }


def _miss_to_json(miss: Miss) -> dict[str, object]:
    return {
        "term": miss.term,
        "targets": list(miss.targets),
        "required": miss.required,
        "missed": miss.missed,
        "forbidden": list(miss.forbidden),
        "document": miss.row.document,
        "place": miss.row.place,
        "source": miss.row.source,
        "target": miss.row.target,
    }
