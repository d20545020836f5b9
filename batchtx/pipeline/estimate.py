"""`--dry-run`: reads and looks up everything, translates nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from batchtx.formats import open_document
from batchtx.glossary.matcher import Matcher
from batchtx.memory.store import Store
from batchtx.pipeline.documents import Job
from batchtx.pipeline.reading import DocumentEnd, DocumentStart, read_documents
from batchtx.pipeline.recall import Recall
from batchtx.pipeline.rooms import find_terms
from batchtx.pipeline.run import Run
from batchtx.records import Problem, Segment
from batchtx.text.scripts import count_words

WORDS_PER_S_PER_WORKER = 250.0
"""Source words a second that one worker does with the shipped student; `batchtx bench` measures it."""


def estimate(run: Run, jobs: Sequence[Job], store: Store) -> Iterator[str]:
    """Lines that say what a run would do: documents, segments by state, characters, time."""
    recall = Recall(store, run.memory_signature, 0, run.spec.source_language)
    matcher = Matcher(run.glossary) if run.glossary.entries else None
    items = read_documents(jobs, lambda job: open_document(job.format, job.source, run.options))
    totals: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    seen: set[bytes] = set()
    for item in find_terms(items, matcher):
        if isinstance(item, DocumentStart):
            counts = Counter()
        elif isinstance(item, Problem):
            counts["unreadable"] += 1
        elif isinstance(item, Segment):
            _count(item, recall, seen, counts)
        elif isinstance(item, DocumentEnd):
            totals += counts
            totals["documents"] += 1
            yield _line(item, counts)
    n_new_words = totals["new words"]
    seconds = n_new_words / (WORDS_PER_S_PER_WORKER * run.config.workers)
    sizes = (f"{totals[name]:,} {name}" for name in ("documents", "segments", "characters"))
    yield f"total: {', '.join(sizes)}"
    new = f"{totals['new']:,} segments, {n_new_words:,} words"
    yield f"to translate: {new}, about {_duration(seconds)} with {run.config.workers} workers"


def _count(segment: Segment, recall: Recall, seen: set[bytes], counts: Counter[str]) -> None:
    counts["segments"] += 1
    counts["characters"] += len(segment.source)
    key = recall.key(segment)
    (known,) = recall.find([segment], [key])
    if known is not None:
        counts[known.origin] += 1
    elif key in seen:
        counts["repeat"] += 1
    else:
        seen.add(key)
        counts["new"] += 1
        counts["new words"] += count_words(segment.source)


def _line(end: DocumentEnd, counts: Counter[str]) -> str:
    if end.error is not None:
        return str(end.error)
    named = ("new", "repeat", "memory", "human", "copied", "unreadable")
    states = ", ".join(f"{counts[name]:,} {name}" for name in named if counts[name])
    way = f"{end.job.name} → {end.job.output or '-'}"
    return f"{way}: {counts['segments']:,} segments ({states or 'nothing to do'})"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
