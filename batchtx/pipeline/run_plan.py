"""How a run read its documents, kept in the memory so that `apply` can read them the same way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from os.path import realpath
from pathlib import Path
from typing import Any

from batchtx.errors import BatchtxError
from batchtx.formats import FORMATS, choices_from_facts
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.glossary.matcher import Matcher
from batchtx.glossary.table import Glossary, load
from batchtx.language.pair import LanguagePair, find_pair
from batchtx.memory.lookup import Lookup
from batchtx.memory.store import Store
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.person_names import know_persons
from batchtx.records import GlossaryMode, Segment, Translation


@dataclass(frozen=True, slots=True)
class RunPlan:
    """The documents of a run and everything that their segments and keys depend on."""

    jobs: tuple[Job, ...]
    options: FormatChoices
    glossaries: tuple[str, ...]
    domains: tuple[str, ...]
    glossary_mode: GlossaryMode
    memory_signature: str
    full_signature: str
    source_language: str
    target_language: str
    rules: tuple[str, ...] = ()
    """The kinds of rules that held."""

    sheet: str = ""
    """The review sheet, "" without one."""

    def to_json(self) -> str:
        """Returns the plan as text for the memory file; documents from standard input are left out."""
        jobs = [
            [job.name, _to_text(job.source.path), _to_text(job.output), job.format]
            for job in self.jobs
            if job.source.path is not None and job.output is not None
        ]
        facts = {
            "jobs": jobs,
            "options": self.options.facts(),
            "glossaries": [_to_text(path) for path in self.glossaries],
            "domains": self.domains,
            "glossary_mode": self.glossary_mode,
            "memory_signature": self.memory_signature,
            "full_signature": self.full_signature,
            "source_language": self.source_language,
            "target_language": self.target_language,
            "rules": self.rules,
            "sheet": _to_text(self.sheet) if self.sheet else "",
        }
        return json.dumps(facts)  # ASCII: a file name may hold bytes that are no UTF-8

    @staticmethod
    def from_json(text: str) -> RunPlan:
        """Returns the plan that `to_json` wrote."""
        facts = json.loads(text)
        return RunPlan(
            jobs=tuple(
                Job(Source(name, path=Path(_from_text(source))), format_name, Path(_from_text(output)))
                for name, source, output, format_name in facts["jobs"]
            ),
            options=_choices(facts["options"]),
            glossaries=tuple(map(_from_text, facts["glossaries"])),
            domains=tuple(facts.get("domains", ())),
            glossary_mode=facts.get("glossary_mode", "require"),
            memory_signature=facts["memory_signature"],
            full_signature=facts["full_signature"],
            source_language=facts["source_language"],
            target_language=facts["target_language"],
            rules=tuple(facts.get("rules", ())),
            sheet=_from_text(facts.get("sheet", "")),
        )

    @property
    def pair(self) -> LanguagePair:
        """The languages of the run."""
        return find_pair(self.source_language, self.target_language)

    def within(self, folder: Path) -> RunPlan:
        """Returns the plan with the jobs alone whose output stands in a folder."""
        here = realpath(folder)
        mine = (job for job in self.jobs if job.output is not None and realpath(job.output.parent) == here)
        return replace(self, jobs=tuple(mine))

    def wrote(self, sheet: Path) -> bool:
        """Returns whether the sheet may be one of this run: it may have got a number, or another suffix
        since.
        """
        mine = Path(self.sheet)
        same_folder = realpath(sheet.parent) == str(mine.parent)
        return bool(self.sheet) and same_folder and sheet.name.startswith(mine.stem)

    @property
    def is_base(self) -> bool:
        """Whether sheets go back to this run: a model made it, and it can be repeated as it was.

        Earlier versions kept the runs of `apply` as if they were such, but without the glossaries.
        """
        forgot = not self.glossaries and "|glossary:" in self.full_signature
        return not forgot


def _to_text(path: Path | str) -> str:
    """An absolute path as text that means the same bytes in every locale."""
    return os.fsencode(realpath(path)).decode("utf-8", "surrogateescape")


def _from_text(text: str) -> str:
    """The inverse of `_to_text`, as this locale spells the bytes."""
    return os.fsdecode(text.encode("utf-8", "surrogateescape"))


def base_of(plans: Sequence[RunPlan], sheets: Sequence[Path], document: str) -> tuple[RunPlan, Job] | None:
    """Returns the run whose translation of `document` the sheets correct, and its job.

    Of several (`plans` has the newest first) the one that wrote a sheet here counts, else one that read
    the very file of this name as seen from here, else the newest.
    """
    found = [(plan, job) for plan in plans if plan.is_base for job in plan.jobs if job.name == document]
    here = realpath(_from_text(document))
    return min(
        found,
        key=lambda one: (not any(map(one[0].wrote, sheets)), str(one[1].source.path) != here),
        default=None,
    )


def remembered(segments: Sequence[Segment], store: Store) -> tuple[list[Translation], list[str]]:
    """Returns what the memory knows of segments, whatever run made it (the newest counts), and what it cannot
    tell.

    Segments without anything to translate and unknown ones are left out.
    """
    unknown = list(segments)
    known: list[Translation] = []
    problems: list[str] = []
    for plan in _different(map(RunPlan.from_json, store.plans())):
        try:
            glossary = load(plan.glossaries, plan.domains, plan.glossary_mode, plan.pair)
        except BatchtxError as error:
            problems.append(f"translations with it are not looked up in the memory: {error}")
            glossary = Glossary()
        matcher = Matcher(glossary)
        named = know_persons(unknown, plan.pair, wanted="persons" in plan.rules)
        seen = [replace(s, terms=matcher.find_terms(s.source)) for s in named if isinstance(s, Segment)]
        lookup = Lookup(store, plan.memory_signature, -1, plan.pair, kinds=plan.rules)
        found = lookup.find(seen, [lookup.key(segment) for segment in seen])
        known += [one for one in found if one is not None and one.origin != "copied"]
        unknown = [segment for segment, one in zip(unknown, found, strict=True) if one is None]
    return known, problems


def _different(plans: Iterable[RunPlan]) -> Iterator[RunPlan]:
    """The newest of the plans under which segments have the same keys."""
    seen = set()
    for plan in plans:
        key = (plan.memory_signature, plan.glossaries, plan.domains, plan.glossary_mode)
        if key not in seen:
            seen.add(key)
            yield plan


def _choices(facts: dict[str, Any]) -> FormatChoices:
    """The options of formats; earlier versions kept one flat record for all of them."""
    if "encoding" in facts:
        flat = {**facts, "wrapped": facts.get("txt_wrapped", False)}
        return choices_from_facts(dict.fromkeys(FORMATS, flat))
    return choices_from_facts(facts)
