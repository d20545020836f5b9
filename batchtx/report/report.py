"""The outcome of a run: counted while it goes, one summary and one exit code at the end."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from batchtx.cells import display_width
from batchtx.messages import told
from batchtx.records import ORIGINS, SEVERITIES, Problem, Severity, Translation
from batchtx.text.scripts import count_words

MAX_PROBLEMS = 1000
"""A document's report names at most so many unreadable places: memory stays flat."""

REPORT_FORMAT = 1
"""Version of the JSON report; docs/report.md describes it."""

N_WORST = 50
"""So many of the most doubtful segments stand in a report page; the review sheet has all."""

N_SCORE_BINS = 20
"""Scores are counted in so many equal steps from 0 to 1."""

DocumentState = Literal["written", "up_to_date", "failed", "not_reached"]


@dataclass(slots=True)
class DocumentReport:
    """What became of one document. `error` is set when its state is "failed"."""

    name: str
    output: str
    state: DocumentState = "not_reached"
    error: str = ""
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    origins: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    n_words: int = 0

    def count(self, translation: Translation) -> None:
        """Counts one segment."""
        self.origins[translation.origin] += 1
        self.n_words += count_words(translation.segment.source)
        if translation.score is not None:
            self.scores[min(N_SCORE_BINS - 1, int(translation.score * N_SCORE_BINS))] += 1
        for flag in translation.flags:
            self.count_flags(flag.check, flag.severity, 1)

    def count_flags(self, check: str, severity: Severity, count: int) -> None:
        """Counts flags of one check."""
        self.severities[severity] += count
        self.checks[check] += count

    def count_problem(self, problem: Problem) -> None:
        """Counts a place that could not be read: it is one failed segment."""
        self.origins["failed"] += 1
        self.severities["critical"] += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"{problem.place}: {problem.message}")
        elif len(self.problems) == MAX_PROBLEMS:
            self.problems.append(f"more than {MAX_PROBLEMS:,} such places; all are counted as failed")


@dataclass(frozen=True, slots=True)
class DoubtfulRow:
    """A row of the sheet by column, and the words of source and translation that its flags point at."""

    cells: Mapping[str, str]
    source_words: tuple[str, ...] = ()
    target_words: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """A run. `exit_code` follows docs/architecture.md, "Errors and exit codes"."""

    signature: str
    documents: list[DocumentReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """What went wrong beside the documents, and must not be missed: a sheet that could not be written."""

    sheets: list[str] = field(default_factory=list)
    worst: list[DoubtfulRow] = field(default_factory=list)
    """The most doubtful segments; not in the JSON."""

    interrupted: bool = False
    failure: str = ""
    """Why the run as a whole broke off: no engine, no memory."""

    shard: str = ""
    """Which part of a larger run it is ("2/8"); "": the whole."""

    languages: tuple[str, str] = ("", "")
    """Source and target, as in BCP 47; "" where nobody said."""

    fail_on: Severity | None = None
    started_at: float = field(default_factory=time.time)
    elapsed_s: float = 0.0
    first_translation_s: float | None = None
    peak_parent_bytes: int = 0
    peak_worker_bytes: int = 0

    @property
    def origins(self) -> Counter[str]:
        """Segments by state, over all documents."""
        return sum((document.origins for document in self.documents), Counter[str]())

    @property
    def checks(self) -> Counter[str]:
        """Flags by check, over all documents."""
        return sum((document.checks for document in self.documents), Counter[str]())

    @property
    def scores(self) -> list[int]:
        """How many segments have a score in each step from 0 to 1."""
        counts = sum((document.scores for document in self.documents), Counter[int]())
        return [counts[step] for step in range(N_SCORE_BINS)]

    @property
    def severities(self) -> Counter[str]:
        """Flags by severity, over all documents."""
        return sum((document.severities for document in self.documents), Counter[str]())

    @property
    def n_words(self) -> int:
        """Source words in all documents."""
        return sum(document.n_words for document in self.documents)

    @property
    def exit_code(self) -> int:
        """0 all written · 1 something failed or a flag reached `fail_on` · 3 nothing could be done ·
        130 interrupted."""
        if self.interrupted:
            return 130
        if self.failure:
            return 3
        if self.shard and not self.documents:  # a part may be empty
            return 0
        failed = [document for document in self.documents if document.state == "failed"]
        if len(failed) == len(self.documents):  # all, or there were none
            return 3
        if failed or self.troubles or self.origins["failed"] or self._reached_fail_on():
            return 1
        return 0

    def _reached_fail_on(self) -> bool:
        if self.fail_on is None:
            return False
        levels = SEVERITIES[SEVERITIES.index(self.fail_on) :]
        return any(self.severities[level] for level in levels)

    def to_json(self) -> str:
        """Returns the report as JSON text; stable keys, see REPORT_FORMAT."""
        return json.dumps(self._facts(), ensure_ascii=False, indent=2) + "\n"

    def _facts(self) -> dict[str, Any]:
        return {
            "format": REPORT_FORMAT,
            "signature": self.signature,
            "shard": self.shard,
            "exit_code": self.exit_code,
            "interrupted": self.interrupted,
            "failure": self.failure,
            "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.started_at)),
            "elapsed_s": round(self.elapsed_s, 3),
            "first_translation_s": _rounded(self.first_translation_s),
            "segments": _in_order(self.origins, ORIGINS),
            "words": self.n_words,
            "words_per_s": _rounded(self.n_words / self.elapsed_s if self.elapsed_s else None),
            "flags": _in_order(self.severities, SEVERITIES),
            "scores": self.scores,
            "peak_memory_bytes": {"parent": self.peak_parent_bytes, "worker": self.peak_worker_bytes},
            "sheet": self.sheets[0] if self.sheets else "",
            "sheets": self.sheets,
            "troubles": self.troubles,
            "notes": self.notes,
            "documents": [
                {
                    "name": document.name,
                    "output": document.output,
                    "state": document.state,
                    "error": document.error,
                    "segments": _in_order(document.origins, ORIGINS),
                    "words": document.n_words,
                    "flags": _in_order(document.severities, SEVERITIES),
                    "checks": dict(sorted(document.checks.items())),
                    "problems": document.problems,
                    "notes": document.notes,
                }
                for document in self.documents
            ],
        }

    def summary(self) -> list[str]:
        """Returns the lines that a person reads at the end of a run, in that person's language."""
        states = Counter(document.state.replace("_", " ") for document in self.documents)
        origins = {name: self.origins[name] for name in ORIGINS if self.origins[name]}
        flags = {name: self.severities[name] for name in reversed(SEVERITIES) if self.severities[name]}
        time_s, words = f"{self.elapsed_s:.1f}", f"{self.n_words:,}"
        spent = told(f"{time_s} s for {words} source words")
        if self.elapsed_s:
            speed = f"{self.n_words / self.elapsed_s:,.0f}"
            spent = told(f"{time_s} s for {words} source words, {speed} words/s")
        lines = [
            _row(told("documents"), _listed(states)),
            _row(told("segments"), _listed(origins)),
            _row(told("time"), spent),
            _row(told("flags"), _listed(flags)),
        ]
        if self.sheets:
            more = told(f" and {len(self.sheets) - 1} more files") if len(self.sheets) > 1 else ""
            lines.append(_row(told("review"), f"{self.sheets[0]}{more}"))
        return lines


def _row(head: str, text: str) -> str:
    """A line of the summary; heads of Han characters are as wide as they look."""
    return f"{head}{' ' * max(1, 11 - display_width(head))}{text}"


def _listed(counts: Mapping[Any, int]) -> str:
    named = (f"{count:,} {told(name, context='state')}" for name, count in counts.items())
    return ", ".join(named) or told("none")


def _in_order(counts: Counter[str], names: tuple[str, ...]) -> dict[str, int]:
    return {name: counts[name] for name in names}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
