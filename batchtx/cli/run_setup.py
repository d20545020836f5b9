"""From the options of the command line to a Run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from batchtx import __version__
from batchtx.config import RunConfig, available_cores, default_memory
from batchtx.engines.identity import describe_engine
from batchtx.engines.spec import EngineSpec
from batchtx.errors import ConfigError
from batchtx.executors.local import LocalExecutor
from batchtx.formats.docx.switches import switched
from batchtx.formats.encodings import named_encoding
from batchtx.formats.jsonl import read_fields
from batchtx.formats.source import MIB, FormatOptions, Limits
from batchtx.glossary.table import Glossary, load
from batchtx.memory.store import Store
from batchtx.pipeline.jobs import JobPlan, check_side_files, plan_documents
from batchtx.pipeline.run import Run
from batchtx.report.report import N_WORST
from batchtx.report.save import is_page
from batchtx.review.formats import format_of_sheet
from batchtx.signature import signature
from batchtx.translate.worker import PIPELINE_REVISION, WorkSpec

_WITHOUT_SPACES = frozenset({"zh", "ja", "th"})


def set_up(inputs: Sequence[str], options: dict[str, Any]) -> tuple[Run, JobPlan]:
    """The run that the options describe, and its documents.

    Raises:
        ConfigError, ModelError, GlossaryError: an option names what is not there.
    """
    max_batch = 16 if options["engine"] == "torch" else 512
    spec = EngineSpec(
        engine=options["engine"],
        model=options["model"],
        quantize=options["quantize"],
        beam_size=options["beam_size"],
        max_batch=max_batch,
    )
    identity = describe_engine(spec)
    plan = plan_documents(inputs, options["output"], options["format"], identity.target_language)
    glossary = _glossary(options)
    format_options = make_format_options(options)
    config = make_config(options, plan)
    files = {"--sheet": config.sheet, "--memory": options["memory"]}
    reports = {"--report" if n == 1 else f"--report ({n})": p for n, p in enumerate(options["report"], 1)}
    check_side_files(plan.jobs, files | reports)
    if config.sheet is not None:
        format_of_sheet(config.sheet)  # told now, not when all is translated
    parts = {
        "engine": identity.engine,
        "model": identity.model,
        "decode": identity.decoding,
        "steps": f"r{PIPELINE_REVISION}",
    }
    changed = {name: value for name, value in _facts(format_options).items() if value}
    full = {**parts, "glossary": glossary.hash, "format": ",".join(f"{k}={v}" for k, v in changed.items())}
    run = Run(
        config=config,
        options=format_options,
        spec=WorkSpec(spec, identity.source_language, identity.target_language),
        executor=LocalExecutor(config.workers, config.worker_timeout_s),
        glossary=glossary,
        memory_signature=signature(parts),
        full_signature=signature({**full, "batchtx": __version__}),
        spaced=identity.target_language not in _WITHOUT_SPACES,
    )
    return run, plan


def _glossary(options: dict[str, Any]) -> Glossary:
    if options["domain"] and not options["glossary"]:
        raise ConfigError("--domain chooses among the entries of a glossary; name one with --glossary")
    if not options["glossary"]:
        return Glossary()
    return load(options["glossary"], options["domain"], options["glossary_mode"])


def make_config(options: dict[str, Any], plan: JobPlan) -> RunConfig:
    """The settings as one record."""
    return RunConfig(
        engine=options["engine"],
        model=options["model"],
        quantize=options["quantize"],
        workers=options["workers"] or available_cores(),
        worker_timeout_s=options["worker_timeout"],
        glossaries=tuple(options["glossary"]),
        domains=tuple(options["domain"]),
        glossary_mode=options["glossary_mode"],
        sheet=None if options["no_sheet"] else options["sheet"] or plan.sheet,
        sheet_order=options["sheet_order"],
        sheet_rows=options["sheet_rows"],
        sheet_per=options["sheet_per"],
        sheet_max_rows=options["sheet_max_rows"],
        fail_on=options["fail_on"],
        force=options["force"],
        bilingual=options["bilingual"],
        n_worst=N_WORST if any(is_page(path) for path in options["report"]) else 0,
    )


def make_format_options(options: dict[str, Any]) -> FormatOptions:
    """The choices that formats leave to the user. Raises ConfigError for those that make no sense."""
    choices = FormatOptions(
        encoding=options["encoding"],
        txt_wrapped=options["txt"] == "wrapped",
        fields=tuple(options["field"]),
        target_field=options["target_field"],
        revisions=options["revisions"],
        comments=options["comments"],
        hidden=options["hidden"],
        limits=_limits(options["max_size"] * MIB),
    )
    choices = switched(choices, options["docx_adjust"])
    read_fields(choices)
    if choices.encoding is not None:
        named_encoding(choices.encoding, b"")
    return choices


def _limits(max_total_bytes: int) -> Limits:
    """The largest part grows with the whole: a quarter of it, as in the defaults."""
    return Limits(max_total_bytes=max_total_bytes, max_part_bytes=max_total_bytes // 4)


def open_store(options: dict[str, Any]) -> Store:
    """The memory that the options name."""
    if options["no_memory"]:
        return Store(None)
    return Store(options["memory"] or default_memory(Path.cwd()))


def _facts(options: FormatOptions) -> dict[str, Any]:
    """The options that differ from the defaults, as they enter the signature."""
    defaults = FormatOptions()
    return {
        name: getattr(options, name)
        for name in FormatOptions.__slots__
        if name != "limits" and getattr(options, name) != getattr(defaults, name)
    }
