"""`--dry-run`: reads and looks up everything, translates nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from batchtx.files import file_hash
from batchtx.formats import open_document
from batchtx.glossary.matcher import Matcher
from batchtx.memory.lookup import Lookup
from batchtx.memory.store import Store
from batchtx.messages import told
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.reading import DocumentEnd, DocumentStart, read_documents
from batchtx.pipeline.run import Run
from batchtx.pipeline.scheduling import prepared
from batchtx.pipeline.snapshots import Snapshot
from batchtx.pipeline.writing import edited_reason, wanted_state
from batchtx.records import Problem, Segment
from batchtx.text.scripts import count_words

_WORDS_PER_S = 700.0
"""Source words a second that one worker does on documents, second attempts counted (58 Chinese ones with the
shipped student on a busy machine); on sentences that need none twice as many (`batchtx bench throughput`)."""

_LEAST_WORDS = 1000
"""A run with fewer new words says little of the speed: it was all start-up."""


@dataclass(slots=True)
class Estimate:
    """What a run would do, as lines to show; `n_failed` documents could not be read."""

    lines: list[str] = field(default_factory=list)
    n_failed: int = 0


def estimate(run: Run, jobs: Sequence[Job], store: Store) -> Estimate:
    """Documents, segments by state, characters, and the time that it would take."""
    lookup = Lookup(store, run.memory_signature, 0, run.pair, kinds=run.rules)
    matcher = Matcher(run.glossary) if run.glossary.entries else None
    pair = run.pair
    items = read_documents(jobs, lambda job: open_document(job.format, job.source, run.options, pair), pair)
    result = Estimate()
    totals: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    seen: set[bytes] = set()
    for item in prepared(items, matcher, pair, run.rules):
        if isinstance(item, DocumentStart):
            counts = Counter()
        elif isinstance(item, Problem):
            counts["unreadable"] += 1
        elif isinstance(item, Segment):
            _count(item, lookup, seen, counts)
        elif isinstance(item, DocumentEnd):
            totals += counts
            totals["documents"] += 1
            result.n_failed += item.error is not None
            result.lines.append(_line(item, counts, _is_up_to_date(run, store, item.job)))
            result.lines += _edited(run, store, item.job)
    result.lines += _totals(totals, _speed(run, store), run.config.workers)
    return result


def _totals(totals: Counter[str], words_per_s: float | None, workers: int) -> list[str]:
    n_documents, n_segments, n_characters = (totals[name] for name in ("documents", "segments", "characters"))
    seconds = totals["new words"] / (words_per_s or _WORDS_PER_S * workers)
    pace = "at the speed of the last run" if words_per_s else f"with {workers} workers"
    n_new, n_words, duration = totals["new"], totals["new words"], _duration(seconds)
    return [
        f"total: {n_documents:,} documents, {n_segments:,} segments, {n_characters:,} characters",
        f"to translate: {n_new:,} segments, {n_words:,} words, about {duration} ({pace})",
    ]


def _speed(run: Run, store: Store) -> float | None:
    """Words a second of the newest run with these settings that translated enough to tell."""
    for text in store.reports(run.full_signature):
        report = json.loads(text)
        n_all, n_new = sum(report["segments"].values()), report["segments"].get("mt", 0)
        if report["words"] * n_new >= _LEAST_WORDS * n_all and report["words_per_s"]:
            return float(report["words_per_s"] * n_new / n_all)
    return None


def _is_up_to_date(run: Run, store: Store, job: Job) -> bool:
    if job.output is None:
        return False
    source = Snapshot.of(job.source.path, store.newest_correction())
    return wanted_state(run.full_signature, source, job.output).up_to_date(store.output_state(job.output))


def _edited(run: Run, store: Store, job: Job) -> list[str]:
    """What keeps a run from writing the output, if anything does."""
    known = store.output_state(job.output) if job.output is not None else None
    there = file_hash(job.output) if job.output is not None else ""
    if run.config.force or not there or (known is not None and known.output_hash == there):
        return []
    return [f"  {job.output} {edited_reason(job, known)}, or overwrite it with --force"]


def _count(segment: Segment, lookup: Lookup, seen: set[bytes], counts: Counter[str]) -> None:
    counts["segments"] += 1
    counts["characters"] += len(segment.source)
    key = lookup.key(segment)
    (known,) = lookup.find([segment], [key])
    if known is not None:
        counts[known.origin] += 1
    elif key in seen:
        counts["repeat"] += 1
    else:
        seen.add(key)
        counts["new"] += 1
        counts["new words"] += count_words(segment.source)


def _line(end: DocumentEnd, counts: Counter[str], up_to_date: bool) -> str:
    if end.error is not None:
        return str(end.error)
    named = ("new", "repeat", "memory", "phrasebook", "human", "copied", "unreadable")
    found = (f"{counts[name]:,} {told(name, context='state')}" for name in named if counts[name])
    states = "up to date" if up_to_date else ", ".join(found) or "nothing to do"
    n_segments = counts["segments"]
    return f"{end.job.name} → {end.job.output or '-'}: {n_segments:,} segments ({states})"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
