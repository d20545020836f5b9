"""How a run read its documents, kept in the memory so that `apply` can read them the same way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from batchtx.formats.source import FormatOptions, Limits, Source
from batchtx.pipeline.documents import Job
from batchtx.records import GlossaryMode


@dataclass(frozen=True, slots=True)
class RunPlan:
    """The documents of a run and everything that their segments and keys depend on."""

    jobs: tuple[Job, ...]
    options: FormatOptions
    glossaries: tuple[str, ...]
    domains: tuple[str, ...]
    glossary_mode: GlossaryMode
    memory_signature: str
    full_signature: str
    source_language: str
    target_language: str
    spaced: bool

    def to_json(self) -> str:
        """As text for the memory file; documents from standard input are left out."""
        jobs = [
            [job.name, str(job.source.path.resolve()), str(job.output.resolve()), job.format]
            for job in self.jobs
            if job.source.path is not None and job.output is not None
        ]
        facts = {
            "jobs": jobs,
            "options": asdict(self.options),
            "glossaries": [str(Path(path).resolve()) for path in self.glossaries],
            "domains": self.domains,
            "glossary_mode": self.glossary_mode,
            "memory_signature": self.memory_signature,
            "full_signature": self.full_signature,
            "source_language": self.source_language,
            "target_language": self.target_language,
            "spaced": self.spaced,
        }
        return json.dumps(facts)  # ASCII: a file name may hold bytes that are no UTF-8

    @staticmethod
    def from_json(text: str) -> RunPlan:
        """The plan that `to_json` wrote."""
        facts = json.loads(text)
        options = {**facts["options"], "fields": tuple(facts["options"]["fields"])}
        options["limits"] = Limits(**options["limits"])
        return RunPlan(
            jobs=tuple(
                Job(Source(name, path=Path(source)), format_name, Path(output))
                for name, source, output, format_name in facts["jobs"]
            ),
            options=FormatOptions(**options),
            glossaries=tuple(facts["glossaries"]),
            domains=tuple(facts.get("domains", ())),
            glossary_mode=facts.get("glossary_mode", "require"),
            memory_signature=facts["memory_signature"],
            full_signature=facts["full_signature"],
            source_language=facts["source_language"],
            target_language=facts["target_language"],
            spaced=facts["spaced"],
        )


def newest_plan(plans: Sequence[RunPlan], document: str) -> tuple[RunPlan, Job] | None:
    """The newest run that translated `document`, and its job; `plans` are newest first."""
    for plan in plans:
        for job in plan.jobs:
            if job.name == document:
                return plan, job
    return None
