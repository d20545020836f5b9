"""From options to a run that is ready to start: everything is looked up, loaded and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from batchtx import __version__
from batchtx.config import RunConfig, available_cores, default_memory
from batchtx.engines import find_engine
from batchtx.engines.identity import Identity, describe_engine
from batchtx.errors import ConfigError
from batchtx.executors import REMOTE, build_executor
from batchtx.glossary.table import Glossary, load
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.language.pair import LanguagePair, find_pair
from batchtx.memory.store import Store
from batchtx.pipeline.jobs import JobPlan, check_side_files, plan_documents
from batchtx.pipeline.options import TranslateOptions
from batchtx.pipeline.run import Run
from batchtx.pipeline.scheduling import Workers
from batchtx.pipeline.shards import Shard
from batchtx.protocols import Executor
from batchtx.registry import unknown_message
from batchtx.report.report import N_WORST
from batchtx.report.save import is_page
from batchtx.review.formats import format_of_sheet
from batchtx.signature import signature
from batchtx.worker.worker import PIPELINE_REVISION, WorkSpec


@dataclass(frozen=True, slots=True)
class Ready:
    """What translates: a model with its languages, rules and glossary, looked up and checked."""

    spec: WorkSpec
    pair: LanguagePair
    glossary: Glossary
    identity: Identity

    @property
    def memory_signature(self) -> str:
        """Engine, model and steps: what a remembered segment depends on."""
        return signature(_parts(self.identity, self.spec.rules))


def make_ready(options: TranslateOptions) -> Ready:
    """Looks up engine, model, languages and glossary, whatever is to be translated.

    Raises:
        ConfigError, ModelError, GlossaryError: an option names what is not there.
    """
    if options.output == Path("-") and options.stdout is None:
        raise ConfigError("standard output (-o -) is closed")
    identity = describe_engine(options.engine)
    spec = replace(
        options.engine,
        source_language=identity.source_language,
        target_language=identity.target_language,
        max_batch=options.engine.max_batch or find_engine(options.engine.engine).max_batch,
    )
    pair = find_pair(identity.source_language, identity.target_language)
    work = WorkSpec(
        spec, identity.source_language, identity.target_language, rules=chosen_rules(options.rules, pair)
    )
    return Ready(work, pair, _glossary(options, pair), identity)


def set_up(options: TranslateOptions) -> tuple[Run, JobPlan]:
    """Puts together the run that the options describe, and its documents.

    Raises:
        ConfigError, ModelError, GlossaryError: an option names what is not there.
    """
    ready = make_ready(options)
    target = ready.identity.target_language
    options, plan = _plan(options, target)
    config = _config(options, plan)
    _check_side_files(options, config, plan)
    return assemble_run(ready, options, config, _executor(options, config.workers)), plan


def assemble_run(ready: Ready, options: TranslateOptions, config: RunConfig, executor: Executor) -> Run:
    """Puts a run together from what is ready; `executor` does what the memory does not know."""
    return Run(
        config=config,
        options=options.formats,
        pair=ready.pair,
        unknown=Workers(ready.spec, executor, ready.identity.model if options.executor in REMOTE else ""),
        glossary=ready.glossary,
        rules=ready.spec.kinds,
        shard=options.shard,
        memory_signature=ready.memory_signature,
        full_signature=signature(_full_parts(ready, options)),
        stdout=options.stdout,
    )


def _plan(options: TranslateOptions, language: str) -> tuple[TranslateOptions, JobPlan]:
    """The documents of the run, or of its part; the sheet of a part has a name of its own.

    Of one folder the files of other parts are not even listed: a part of ten million documents is small.

    Raises:
        ConfigError: an input or an output is wrong, or `options.shard` is no part.
    """
    shard = Shard.parse(options.shard) if options.shard else None
    walk = shard.has if shard is not None and len(options.inputs) == 1 else None
    wanted = (options.inputs, options.output, options.format, language, options.stdin)
    plan = plan_documents(*wanted, convert=options.convert, mine=walk)
    if shard is None:
        return options, plan
    jobs = plan.jobs if walk and Path(options.inputs[0]).is_dir() else tuple(shard.take(plan.jobs))
    notes = (*plan.notes, f"shard {shard}: {len(jobs):,} documents")
    sheet = options.sheet and shard.named(options.sheet)
    return replace(options, sheet=sheet), JobPlan(jobs, notes, plan.sheet and shard.named(plan.sheet))


def side_files(options: TranslateOptions, here: Path) -> TranslateOptions:
    """Returns the options with names of reports and memory that other parts of the run do not have.

    Raises:
        ConfigError: `options.shard` is no part.
    """
    if not options.shard:
        return options
    shard = Shard.parse(options.shard)
    memory = options.memory or shard.named(default_memory(here))
    return replace(options, memory=memory, reports=tuple(map(shard.named, options.reports)))


def _executor(options: TranslateOptions, n_workers: int) -> Executor:
    if options.executor in REMOTE:
        n_workers = options.workers or 0  # a cluster knows itself how many it has
    return build_executor(options.executor, n_workers, options.worker_timeout_s, options.address)


def chosen_rules(wanted: str, pair: LanguagePair) -> tuple[str, ...] | None:
    """Returns the kinds of rules that `--rules` names: all (None), none, or some, parted by commas.

    Raises:
        ConfigError: the pair of languages has no such kind.
    """
    if wanted in ("all", "none"):
        return None if wanted == "all" else ()
    names = [name.strip() for name in wanted.split(",")]
    for name in names:
        if name not in pair.rules.kinds:
            raise ConfigError(unknown_message("rule", name, [*pair.rules.kinds, "all", "none"]))
    return tuple(name for name in pair.rules.kinds if name in names)


def open_store(options: TranslateOptions, here: Path) -> Store:
    """Opens the memory that the options name; `here` is the folder of the project, or below it."""
    if not options.remember:
        return Store(None)
    return Store(options.memory or default_memory(here))


def _glossary(options: TranslateOptions, pair: LanguagePair) -> Glossary:
    if options.domains and not options.glossaries:
        raise ConfigError("--domain chooses among the entries of a glossary; name one with --glossary")
    if not options.glossaries:
        return Glossary()
    return load(options.glossaries, options.domains, options.glossary_mode, pair)


def _config(options: TranslateOptions, plan: JobPlan) -> RunConfig:
    return RunConfig(
        workers=options.workers or available_cores(),
        glossaries=options.glossaries,
        domains=options.domains,
        glossary_mode=options.glossary_mode,
        sheet=options.sheet or plan.sheet if options.with_sheet else None,
        sheet_order=options.sheet_order,
        sheet_rows=options.sheet_rows,
        sheet_repeats=options.sheet_repeats,
        sheet_per=options.sheet_per,
        sheet_max_rows=options.sheet_max_rows,
        fail_on=options.fail_on,
        force=options.force,
        bilingual=options.bilingual,
        n_worst=N_WORST if any(map(is_page, options.reports)) else 0,
        coverage=options.coverage or bool(options.reports),
    )


def _check_side_files(options: TranslateOptions, config: RunConfig, plan: JobPlan) -> None:
    """Tells what is wrong with the other files of a run now, not when all is translated."""
    files: dict[str, Path | None] = {"--sheet": config.sheet, "--memory": options.memory}
    reports = {"--report" if n == 1 else f"--report ({n})": path for n, path in enumerate(options.reports, 1)}
    check_side_files(plan.jobs, files | reports)
    if config.sheet is not None:
        format_of_sheet(config.sheet)


def _parts(identity: Identity, rules: tuple[str, ...] | None) -> Mapping[str, str]:
    """What a remembered segment depends on; the usual languages are not named, as they never were."""
    languages = f"{identity.source_language}-{identity.target_language}"
    return {
        "languages": "" if languages == f"{DEFAULT_SOURCE}-{DEFAULT_TARGET}" else languages,
        "engine": identity.engine,
        "model": identity.model,
        "decode": identity.decoding,
        "steps": f"r{PIPELINE_REVISION}",
        **({} if rules is None else {"rules": ",".join(rules)}),
    }


def _full_parts(ready: Ready, options: TranslateOptions) -> Mapping[str, str]:
    """What an output depends on."""
    further = {"glossary": ready.glossary.hash, "format": str(options.formats), "batchtx": __version__}
    return {**_parts(ready.identity, ready.spec.rules), **further}
