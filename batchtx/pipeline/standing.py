"""What the memory knows to stand in the document of a sheet, place by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from batchtx.glossary.matcher import Matcher
from batchtx.glossary.table import Glossary
from batchtx.memory.lookup import Lookup
from batchtx.memory.store import Store, path_key
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.run_plan import RunPlan
from batchtx.records import Segment, Translation

_AT_ONCE = 256


def standing(
    segments: Iterable[Segment], store: Store, plan: RunPlan, job: Job, glossary: Glossary
) -> Iterator[tuple[Segment, Translation | None]]:
    """Yields each segment with its translation in the output of the job, None where the memory knows of
    none.
    """
    outputs = {job.name: path_key(job.output)} if job.output is not None else {}
    lookup = Lookup(store, plan.memory_signature, -1, plan.pair, outputs, kinds=plan.rules)
    matcher = Matcher(glossary)
    left = iter(segments)
    while batch := list(islice(left, _AT_ONCE)):
        seen = [replace(segment, terms=matcher.find_terms(segment.source)) for segment in batch]
        yield from zip(seen, lookup.find(seen, [lookup.key(one) for one in seen]), strict=True)
