"""Term candidates of documents as a glossary to be filled in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from batchtx.errors import GlossaryError
from batchtx.glossary.candidates import Candidate, find_candidates
from batchtx.glossary.evidence import EvidenceCorpus, TermEvidence, find_target
from batchtx.glossary.fold import fold
from batchtx.glossary.term_report import Translated
from batchtx.text.scripts import count_han

_HEADER = ("source", "target", "note", "dnt", "frequency", "documents", "example")
_MAX_EXAMPLE = 80


@dataclass(frozen=True, slots=True)
class MinedTerm:
    """A candidate and, where finished translations leave no doubt, its target so far."""

    candidate: Candidate
    evidence: TermEvidence | None


def mine(
    segments: Iterable[tuple[str, str]],
    translated: Sequence[Translated],
    *,
    min_frequency: int = 3,
    known: Iterable[str] = (),
) -> list[MinedTerm]:
    """Terms of (document, source) pairs, the strongest first; those in `known` are left out."""
    left_out = {fold(source) for source in known}
    candidates = [c for c in find_candidates(segments, min_frequency) if fold(c.source) not in left_out]
    if not translated:
        return [MinedTerm(candidate, None) for candidate in candidates]
    corpus = EvidenceCorpus(translated, [*(candidate.source for candidate in candidates), *known])
    return [MinedTerm(candidate, find_target(corpus, candidate.source)) for candidate in candidates]


def write_mined(path: Path, terms: Sequence[MinedTerm]) -> None:
    """Writes terms as a CSV that `--glossary` reads once the column `target` is filled in."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(_cells(term) for term in terms)
    try:
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise GlossaryError(str(path), f"cannot be written: {error.strerror or error}") from error


def _cells(term: MinedTerm) -> list[str]:
    candidate, evidence = term.candidate, term.evidence
    unchanged = evidence is not None and not count_han(candidate.source)
    return [
        candidate.source,
        evidence.target if evidence else "",
        evidence.reason if evidence else "",
        "yes" if unchanged else "",
        str(candidate.frequency),
        str(candidate.n_documents),
        f"“{_around(candidate.example, candidate.source)}”",  # quoted: a spreadsheet runs no formula
    ]


def _around(text: str, term: str) -> str:
    """The text cut to the surroundings of the term."""
    flat = " ".join(text.split())
    if len(flat) <= _MAX_EXAMPLE:
        return flat
    start = max(0, flat.find(term) - _MAX_EXAMPLE // 2)
    end = start + _MAX_EXAMPLE
    return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"
